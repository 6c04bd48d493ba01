/**
 * A cursor is a place in a list in one order: the list and order it belongs to, and the sort values of the row it stands
 * for. It holds no more than the row shows, so it is not signed, only opaque.
 */
export function encodeCursor(list: string, values: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...values]), "utf8").toString("base64url");
}

/** @returns the sort values, or undefined where it is no cursor of this list in this order */
export function decodeCursor(cursor: string, list: string, count: number): string[] | undefined {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
  if (!Array.isArray(decoded) || decoded.length !== count + 1) return undefined;
  const [owner, ...values] = decoded as unknown[];
  if (owner !== list || !values.every((value) => typeof value === "string")) return undefined;
  return values;
}
