import { isUtf8 } from "node:buffer";
import { MIMEType } from "node:util";
import { errorCodes, type FastifyInstance, type FastifyRequest } from "fastify";

/** Makes the text of a request's body into what it stands for; throws an error of Fastify's where it stands for nothing. */
type ParseJson = (request: FastifyRequest, body: Buffer) => unknown;

/**
 * Hands bodies over as they came, up to the limit: a signature is checked before anything is parsed.
 * @returns what parses them: JSON in UTF-8 and nothing else
 */
export function takeRawBodies(app: FastifyInstance): ParseJson {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const parse = app.getDefaultJsonParser("error", "error");
  return (request, body) => {
    if (!isJson(request.headers["content-type"])) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
    if (!isUtf8(body)) throw new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY(); // else it would be read as U+FFFD
    const read: { error?: Error | null; value?: unknown } = {};
    // It calls back before it returns.
    void parse(request, body.toString("utf8"), (error, value: unknown) => Object.assign(read, { error, value }));
    if (read.error) throw read.error;
    return read.value;
  };
}

/** How nearly everybody writes it. */
const USUAL_TYPES = new Set(["application/json", "application/json; charset=utf-8"]);

/** Whether a content type is JSON in UTF-8; others, UTF-7 among them, say something else with the same bytes. */
function isJson(contentType: string | undefined): boolean {
  if (contentType !== undefined && USUAL_TYPES.has(contentType)) return true;
  try {
    const { essence, params } = new MIMEType(contentType ?? "");
    return essence === "application/json" && /^utf-?8$/i.test(params.get("charset") ?? "utf-8");
  } catch {
    return false;
  }
}
