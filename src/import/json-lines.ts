import { isUtf8 } from "node:buffer";
import { problem, type Problem } from "../errors/domain-errors";
import { type SourcePlace, type SourceRow } from "./source-row";

/** Bytes of one line, at most; a customer with every list full of long texts has room. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Characters that are shown of a line that is longer. */
const SHOWN_LENGTH = 1000;

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads JSON Lines: a JSON value a line, in UTF-8. A byte order mark, CRLF and blank lines do no harm. A line that cannot
 * be read is a row with a problem; the next one is read all the same. Holds one line in memory, and of that no more than
 * `maxBytes`.
 * @param chunks the bytes after `from`
 * @see https://jsonlines.org
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Buffer>,
  from?: SourcePlace,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<SourceRow> {
  const current = new Line(from?.line ?? 1, from?.end ?? 0, maxBytes);
  for await (const chunk of chunks) {
    let start = 0;
    for (let feed; (feed = chunk.indexOf(LINE_FEED, start)) !== -1; start = feed + 1) {
      current.add(chunk.subarray(start, feed));
      const row = current.read();
      if (row) yield row;
      current.next();
    }
    current.add(chunk.subarray(start));
  }
  const last = current.read();
  if (last) yield last;
}

/** The line that is being read. */
class Line {
  private pieces: Buffer[] = [];
  private size = 0;

  /** @param start bytes of the file before the line */
  constructor(
    private line: number,
    private start: number,
    private readonly maxBytes: number,
  ) {}

  add(piece: Buffer): void {
    if (this.size <= this.maxBytes) this.pieces.push(piece.subarray(0, this.maxBytes + 1 - this.size));
    this.size += piece.length;
  }

  next(): void {
    this.start += this.size + 1;
    this.line += 1;
    this.pieces = [];
    this.size = 0;
  }

  /** The row that the line is; undefined for a blank one. */
  read(): SourceRow | undefined {
    const [first = Buffer.alloc(0)] = this.pieces;
    let bytes = this.pieces.length > 1 ? Buffer.concat(this.pieces) : first;
    if (this.start === 0 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) bytes = bytes.subarray(3);
    const place = { line: this.line, end: this.start + this.size };
    const text = bytes.toString("utf8");
    if (this.size > this.maxBytes) {
      const tooLong = problem([], "LINE_TOO_LONG", { max: this.maxBytes });
      return { ...place, text: text.slice(0, SHOWN_LENGTH), problem: tooLong };
    }
    if (text.trim() === "") return undefined;
    if (!isUtf8(bytes)) return { ...place, text, problem: problem([], "INVALID_ENCODING") };
    try {
      return { ...place, text, value: JSON.parse(text) as unknown };
    } catch (error) {
      return { ...place, text, problem: notJson(error) };
    }
  }
}

/** Says where, not what: the message of the parser repeats what it read. */
function notJson(error: unknown): Problem {
  const position = /at position (\d+)/.exec(String(error))?.[1];
  return problem([], "INVALID_JSON", position === undefined ? {} : { at: Number(position) + 1 });
}
