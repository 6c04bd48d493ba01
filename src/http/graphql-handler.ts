import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from "@apollo/server";
import { type FastifyReply, type FastifyRequest } from "fastify";
import { type GraphQLFormattedError } from "graphql";
import { UnauthenticatedError } from "../errors/domain-errors";
import { type HttpContext } from "../graphql/http-context";
import { languageOf } from "../graphql/language";

/** By which Apollo sees whether a page of another site may have sent a request without being asked about. */
const PREFLIGHT_HEADERS = ["content-type", "x-apollo-operation-name", "apollo-require-preflight"] as const;

/** Accepted so, an answer has the form that it has where nothing is said, which Apollo knows without negotiating. */
const ACCEPTS_THE_USUAL = new Set(["application/json", "*/*"]);

/** Hands requests to Apollo in the form that it takes, and its answers to Fastify. */
export function createGraphqlHandler(
  apollo: ApolloServer<HttpContext>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<string> {
  return async (request, reply) => {
    const {
      headers,
      status = 200,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApollo(request),
      context: () => Promise.resolve(contextOf(request)),
    });
    if (body.kind !== "complete") throw new Error("An answer in parts: there is no @defer here");
    for (const [name, value] of headers) void reply.header(name, value);
    void reply.code(status);
    return status < 400 ? body.string : withRequestId(body.string, request.id);
  };
}

/** Apollo reads of the headers what it is given here, and of the address what a GET asks for. */
function toApollo({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const read = new HeaderMap();
  const { accept } = headers;
  if (accept && !ACCEPTS_THE_USUAL.has(accept)) read.set("accept", accept);
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
