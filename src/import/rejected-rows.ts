import { constants } from "node:fs";
import fs, { type FileHandle } from "node:fs/promises";
import path from "node:path";
import { hasCode } from "../database/error-code";
import { type ExistingRecord, type Problem } from "../errors/domain-errors";
import { toProblemResponse } from "../graphql/error-response";
import { readJsonLines } from "./json-lines";
import { type SourceRow } from "./source-row";

/** Only the owner: the rows hold personal data. */
const MODE = 0o600;

/** A row that was not imported, and everything that is wrong with it. */
export interface RejectedRow {
  readonly row: SourceRow;
  readonly problems: readonly Problem[];
  /** The customer that has the row's code. */
  readonly existing?: ExistingRecord;
}

/** The file of rejected rows cannot be written, told in one line. */
export class RejectedRowsError extends Error {}

/**
 * The file of rejected rows, a JSON object a line: `{ line, problems, row }`, or `text` in place of `row` where the line is
 * no JSON. Mended, it can be imported as it is. Made with the first row.
 */
export class RejectedRows {
  private handle: FileHandle | undefined;
  /** Bytes of the file that stay. */
  private kept = 0;

  constructor(readonly file: string) {}

  /**
   * Begins with an empty file, or goes on with the one of an interrupted import.
   * @param afterLine what is in the file about later lines belongs to a batch that was never committed, and goes
   * @throws RejectedRowsError
   */
  async begin(afterLine?: number): Promise<void> {
    try {
      await this.checkFile();
      await fs.access(path.dirname(this.file), constants.W_OK);
      if (afterLine === undefined) await fs.rm(this.file, { force: true });
      else await this.keep(afterLine);
    } catch (error) {
      throw this.explained(error);
    }
  }

  /**
   * Writes the rows of a batch after those that are kept, to the disk, in place of what was written there before: a
   * transaction may be tried several times.
   */
  async write(rows: readonly RejectedRow[]): Promise<void> {
    if (rows.length === 0 && !this.handle) return;
    try {
      this.handle ??= await this.open();
      const { size } = await this.handle.stat();
      if (size < this.kept) throw new RejectedRowsError(`${this.file} was changed by something else meanwhile.`);
      if (size > this.kept) await this.handle.truncate(this.kept);
      if (rows.length === 0) return;
      await this.handle.appendFile(rows.map(toLine).join(""));
      await this.handle.datasync();
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** What was written stays: its batch is committed. */
  async keepWritten(): Promise<void> {
    if (this.handle) this.kept = (await this.handle.stat()).size;
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private async open(): Promise<FileHandle> {
    const handle = await fs.open(this.file, "a", MODE);
    await handle.chmod(MODE); // it may have been there with another one
    return handle;
  }

  /** It is removed and cut: so it must be nothing but a file. */
  private async checkFile(): Promise<void> {
    const stat = await fs.lstat(this.file).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    });
    if (stat && !stat.isFile()) throw new RejectedRowsError(`${this.file} is no ordinary file.`);
  }

  private async keep(upToLine: number): Promise<void> {
    let handle: FileHandle;
    try {
      handle = await fs.open(this.file, "r+");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return;
      throw error;
    }
    try {
      let end = 0;
      const chunks = handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>;
      for await (const row of readJsonLines(chunks, undefined, Number.MAX_SAFE_INTEGER)) {
        const { line } = "value" in row ? (row.value as { line?: unknown }) : {};
        if (typeof line === "number" && line <= upToLine) ({ end } = row);
      }
      await handle.truncate(end);
      if (end > 0) await handle.write("\n", end);
      this.kept = end > 0 ? end + 1 : 0;
    } finally {
      await handle.close();
    }
  }

  private explained(error: unknown): unknown {
    return hasCode(error, "EACCES", "EPERM", "ENOENT", "EROFS", "ENOTDIR")
      ? new RejectedRowsError(`${this.file} cannot be written. Name another file with --rejected.`)
      : error;
  }
}

/** What a line of a file of rejected rows is about: the row itself. Anything else is what it is. */
export function rowIn(value: unknown): unknown {
  const isRejected =
    typeof value === "object" && value !== null && "line" in value && "problems" in value && "row" in value;
  return isRejected ? value.row : value;
}

function toLine({ row, problems, existing }: RejectedRow): string {
  const told = problems.map((problem) => ({
    ...toProblemResponse(problem),
    ...(existing && problem.code === "CODE_TAKEN" && { existing }),
  }));
  const content = "value" in row ? `"row":${originalText(row)}` : `"text":${JSON.stringify(row.text)}`;
  return `{"line":${row.line},"problems":${JSON.stringify(told)},${content}}\n`;
}

/** As it was written: a number keeps its digits, a name given twice stays so. */
function originalText({ text, value }: Extract<SourceRow, { value: unknown }>): string {
  const row = rowIn(value);
  return row === value ? text.trim() : JSON.stringify(row);
}
