import { type FastifyBaseLogger } from "fastify";
import { destination, pino, stdTimeFunctions, type Logger } from "pino";
import { describeError } from "./describe-error";

export { type Logger };

const STANDARD_ERROR = 2;

/**
 * Logs lines of JSON to standard error: standard output belongs to what a command answers. What a line holds is decided in
 * this folder alone, by allow-list: never variables, bodies, headers, parameters of statements, or errors as they are.
 */
export function createLogger(level: string): Logger {
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime };
  return pino(options, destination({ dest: STANDARD_ERROR, sync: true }));
}

/** What happened, without what was sent. */
export function logUnexpected(log: Logger, error: unknown, requestId?: string): void {
  log.error({ ...(requestId !== undefined && { requestId }), ...describeError(error) }, "Unexpected error");
}

/** The last line of a process that cannot go on. */
export function logFatal(log: Logger, error: unknown): void {
  log.fatal(describeError(error), "The process ends: an error that nobody handled");
}

/** A connection that nobody was using has ended; the pool opens others. */
export function logLostConnection(log: Logger, error: unknown): void {
  const { error: name, code } = describeError(error);
  log.warn({ error: name, code }, "An idle connection to the database was lost");
}

/** What is logged of a request that has been answered. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly status: number;
  readonly durationMs: number;
  readonly tenantId: string | undefined;
  readonly credentialId: string | undefined;
  /** "query" or "mutation"; undefined where no operation was found in what was sent. */
  readonly operationType: string | undefined;
  /** As the client calls it. */
  readonly operationName: string | undefined;
  /** Of its errors, each once. */
  readonly codes: readonly string[];
  /** Why the credential was refused: one of a few words; undefined where it was not. */
  readonly refusal: string | undefined;
}

const MAX_NAME_LENGTH = 64;

/** One line for a request. */
export function logRequest(log: Logger, request: AnsweredRequest): void {
  const { requestId, status, durationMs, tenantId, credentialId, operationType, operationName, codes, refusal } =
    request;
  log.info(
    {
      requestId,
      status,
      durationMs: Math.round(durationMs * 10) / 10,
      tenantId,
      credentialId,
      operationType,
      operationName: operationName?.slice(0, MAX_NAME_LENGTH),
      codes: codes.length > 0 ? codes : undefined,
      reason: refusal,
    },
    "Request",
  );
}

/**
 * What the HTTP server may log: errors, described. Its own lines at lower levels hold what was received, such as the bytes
 * of a request that could not be read.
 */
export function serverLogger(log: Logger): FastifyBaseLogger {
  const nothing = (): void => undefined;
  const report = (thing: unknown): void => logUnexpected(log, errorIn(thing));
  const logger: FastifyBaseLogger = {
    level: log.level,
    fatal: report,
    error: report,
    warn: nothing,
    info: nothing,
    debug: nothing,
    trace: nothing,
    silent: nothing,
    child: () => logger,
  };
  return logger;
}

/** Loggers take an error as it is, or as the property `err` or `error`. */
function errorIn(thing: unknown): unknown {
  const { err, error } = (thing ?? {}) as { err?: unknown; error?: unknown };
  return err ?? error ?? thing;
}
