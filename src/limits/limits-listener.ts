import { type GraphQLRequestContext } from "@apollo/server";
import { GraphQLError, type OperationDefinitionNode } from "graphql";
import { QueryTooComplexError, RateLimitedError, type DomainError } from "../errors/domain-errors";
import { type HttpContext } from "../graphql/http-context";
import { type OperationListener } from "../graphql/operation-listener";
import { refuse } from "../graphql/refuse";
import { ObjectEstimate } from "./object-estimate";
import { type OperationLimits } from "./operation-limits";
import { rateLimitHeaders, type RateLimit } from "./rate-limit";

/** What is counted of a request beside the objects that it asks for. */
const COST_OF_A_REQUEST = 1;

/**
 * Refuses what asks for more than is allowed, at once or over time, before anything of it is executed: the object estimate and the
 * rate limit are kept here, and what the parser and {@link documentLimits} refused gets its answer here.
 */
export function createLimitsListener(limits: OperationLimits, rateLimit: RateLimit | undefined): OperationListener {
  const estimates = new WeakMap<OperationDefinitionNode, ObjectEstimate>();

  /** Documents that Apollo remembers keep their operations, and these their estimates. */
  function estimateOf({ schema, document, operation }: GraphQLRequestContext<HttpContext>): ObjectEstimate | undefined {
    if (!document || !operation) return undefined;
    let estimate = estimates.get(operation);
    if (!estimate) estimates.set(operation, (estimate = new ObjectEstimate(schema, document, operation)));
    return estimate;
  }

  /** Once a request: a request that fails before its cost is known costs the least. */
  async function count(limit: RateLimit, { credential, record }: HttpContext, cost: number): Promise<void> {
    record.counted ??= await limit.consume(credential, cost);
  }

  return {
    didResolveOperation(request) {
      const { contextValue } = request;
      const estimate = estimateOf(request);
      const variables = request.request.variables ?? {};
      const objects = estimate?.of(variables) ?? 0;
      const isTooMuch = objects > limits.objects;
      const refuseTooMuch = (): void => {
        const limited = limitedIn(contextValue);
        if (limited) throw toGraphQLError(limited);
        if (!isTooMuch) return;
        const fitting = estimate?.fitting(variables, limits.objects);
        throw toGraphQLError(new QueryTooComplexError("objects", limits.objects, objects, fitting));
      };
      if (!rateLimit) return refuseTooMuch();
      return count(rateLimit, contextValue, COST_OF_A_REQUEST + (isTooMuch ? 0 : objects)).then(refuseTooMuch);
    },
    didEncounterErrors({ contextValue }) {
      return rateLimit && count(rateLimit, contextValue, COST_OF_A_REQUEST);
    },
    willSendResponse(request) {
      const { counted } = request.contextValue.record;
      const limited = limitedIn(request.contextValue);
      const tooComplex = limited ? undefined : firstTooComplex(request.errors ?? [], limits);
      if (limited) refuse(request, limited, 429);
      else if (tooComplex) refuse(request, tooComplex, 400);
      if (rateLimit && counted) {
        for (const [name, value] of rateLimitHeaders(rateLimit, counted))
          request.response.http.headers.set(name, value);
      }
    },
  };
}

/** Where a request is one too many. */
function limitedIn({ record: { counted } }: HttpContext): RateLimitedError | undefined {
  return counted?.isExceeded ? new RateLimitedError(counted.resetSeconds) : undefined;
}

/** Apollo formats it before it gets its answer: without its code it would be one that nobody expected. */
function toGraphQLError(reason: DomainError): GraphQLError {
  return new GraphQLError(reason.message, { originalError: reason, extensions: { code: reason.code } });
}

/** What a document has too much of is told alone: other errors of it may come from that. */
function firstTooComplex(errors: readonly GraphQLError[], limits: OperationLimits): QueryTooComplexError | undefined {
  for (const { message, originalError } of errors) {
    if (originalError instanceof QueryTooComplexError) return originalError;
    if (/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(message)) {
      return new QueryTooComplexError("tokens", limits.tokens);
    }
  }
  return undefined;
}
