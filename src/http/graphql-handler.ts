import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from "@apollo/server";
import { type FastifyReply, type FastifyRequest } from "fastify";
import { type GraphQLFormattedError } from "graphql";
import { LRUCache } from "lru-cache";
import { UnauthenticatedError } from "../errors/domain-errors";
import { type HttpContext } from "../graphql/http-context";
import { languageOf } from "../graphql/language";

/** By which Apollo sees whether a page of another site may have sent a request without being asked about. */
const PREFLIGHT_HEADERS = ["content-type", "x-apollo-operation-name", "apollo-require-preflight"] as const;

/** How many values of Accept are remembered at most, and up to which length. */
const MAX_REMEMBERED = 100;
const MAX_REMEMBERED_LENGTH = 200;

/** Hands requests to Apollo in the form that it takes, and its answers to Fastify. */
export function createGraphqlHandler(
  apollo: ApolloServer<HttpContext>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<Buffer> {
  const typeByAccept = new LRUCache<string, string>({ max: MAX_REMEMBERED });

  return async (request, reply) => {
    const { accept } = request.headers;
    // Apollo would negotiate again with each answer; where nothing is said of it, it does not.
    const known = accept ? typeByAccept.get(accept) : undefined;
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApollo(request, known === undefined ? accept : undefined),
      context: () => Promise.resolve(contextOf(request)),
    });
    const { headers, status = 200, body } = answer;
    if (body.kind !== "complete") throw new Error("An answer in parts: there is no @defer here");
    const type = headers.get("content-type");
    if (known !== undefined) headers.set("content-type", known);
    else if (type && accept && accept.length <= MAX_REMEMBERED_LENGTH && status === 200) typeByAccept.set(accept, type);
    for (const [name, value] of headers) void reply.header(name, value);
    void reply.code(status);
    // As bytes: of a text, Node makes one more to measure it and another one with the headers in front.
    return Buffer.from(status < 400 ? body.string : withRequestId(body.string, request.id));
  };
}

/** Apollo reads of the headers what it is given here, and of the address what a GET asks for. */
function toApollo({ method, url, headers, body }: FastifyRequest, accept: string | undefined): HTTPGraphQLRequest {
  const read = new HeaderMap();
  if (accept) read.set("accept", accept);
  if (method === "POST" && body) {
    // A body came as application/json, else it would not be here, which says the same; Apollo would take the type apart again.
    read.set("apollo-require-preflight", "true");
    return { method, headers: read, search: "", body };
  }
  for (const name of PREFLIGHT_HEADERS) {
    const value = headers[name];
    // An empty content type is none: Apollo would take it for one that no page of another site can send.
    if (value) read.set(name, value.toString());
  }
  return { method, headers: read, search: new URL(url, "http://localhost").search, body };
}

/** What Apollo refuses before anything else sees it names its request as well. */
function withRequestId(answer: string, requestId: string): string {
  if (!answer.includes(`"requestId":""`)) return answer;
  const { errors = [] } = JSON.parse(answer) as { errors?: GraphQLFormattedError[] };
  return JSON.stringify({
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
  });
}

function contextOf({ id, credential, operation, headers }: FastifyRequest): HttpContext {
  if (!credential || !operation) throw new UnauthenticatedError();
  return {
    credential,
    requestId: id,
    record: operation,
    language: languageOf(headers["accept-language"]),
    idempotencyKey: headers["idempotency-key"]?.toString(),
  };
}
