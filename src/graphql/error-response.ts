import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { toDomainError } from "../database/database-errors";
import { BadUserInputError, DomainError, type Problem } from "../errors/domain-errors";
import { message } from "../errors/messages";

/** What `extensions` may carry beside code and requestId. */
const SHOWN_DETAILS = ["currentVersion", "blockers", "existing"] as const;

/** Called with what went wrong unexpectedly, to be logged whole. */
export type UnexpectedErrorListener = (error: unknown, requestId: string) => void;

/**
 * An error as callers see it: a message and a code that say what to do, and nothing else of what happened inside. What is
 * not known to be harmless leaves as "Internal server error".
 */
export function toErrorResponse(
  error: GraphQLError,
  requestId: string,
  onUnexpected: UnexpectedErrorListener,
): GraphQLFormattedError {
  const place = {
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
  };
  const thrown = thrownIn(error);
  const cause = thrown instanceof DomainError ? thrown : toDomainError(thrown);
  if (cause) return { message: cause.message, ...place, extensions: { ...extensionsOf(cause), requestId } };
  if (!thrown && isWrongLiteral(error)) {
    return { message: message("INVALID_VALUE"), ...place, extensions: { code: "BAD_USER_INPUT", requestId } };
  }
  // A document that does not fit the schema.
  const code = error.extensions["code"];
  if (!thrown && typeof code === "string" && code !== "INTERNAL_SERVER_ERROR") {
    const problems = error.extensions["problems"];
    return {
      message: withoutValues(error.message),
      ...place,
      extensions: { code, ...(Array.isArray(problems) && { problems: problems as unknown[] }), requestId },
    };
  }
  onUnexpected(thrown ?? error, requestId);
  return {
    message: message("INTERNAL_SERVER_ERROR"),
    ...place,
    extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
  };
}

/** What a resolver threw; undefined for errors of graphql-js and Apollo themselves, which wrap each other. */
function thrownIn({ originalError }: GraphQLError): Error | undefined {
  return originalError instanceof GraphQLError ? thrownIn(originalError) : originalError;
}

function extensionsOf(error: DomainError): Record<string, unknown> {
  const details = Object.fromEntries(
    SHOWN_DETAILS.filter((name) => name in error.details).map((name) => [name, error.details[name]]),
  );
  const problems = error instanceof BadUserInputError ? { problems: error.problems.map(toProblemResponse) } : {};
  return { code: error.code, ...problems, ...details };
}

/** A problem with its sentence. */
export function toProblemResponse({ path, code, parameters }: Problem): object {
  return { path, code, message: message(code, parameters) };
}

/** While executing, graphql-js prints a literal that its scalar refuses. */
const isWrongLiteral = (error: GraphQLError): boolean =>
  /^Argument "[^"]*" (has invalid value|of (required|non-null) type)/.test(error.message);

/** graphql-js adds near names of the schema and the value that was sent; neither is the caller's business here. */
function withoutValues(text: string): string {
  return text
    .replace(/ ?Did you mean [^?]*\?/, "")
    .replace(/ got invalid value .*?; /s, " got an invalid value; ")
    .replace(/(cannot represent [^:]*|Value): .*$/s, "$1.")
    .trim();
}
