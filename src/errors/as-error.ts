import { types } from "node:util";

/** What was thrown, as an Error with all that it carries. Errors of Node itself are no instances of Error in every realm. */
export function asError(thrown: unknown): Error {
  return types.isNativeError(thrown) ? thrown : new Error(String(thrown));
}
