import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { unwrapResolverError } from "@apollo/server/errors";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from "graphql";
import { documentLimits } from "../limits/document-limits";
import { createLimitsListener } from "../limits/limits-listener";
import { DEFAULT_OPERATION_LIMITS, type OperationLimits } from "../limits/operation-limits";
import { type RateLimit } from "../limits/rate-limit";
import { type IdempotencyKeys } from "../idempotency/idempotency-keys";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { stringifyAnswer } from "../read-planner/raw-json";
import { type ReadPlanner } from "../read-planner/read-planner";
import { type TrustedDocuments } from "../trusted-documents/trusted-documents";
import { createTrustedDocumentsPlugin } from "../trusted-documents/trusted-documents-plugin";
import { toErrorResponse, toProblemResponse, type ErrorAudience, type UnexpectedErrorListener } from "./error-response";
import { type HttpContext } from "./http-context";
import { listenTogether, type OperationListener } from "./operation-listener";
import { createOperationPlugin } from "./operation-plugin";
import { operationRecords } from "./operation-record";
import { literalProblem } from "./variable-problems";

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly database: TenantDatabase;
  readonly idempotencyKeys: IdempotencyKeys;
  /** The fast path of queries; without it the resolvers answer all of them. */
  readonly readPlanner?: ReadPlanner | undefined;
  readonly introspection: boolean;
  /** The default ones where none are given. */
  readonly limits?: OperationLimits;
  /** Nothing is counted where there is none. */
  readonly rateLimit?: RateLimit | undefined;
  readonly trustedDocuments?: TrustedDocuments | undefined;
  readonly onUnexpectedError: UnexpectedErrorListener;
}

/** Errors of a document after which validation ends, with one error more that says so. */
const MAX_ERRORS = 4;

/** Apollo formats errors without their request: its id is added later, and these are few and for developers. */
const NOBODY_YET: ErrorAudience = { requestId: "", language: "en" };

/** Apollo logs errors with a part of the document, which may hold anything: they are told as all unexpected errors are. */
const NO_LOGGER = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // nothing to do
}

/** Apollo Server, safe whatever NODE_ENV says: no stack traces, no batching, no queries by hash, no plugin per field. */
export function createApolloServer({
  schema,
  database,
  idempotencyKeys,
  readPlanner,
  introspection,
  limits = DEFAULT_OPERATION_LIMITS,
  rateLimit,
  trustedDocuments,
  onUnexpectedError,
}: ApolloOptions): ApolloServer<HttpContext> {
  return new ApolloServer<HttpContext>({
    schema,
    introspection,
    nodeEnv: "production",
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    ...(trustedDocuments && { documentStore: trustedDocuments.store }),
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    stringifyResult: stringifyAnswer,
    logger: NO_LOGGER,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: [documentLimits(limits, introspection)],
    validationOptions: { maxErrors: MAX_ERRORS },
    // Of requests that are not executed; the operation plugin answers for the others.
    formatError: ({ message, extensions, locations }, error) => {
      const originalError = unwrapResolverError(error);
      const named = new GraphQLError(message, {
        extensions: extensions ?? null,
        ...(originalError instanceof Error && originalError !== error && { originalError }),
      });
      return { ...toErrorResponse(named, NOBODY_YET, onUnexpectedError), ...(locations && { locations }) };
    },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      // First, since Apollo asks one plugin after another for an answer.
      createOperationPlugin({ database, idempotencyKeys, readPlanner, onUnexpected: onUnexpectedError }),
      unexpectedErrors(onUnexpectedError),
      ...(trustedDocuments ? [createTrustedDocumentsPlugin(trustedDocuments)] : []),
      listenTogether([
        literalProblems,
        refusals,
        createLimitsListener(limits, rateLimit),
        requestIds,
        operationRecords,
      ]),
    ],
  });
}

function unexpectedErrors(onUnexpected: UnexpectedErrorListener): ApolloServerPlugin<HttpContext> {
  return {
    unexpectedErrorProcessingRequest({ requestContext, error }) {
      onUnexpected(error, requestContext.contextValue.requestId);
      return Promise.resolve();
    },
  };
}

/** Says where in the arguments a wrong literal stands, as for wrong variables. */
const literalProblems: OperationListener = {
  didEncounterErrors({ document, errors, contextValue }) {
    for (const error of errors) {
      const found = document && literalProblem(document, error);
      if (found) error.extensions["problems"] = [toProblemResponse(found, contextValue.language)];
    }
  },
};

/** What Apollo would execute, or call executed, although there is nothing to execute. */
const refusals: OperationListener = {
  didResolveOperation({ operation }) {
    if (operation && operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
    const text = operation
      ? "There are no subscriptions here."
      : "Name the operation to execute: operationName must be that of one in the document.";
    throw new GraphQLError(text, { extensions: { code: "OPERATION_RESOLUTION_FAILURE", http: { status: 400 } } });
  },
  willSendResponse({ response: { body, http } }) {
    const isUnexecuted = body.kind === "single" && body.singleResult.data === undefined;
    if (isUnexecuted && (http.status ?? 200) < 400) http.status = 400;
  },
};

/** Every error names the request that it belongs to. */
const requestIds: OperationListener = {
  willSendResponse({ response: { body }, contextValue: { requestId } }) {
    if (body.kind !== "single" || !body.singleResult.errors) return;
    body.singleResult.errors = body.singleResult.errors.map((error) => ({
      ...error,
      extensions: { ...error.extensions, requestId },
    }));
  },
};
