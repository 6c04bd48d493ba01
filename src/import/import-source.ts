import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import fs, { type FileHandle } from "node:fs/promises";
import path from "node:path";
import { addAbortSignal, Readable } from "node:stream";
import { hasCode } from "../database/error-code";
import { type ImportRun } from "./import-runs";
import { type SourcePlace } from "./source-row";

/** A file cannot be imported, told in one line. */
export class ImportSourceError extends Error {}

/** What is imported: a file, whose digest tells how much of it was read before, or a stream that flows once. */
export class ImportSource {
  private digest = new PrefixDigest();
  /** Of the beginnings that were read before, by their length. */
  private readonly hashes = new Map<number, Hash>();
  private reading: Readable | undefined;

  private constructor(
    /** As it was given. */
    readonly name: string,
    private readonly handle: FileHandle | Readable,
    /** Undefined: not known, and reading cannot go on where it stopped. */
    readonly sizeBytes: number | undefined,
    /** Tells where the file lies from elsewhere. */
    readonly pathKey: string,
  ) {}

  /**
   * @param file its name, or `-` for standard input
   * @throws ImportSourceError where it cannot be read
   */
  static async open(file: string, stdin: Readable = process.stdin): Promise<ImportSource> {
    if (file === "-") return new ImportSource("standard input", stdin, undefined, "");
    let handle: FileHandle | undefined;
    try {
      handle = await fs.open(file, constants.O_RDONLY);
      const stat = await handle.stat();
      if (stat.isDirectory()) throw new ImportSourceError(`${file} is a folder.`);
      // A pipe (<(zcat customers.jsonl.gz)) has no size and cannot be read twice.
      if (!stat.isFile()) return new ImportSource(file, handle, undefined, "");
      return new ImportSource(file, handle, stat.size, sha256(await fs.realpath(file)));
    } catch (error) {
      await handle?.close();
      if (hasCode(error, "ENOENT")) throw new ImportSourceError(`There is no file ${file}.`);
      if (hasCode(error, "EACCES", "EPERM")) throw new ImportSourceError(`${file} may not be read by this account.`);
      throw error;
    }
  }

  /** Whether an interrupted import can go on where it stopped. */
  get isResumable(): boolean {
    return this.sizeBytes !== undefined;
  }

  get fileName(): string {
    return path.basename(this.name);
  }

  /** Which runs have read exactly the beginning of this file, the shortest first. */
  async readBy(runs: readonly ImportRun[]): Promise<ImportRun[]> {
    const { sizeBytes } = this;
    if (sizeBytes === undefined) return [];
    const hash = createHash("sha256");
    let hashed = 0;
    const matching: ImportRun[] = [];
    for (const run of runs.filter(({ end }) => end <= sizeBytes).sort((a, b) => a.end - b.end)) {
      if (run.end > hashed) for await (const chunk of this.stream(hashed, run.end)) hash.update(chunk as Buffer);
      hashed = run.end;
      if (hash.copy().digest("hex") !== run.digest) continue;
      this.hashes.set(run.end, hash.copy());
      matching.push(run);
    }
    return matching;
  }

  /**
   * The bytes after `from`; ends early where the signal says so.
   * @param from the place of a run that {@link readBy} has told
   */
  async *chunks(from: SourcePlace | undefined, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const { end } = from ?? { end: 0 };
    this.digest = new PrefixDigest(this.hashes.get(end)?.copy(), end);
    const stream = this.stream(end);
    if (signal) addAbortSignal(signal, stream);
    this.reading = stream;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (this.isResumable) this.digest.add(chunk);
        yield chunk;
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }

  /** Of the file up to a place that has been read; places are asked for in order. */
  digestUpTo({ end }: SourcePlace): string {
    return this.digest.upTo(end);
  }

  async close(): Promise<void> {
    this.reading?.destroy(); // standard input would keep the process waiting for what nobody reads any more
    if (!(this.handle instanceof Readable)) await this.handle.close();
  }

  /** @param end not included; undefined: to the end of the file */
  private stream(start: number, end?: number): Readable {
    if (this.handle instanceof Readable) return this.handle;
    if (!this.isResumable) return this.handle.createReadStream({ autoClose: false });
    return this.handle.createReadStream({ autoClose: false, start, ...(end !== undefined && { end: end - 1 }) });
  }
}

/** SHA-256 of the beginning of a file, told for one place after another while the file is read further. */
class PrefixDigest {
  private readonly waiting: Buffer[] = [];

  /** @param hash of the first `hashed` bytes */
  constructor(
    private readonly hash = createHash("sha256"),
    private hashed = 0,
  ) {}

  add(chunk: Buffer): void {
    this.waiting.push(chunk);
  }

  upTo(end: number): string {
    while (this.hashed < end) {
      const chunk = this.waiting.shift();
      if (!chunk) throw new Error("The digest of what has not been read was asked for");
      const part = chunk.subarray(0, end - this.hashed);
      this.hash.update(part);
      this.hashed += part.length;
      if (part.length < chunk.length) this.waiting.unshift(chunk.subarray(part.length));
    }
    return this.hash.copy().digest("hex");
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
