import { readFileSync } from "node:fs";

/** A document that an application was built with. */
export interface ManifestEntry {
  /** What requests name it by. */
  readonly id: string;
  /** For messages. */
  readonly name: string;
  readonly text: string;
}

/** The trusted documents cannot be used, and why. */
export class TrustedDocumentsError extends Error {}

/**
 * Reads a file of documents: a manifest as Apollo's tools make it (`apollo-persisted-query-manifest`), or texts by their ids, as
 * those of Relay and GraphQL Code Generator do.
 * @throws TrustedDocumentsError naming the file and what it should hold
 */
export function readManifest(file: string): ManifestEntry[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new TrustedDocumentsError(`TRUSTED_DOCUMENTS: ${file} ${reason}`, { cause });
  }
  const entries = isObject(content) ? entriesOf(content) : undefined;
  if (!entries) {
    throw new TrustedDocumentsError(
      `TRUSTED_DOCUMENTS: ${file} must be an object of documents by their ids, or a manifest of the format apollo-persisted-query-manifest with operations of id, name and body`,
    );
  }
  return entries;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** undefined where it has another form. */
function entriesOf(content: Record<string, unknown>): ManifestEntry[] | undefined {
  const { format, operations } = content;
  if (format !== undefined && (format !== "apollo-persisted-query-manifest" || !Array.isArray(operations)))
    return undefined;
  const given = Array.isArray(operations)
    ? operations.map((entry: unknown) => (isObject(entry) ? [entry["id"], entry["name"], entry["body"]] : []))
    : Object.entries(content).map(([id, text]) => [id, id, text]);
  const entries: ManifestEntry[] = [];
  for (const [id, name, text] of given) {
    if (typeof id !== "string" || typeof text !== "string") return undefined;
    entries.push({ id, name: typeof name === "string" ? name : id, text });
  }
  return entries;
}
