import { pino, type Logger } from "pino";

export { type Logger };

/** Logs lines of JSON to standard error: standard output belongs to what a command answers. */
export function createLogger(level: string): Logger {
  return pino({ level }, process.stderr);
}

/** What happened, without what was sent: errors of the database carry values in other properties than these. */
export function logUnexpected(log: Logger, error: unknown, requestId: string): void {
  const { name, code, stack } = (error instanceof Error ? error : new Error(String(error))) as NodeJS.ErrnoException;
  log.error({ requestId, error: name, code, stack }, "Unexpected error");
}
