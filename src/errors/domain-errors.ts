import { message, type MessageCode, type MessageParameters } from "./messages";

/** The codes of `extensions.code`, beside Apollo's own for requests that are not executed. */
export type ErrorCode =
  | "BAD_USER_INPUT"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "RATE_LIMITED"
  | "QUERY_TOO_COMPLEX"
  | "BAD_REQUEST"
  | "PERSISTED_QUERY_NOT_FOUND"
  | "TIMEOUT"
  | "SERVICE_UNAVAILABLE"
  | "INTERNAL_SERVER_ERROR";

/** Where in the arguments: `["input", "contacts", 1, "email"]`. */
export type ArgumentPath = readonly (string | number)[];

/** One thing that is wrong with an input, in words of the catalogue. */
export interface Problem {
  readonly path: ArgumentPath;
  readonly code: MessageCode;
  readonly parameters: MessageParameters;
}

export function problem(path: ArgumentPath, code: MessageCode, parameters: MessageParameters = {}): Problem {
  return { path, code, parameters };
}

/** An error that a caller can act on. Anything else leaves the server as "Internal server error". */
export abstract class DomainError extends Error {
  protected constructor(
    readonly code: ErrorCode,
    readonly messageCode: MessageCode,
    readonly parameters: MessageParameters = {},
    /** What `extensions` carries beside the code; only names that format-error.ts lets out. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message(messageCode, parameters));
    this.name = new.target.name;
  }
}

/** The input is wrong; all its problems at once. */
export class BadUserInputError extends DomainError {
  constructor(readonly problems: readonly Problem[]) {
    super("BAD_USER_INPUT", "BAD_USER_INPUT", { max: problems.length });
  }

  static at(path: ArgumentPath, code: MessageCode, parameters: MessageParameters = {}): BadUserInputError {
    return new BadUserInputError([problem(path, code, parameters)]);
  }
}

/** There is no such record for this tenant; another tenant's record looks the same. */
export class NotFoundError extends DomainError {
  constructor(typeName: string) {
    super("NOT_FOUND", "NOT_FOUND", { what: typeName });
  }
}

/** No credential, or one that is not valid (any more). */
export class UnauthenticatedError extends DomainError {
  /** @param reason for the log; the caller is told the same for each */
  constructor(readonly reason = "no_credential") {
    super("UNAUTHENTICATED", "UNAUTHENTICATED");
  }
}

/** The credential lacks a scope. */
export class ForbiddenError extends DomainError {
  constructor(scope: string, messageCode: MessageCode = "FORBIDDEN") {
    super("FORBIDDEN", messageCode, { what: scope });
  }
}

/** The record that is in the way: `extensions.existing`. */
export interface ExistingRecord {
  readonly id: string;
  readonly code: string;
}

/** What is asked for collides with what is there. */
export class ConflictError extends DomainError {
  constructor(messageCode: MessageCode, parameters: MessageParameters = {}, details: Record<string, unknown> = {}) {
    super("CONFLICT", messageCode, parameters, details);
  }

  static codeTaken(typeName: string, existing: ExistingRecord | undefined): ConflictError {
    return new ConflictError("CODE_TAKEN", { what: typeName }, existing ? { existing } : {});
  }
}

/** An operation asks for more than is allowed; nothing of it is executed. */
export class QueryTooComplexError extends DomainError {
  /**
   * @param limit what there is too much of: see OperationLimits
   * @param asked undefined where counting ended at the limit
   * @param fitting what to ask for instead: `customers(first: 40)`
   */
  constructor(limit: string, allowed: number, asked?: number, fitting?: string) {
    super("QUERY_TOO_COMPLEX", "QUERY_TOO_COMPLEX", {
      type: limit,
      max: allowed,
      ...(asked !== undefined && { count: Math.min(asked, Number.MAX_SAFE_INTEGER) }),
      ...(fitting !== undefined && { what: fitting }),
    });
  }
}

/** A credential has used up what it may ask for in a time. */
export class RateLimitedError extends DomainError {
  constructor(retryAfterSeconds: number) {
    super("RATE_LIMITED", "RATE_LIMITED", { count: retryAfterSeconds });
  }
}

/** What should be executed is no trusted document, or none that is known. */
export class TrustedDocumentError extends DomainError {
  constructor(
    code: "BAD_REQUEST" | "PERSISTED_QUERY_NOT_FOUND",
    messageCode: "TRUSTED_DOCUMENTS_ONLY" | "UNKNOWN_TRUSTED_DOCUMENT",
  ) {
    super(code, messageCode);
  }
}

/** A time limit of the database ended the statement. */
export class TimeoutError extends DomainError {
  constructor() {
    super("TIMEOUT", "TIMEOUT");
  }
}

/** The database is away, or has no connection to give. */
export class ServiceUnavailableError extends DomainError {
  constructor() {
    super("SERVICE_UNAVAILABLE", "SERVICE_UNAVAILABLE");
  }
}
