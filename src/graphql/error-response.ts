import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { isRefusedValue, toDomainError } from "../database/database-errors";
import { BadUserInputError, DomainError, type Problem } from "../errors/domain-errors";
import { DeletionBlocker } from "../customers/deletion";
import { message, type Language } from "../errors/messages";

/** What `extensions` may carry beside code and requestId. */
const SHOWN_DETAILS = ["currentVersion", "blockers", "existing"] as const;

/** The request that an error is told to. */
export interface ErrorAudience {
  readonly requestId: string;
  readonly language: Language;
}

/** Called with what went wrong unexpectedly, to be logged whole. */
export type UnexpectedErrorListener = (error: unknown, requestId: string) => void;

/**
 * An error as callers see it: a message and a code that say what to do, and nothing else of what happened inside. What is
 * not known to be harmless leaves as "Internal server error".
 */
export function toErrorResponse(
  error: GraphQLError,
  { requestId, language }: ErrorAudience,
  onUnexpected: UnexpectedErrorListener,
): GraphQLFormattedError {
  const place = {
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
  };
  const thrown = thrownIn(error);
  const cause = thrown instanceof DomainError ? thrown : toDomainError(thrown);
  if (cause) {
    const text = message(cause.messageCode, cause.parameters, language);
    return { message: text, ...place, extensions: { ...extensionsOf(cause, language), requestId } };
  }
  if (!thrown && isWrongLiteral(error)) {
    return {
      message: message("INVALID_VALUE", {}, language),
      ...place,
      extensions: { code: "BAD_USER_INPUT", requestId },
    };
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
  if (isRefusedValue(thrown)) {
    const refused = BadUserInputError.at([], "INVALID_VALUE");
    const text = message(refused.messageCode, refused.parameters, language);
    return { message: text, ...place, extensions: { ...extensionsOf(refused, language), requestId } };
  }
  return {
    message: message("INTERNAL_SERVER_ERROR", {}, language),
    ...place,
    extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
  };
}

/** What a resolver threw; undefined for errors of graphql-js and Apollo themselves, which wrap each other. */
function thrownIn({ originalError }: GraphQLError): Error | undefined {
  return originalError instanceof GraphQLError ? thrownIn(originalError) : originalError;
}

function extensionsOf(error: DomainError, language: Language): Record<string, unknown> {
  const details = Object.fromEntries(
    SHOWN_DETAILS.filter((name) => name in error.details).map((name) => [name, shown(error.details[name], language)]),
  );
  const problems =
    error instanceof BadUserInputError
      ? { problems: error.problems.map((found) => toProblemResponse(found, language)) }
      : {};
  return { code: error.code, ...problems, ...details };
}

/** Blockers say what to do in the caller's language. */
function shown(detail: unknown, language: Language): unknown {
  const withRemedy = (entry: unknown): unknown =>
    entry instanceof DeletionBlocker ? { ...entry, remedy: entry.remedyIn(language) } : entry;
  return Array.isArray(detail) ? detail.map(withRemedy) : detail;
}

/** A problem with its sentence. */
export function toProblemResponse({ path, code, parameters }: Problem, language: Language = "en"): object {
  return { path, code, message: message(code, parameters, language) };
}

/** While executing, graphql-js prints a literal that its scalar refuses. */
const isWrongLiteral = (error: GraphQLError): boolean =>
  /^Argument "[^"]*" (has invalid value|of (required|non-null) type)/.test(error.message);

/** Names in a document can be as long as a document. */
const MAX_MESSAGE_LENGTH = 500;

/** graphql-js adds near names of the schema and the value that was sent; neither is the caller's business here. */
function withoutValues(text: string): string {
  return text
    .replace(/ ?Did you mean [^?]*\?/, "")
    .replace(/ got invalid value .*?; /s, " got an invalid value; ")
    .replace(/(cannot represent [^:]*|Value): .*$/s, "$1.")
    .replace(/^(Expected value of type "[^"]*"), found .*$/s, "$1.")
    .replace(/^Value ".*" does not exist in/s, "The value does not exist in")
    .replace(/^(Syntax Error: .*\b(?:Int|Float|String|BlockString)) ".*$/s, "$1.")
    .trim()
    .slice(0, MAX_MESSAGE_LENGTH);
}
