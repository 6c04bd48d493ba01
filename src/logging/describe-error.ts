import { types } from "node:util";

/** What may be logged of an error: nothing of it can hold a value that somebody sent. */
export interface ErrorDescription {
  readonly error: string;
  readonly message?: string;
  readonly code?: string;
  /** Of the database: names of its schema. */
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly routine?: string;
  /** Where it was thrown, innermost first. */
  readonly stack?: readonly string[];
  readonly cause?: ErrorDescription;
}

const MAX_CAUSES = 3;
const MAX_FRAMES = 30;
const MAX_MESSAGE_LENGTH = 200;

/**
 * An error for the log, by allow-list: errors of the database carry the statement, its parameters and the row in other
 * properties, and quote values in their messages; those of the HTTP server carry what was received.
 */
export function describeError(thrown: unknown, depth = 0): ErrorDescription {
  if (!types.isNativeError(thrown)) return { error: typeof thrown };
  const { name, message, stack, cause } = thrown;
  const details = thrown as unknown as Record<string, unknown>;
  return {
    error: identifier(name) ?? "Error",
    ...ifDefined("message", harmlessPart(name, message, details)),
    ...ifDefined("code", identifier(details["code"])),
    ...ifDefined("constraint", identifier(details["constraint"])),
    ...ifDefined("table", identifier(details["table"])),
    ...ifDefined("column", identifier(details["column"])),
    ...ifDefined("routine", identifier(details["routine"])),
    ...ifDefined("stack", frames(stack, message)),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describeError(cause, depth + 1) }),
  };
}

function ifDefined<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;
}

/** A name out of a program or a schema, as it stands there. */
function identifier(value: unknown): string | undefined {
  return typeof value === "string" && /^\w{1,63}$/.test(value) ? value : undefined;
}

/** SQLSTATEs of what is said about statements, connections and the server, not about rows. */
const ABOUT_NO_ROW = /^(08|42|53|57|58)/;

/**
 * A message up to the first quotation, bracket or colon, where values begin; digits are hidden. Nothing of a message that
 * is about a text or a row: what PostgreSQL says of it is in the SQLSTATE and the names beside it.
 */
function harmlessPart(name: string, message: string, { severity, code }: Record<string, unknown>): string | undefined {
  if (name === "SyntaxError") return undefined; // of JSON, numbers and expressions: it repeats the text
  if (severity !== undefined && !ABOUT_NO_ROW.test(String(code))) return undefined;
  const [part = ""] = message.slice(0, MAX_MESSAGE_LENGTH).split(/["'`“‘«{[(<:=]/, 1);
  const text = part.replace(/\d/g, "#").trim();
  return text === "" ? undefined : text;
}

/** The lines of a stack that name places in the code. The message, which stands before them, can be of several lines. */
function frames(stack: string | undefined, message: string): string[] | undefined {
  if (stack === undefined) return undefined;
  const start = message === "" ? 0 : stack.indexOf(message) + message.length;
  if (message !== "" && start < message.length) return undefined; // the message has been changed since
  return stack
    .slice(start)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^at (.+ \()?(async )?[\w./:@\\-]+:\d+:\d+\)?$/.test(line))
    .slice(0, MAX_FRAMES);
}
