import { randomUUID } from "node:crypto";
import { type ApolloServer } from "@apollo/server";
import cors from "@fastify/cors";
import Fastify, {
  errorCodes,
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RequestPayload,
} from "fastify";
import { isBodyCheck, type Authenticator } from "../auth/authenticator";
import { type Credential } from "../auth/credential";
import { type BodyCheck } from "../auth/signature-checker";
import { toDomainError } from "../database/database-errors";
import { type DomainError, UnauthenticatedError } from "../errors/domain-errors";
import { message } from "../errors/messages";
import { type HttpContext } from "../graphql/http-context";
import { languageOf } from "../graphql/language";
import { noOperation, type OperationRecord } from "../graphql/operation-record";
import { logRequest, logUnexpected, serverLogger, type Logger } from "../logging/logger";
import { NO_METRICS, type Metrics } from "../metrics/metrics";
import { addDrain, Drain } from "./drain";
import { createGraphqlHandler } from "./graphql-handler";
import { takeRawBodies } from "./json-body";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; set before the body of a GraphQL request is read, or, where the body is signed, before it is parsed. */
    credential: Credential | null;
    /** What the body of a signed request is checked with. */
    bodyCheck: BodyCheck | null;
    /** What is asked for; of a GraphQL request. */
    operation: OperationRecord | null;
  }
}

export interface HttpOptions {
  readonly apollo: ApolloServer<HttpContext>;
  readonly authenticator: Authenticator;
  readonly corsOrigins: readonly string[];
  readonly bodyLimitBytes: number;
  /** How long a client may take to send its headers, and its whole request. */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly log: Logger;
  /** Whether the database answers. */
  readonly isReady: () => Promise<boolean>;
  /** Begun before the server closes. */
  readonly drain?: Drain;
  readonly metrics?: Metrics;
}

const HEADERS_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
const NO_BODY = Buffer.alloc(0);
/** How often Node looks for clients that take too long: by itself every 30 s, which would add to both times. */
const SLOW_CLIENTS_CHECK_MS = 1000;

/** Of every answer: answers hold personal data, which no cache keeps and no page shows as something else. */
const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The HTTP side: GraphQL at /graphql for who has a credential, and whether the process lives and can work. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { drain = new Drain(), metrics = NO_METRICS, log } = options;
  const app = Fastify({
    bodyLimit: options.bodyLimitBytes,
    loggerInstance: serverLogger(log),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    http: {
      connectionsCheckingInterval: SLOW_CLIENTS_CHECK_MS,
      joinDuplicateHeaders: true, // else the second of two credentials would not be seen
    },
  });
  app.server.headersTimeout = options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  app.decorateRequest("credential", null);
  app.decorateRequest("bodyCheck", null);
  app.decorateRequest("operation", null);
  const parseJson = takeRawBodies(app);
  addDrain(app, drain);
  app.addHook("onRequest", (_request, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    done();
  });
  app.addHook("preParsing", refuseEncodedBodies);
  app.addHook("onResponse", (request, reply, done) => {
    if (request.operation) told(request, request.operation, reply, log, metrics);
    done();
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, error, log));
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: "Not found. The endpoint is POST /graphql." }),
  );
  letOriginsIntoThisNetwork(app, options.corsOrigins);
  await app.register(cors, {
    origin: [...options.corsOrigins],
    methods: ["GET", "POST", "OPTIONS"],
    exposedHeaders: ["RateLimit", "RateLimit-Policy", "Retry-After"],
    maxAge: 600,
  });

  app.get("/health/live", () => ({ status: "ok" }));
  app.get("/health/ready", async (_request, reply) => {
    if (!drain.isDraining && (await options.isReady())) return { status: "ok" };
    return reply.code(503).send({ status: "unavailable" });
  });

  app.route({
    url: "/graphql",
    method: ["GET", "POST"],
    onRequest: async (request) => {
      request.operation = noOperation();
      const { method, originalUrl: path, headers } = request;
      const proving = options.authenticator.authenticate(headers, { method, path });
      const proof = proving instanceof Promise ? await proving : proving;
      if (isBodyCheck(proof)) request.bodyCheck = proof;
      else request.credential = proof;
    },
    preValidation: async (request) => {
      const body = request.body as Buffer | undefined; // none with GET, and where none was sent
      if (request.bodyCheck) request.credential = await request.bodyCheck.verify(body ?? NO_BODY);
      if (body) request.body = parseJson(request, body);
    },
    handler: createGraphqlHandler(options.apollo),
  });
  return app;
}

/** Nothing is unpacked here: a few bytes could become any number of them. */
function refuseEncodedBodies(
  { headers }: FastifyRequest,
  _reply: FastifyReply,
  payload: RequestPayload,
  done: (error: Error | null, payload?: RequestPayload) => void,
): void {
  const isEncoded = (headers["content-encoding"] ?? "identity").toLowerCase() !== "identity";
  done(isEncoded ? new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE() : null, payload);
}

/** Chrome asks before a page of the internet calls this machine or its network. Comes before CORS, which ends preflights. */
function letOriginsIntoThisNetwork(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook("onRequest", (request, reply, done) => {
    const asks = request.headers["access-control-request-private-network"] === "true";
    if (asks && origins.includes(request.headers.origin ?? ""))
      void reply.header("access-control-allow-private-network", "true");
    done();
  });
}

/** A request has been answered: it is logged, and counted. */
function told(
  { id, credential }: FastifyRequest,
  { type, name, codes, isPlanned, refusal }: OperationRecord,
  { statusCode: status, elapsedTime: durationMs }: FastifyReply,
  log: Logger,
  metrics: Metrics,
): void {
  if (isPlanned !== undefined) metrics.countQuery(isPlanned);
  metrics.countRequest({ status, durationMs, operationType: type, codes });
  logRequest(log, {
    requestId: id,
    status,
    durationMs,
    tenantId: credential?.tenant.id,
    credentialId: credential?.id,
    operationType: type,
    operationName: name,
    codes,
    refusal,
  });
}

const STATUS: Partial<Record<DomainError["code"], number>> = {
  UNAUTHENTICATED: 401,
  TIMEOUT: 503,
  SERVICE_UNAVAILABLE: 503,
};

/** Answers to requests that never become an operation have the shape of GraphQL errors as well. */
function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown, log: Logger): FastifyReply {
  const language = languageOf(request.headers["accept-language"]);
  const known = error instanceof UnauthenticatedError ? error : toDomainError(error);
  const status = known ? (STATUS[known.code] ?? 500) : statusCodeOf(error);
  if (status >= 500 && !known) logUnexpected(log, error, request.id);
  if (status === 401) void reply.header("www-authenticate", "Bearer");
  const code = known?.code ?? (status < 500 ? "BAD_REQUEST" : "INTERNAL_SERVER_ERROR");
  if (request.operation) {
    request.operation.codes = [code];
    if (error instanceof UnauthenticatedError) request.operation.refusal = error.reason;
  }
  const text =
    (known && message(known.messageCode, known.parameters, language)) ??
    (status < 500 ? CLIENT_ERRORS[status] : undefined) ??
    message("INTERNAL_SERVER_ERROR", {}, language);
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send({ errors: [{ message: text, extensions: { code, requestId: request.id } }] });
}

const CLIENT_ERRORS: Partial<Record<number, string>> = {
  400: "The request cannot be read. Send a JSON object with query, and variables where needed.",
  408: "The request took too long to arrive.",
  413: "The request is too large. Send less at once.",
  415: "Send the request as application/json in UTF-8, not compressed.",
};

function statusCodeOf(error: unknown): number {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === "number" && status >= 400 ? status : 500;
}
