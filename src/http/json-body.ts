import { isUtf8 } from "node:buffer";
import { MIMEType } from "node:util";
import { errorCodes, type FastifyInstance, type FastifyRequest } from "fastify";

/** Makes the text of a request's body into what it stands for. */
type ParseJson = (request: FastifyRequest, body: Buffer) => Promise<unknown>;

/**
 * Hands bodies over as they came, up to the limit: a signature is checked before anything is parsed.
 * @returns what parses them: JSON in UTF-8 and nothing else
 */
export function takeRawBodies(app: FastifyInstance): ParseJson {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const parse = app.getDefaultJsonParser("error", "error");
  return (request, body) =>
    new Promise((resolve, reject) => {
      if (!isJson(request.headers["content-type"])) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
      if (!isUtf8(body)) throw new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY(); // else it would be read as U+FFFD
      void parse(request, body.toString("utf8"), (error, value) => {
        if (error) reject(error);
        else resolve(value);
      });
    });
}

/** Whether a content type is JSON in UTF-8; others, UTF-7 among them, say something else with the same bytes. */
function isJson(contentType: string | undefined): boolean {
  try {
    const { essence, params } = new MIMEType(contentType ?? "");
    return essence === "application/json" && /^utf-?8$/i.test(params.get("charset") ?? "utf-8");
  } catch {
    return false;
  }
}
