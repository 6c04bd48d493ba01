import { createHash } from "node:crypto";
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from "graphql";
import { LRUCache } from "lru-cache";
import { readManifest, TrustedDocumentsError, type ManifestEntry } from "./manifest";

/** Problems that are told when the documents do not fit the schema. */
const MAX_PROBLEMS = 5;
/** Of other documents that are remembered once they are validated: characters of their texts. */
const MAX_OTHER_CHARACTERS = 500_000;
/** SHA-256 in hexadecimal. */
const HASH_LENGTH = 64;

/** The documents that applications were built with: known by their ids, and checked when the server starts. */
export class TrustedDocuments {
  private readonly textById = new Map<string, string>();
  private readonly documentByHash = new Map<string, DocumentNode>();
  private readonly others = new LRUCache<string, DocumentNode>({ maxSize: MAX_OTHER_CHARACTERS });

  /**
   * @param only whether nothing else is executed
   * @throws TrustedDocumentsError naming the documents that do not fit the schema
   */
  constructor(
    entries: readonly ManifestEntry[],
    schema: GraphQLSchema,
    readonly only: boolean,
  ) {
    const problems: string[] = [];
    for (const { id, name, text } of entries) {
      const hash = hashOf(text);
      const known = this.textById.get(withoutPrefix(id));
      if (known !== undefined && known !== text) problems.push(`"${name}": another document has the id ${id}`);
      this.textById.set(withoutPrefix(id), text);
      if (!this.textById.has(hash)) this.textById.set(hash, text);
      const document = validated(text, schema);
      if (document instanceof GraphQLError) problems.push(`"${name}" (${id}): ${document.message}`);
      else this.documentByHash.set(hash, document);
    }
    if (problems.length > 0) {
      throw new TrustedDocumentsError(
        `${problems.length} of the trusted documents do not fit the schema:\n  ${problems.slice(0, MAX_PROBLEMS).join("\n  ")}`,
      );
    }
  }

  /** @throws TrustedDocumentsError where the file cannot be used */
  static read(file: string, schema: GraphQLSchema, only: boolean): TrustedDocuments {
    return new TrustedDocuments(readManifest(file), schema, only);
  }

  /**
   * The text of a document.
   * @param id as the manifest has it, or `sha256:` and the hash of the text
   */
  text(id: string): string | undefined {
    return this.textById.get(withoutPrefix(id));
  }

  has(text: string): boolean {
    return this.documentByHash.has(hashOf(text));
  }

  /**
   * Where Apollo looks for a document before it parses and validates it, by a key that ends with the hash of its text. Trusted
   * ones are always there, so that limits of documents, which are kept while validating, are not theirs.
   */
  readonly store = {
    get: (key: string): Promise<DocumentNode | undefined> =>
      Promise.resolve(this.documentByHash.get(key.slice(-HASH_LENGTH)) ?? this.others.get(key)),
    set: (key: string, document: DocumentNode): Promise<void> => {
      this.others.set(key, document, { size: document.loc?.source.body.length ?? 1 });
      return Promise.resolve();
    },
    delete: (key: string): Promise<boolean> => Promise.resolve(this.others.delete(key)),
  };
}

/** A document, or the first thing that is wrong with it. */
function validated(text: string, schema: GraphQLSchema): DocumentNode | GraphQLError {
  try {
    const document = parse(text);
    return validate(schema, document)[0] ?? document;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** @see GraphQL over HTTP, appendix A: SHA256 Hex Document Identifier */
const withoutPrefix = (id: string): string => id.replace(/^sha256:/, "");
