import { ConflictError, ServiceUnavailableError, TimeoutError, type DomainError } from "../errors/domain-errors";

/** What node-postgres says of a failed statement, as far as it is used. */
interface DatabaseError {
  readonly code?: string;
  readonly message?: string;
  /** Only errors that PostgreSQL sent have one. */
  readonly severity?: string;
}

const asDatabaseError = (error: unknown): DatabaseError => (typeof error === "object" && error !== null ? error : {});

/**
 * A failure that a second try of the whole transaction can mend. A code that another transaction has just taken is one:
 * the second try sees who has it, and says so. A row that another one has just deleted, referred to, is one as well.
 */
export function isRetryable(error: unknown): boolean {
  const { code, message } = asDatabaseError(error);
  return (
    code === "40001" ||
    code === "40P01" ||
    code === "23503" ||
    (violatedUniqueKey(error)?.endsWith("_code_u") ?? false) ||
    (code === "XX000" && /could not commit transaction for shard/.test(message ?? ""))
  );
}

/**
 * The name of the unique constraint or index that a statement violated, else undefined. Read from the message, and
 * without the shard's number: on a sharded database the driver knows neither constraint nor table.
 */
export function violatedUniqueKey(error: unknown): string | undefined {
  const { code, message } = asDatabaseError(error);
  return code === "23505" ? constraintIn(message) : undefined;
}

function constraintIn(message: string | undefined): string | undefined {
  return /constraint "([^"]+?)(?:_\d+)?"/.exec(message ?? "")?.[1];
}

/** Connection-level failures of Node and of the pool carry no SQLSTATE. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ECONNABORTED",
]);
const UNREACHABLE_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Cannot use a pool after/;

/**
 * The error that a caller is told for a failure of the database: time-outs and absence are said as such, what a second
 * try may mend is a conflict, everything else stays an unexpected error (undefined here).
 */
export function toDomainError(error: unknown): DomainError | undefined {
  const { code = "", message = "" } = asDatabaseError(error);
  if (code === "57014" || code === "55P03" || code === "25P03") return new TimeoutError();
  if (UNREACHABLE.has(code) || /^(08|53|57P)/.test(code) || UNREACHABLE_MESSAGE.test(message)) {
    return new ServiceUnavailableError();
  }
  if (code === "23505") return new ConflictError("DUPLICATE_VALUE");
  if (isRetryable(error)) return new ConflictError("TRY_AGAIN");
  return undefined;
}

/** Whether the database refused a value: checks here should have done so before, and said where it stands. */
export function isRefusedValue(error: unknown): boolean {
  return /^(22\w{3}|23502|23514)$/.test(asDatabaseError(error).code ?? "");
}

/** A failure of the database in a few letters: its SQLSTATE, or CONNECTION; undefined for errors that are not the database's. */
export function databaseErrorCode(error: unknown): string | undefined {
  const { code = "", severity } = asDatabaseError(error);
  if (severity !== undefined && /^[0-9A-Z]{5}$/.test(code)) return code;
  return toDomainError(error) instanceof ServiceUnavailableError ? "CONNECTION" : undefined;
}
