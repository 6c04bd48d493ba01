import { type Problem } from "../errors/domain-errors";

/** A row of a file as the reader of a format found it: what it says, or why it says nothing. */
export type SourceRow = SourcePlace & {
  /** The row as it stands in the file; of one that is far too long its beginning. */
  readonly text: string;
} & ({ readonly value: unknown } | { readonly problem: Problem });

/** How far a file has been read. */
export interface SourcePlace {
  /** The line, counted from 1, that was read last. */
  readonly line: number;
  /** Bytes from the beginning of the file to the end of that line, its line feed not counted. */
  readonly end: number;
}

/**
 * The reader of a format.
 * @param chunks the bytes of a file after `from`
 * @param from where an earlier reading of the file stopped; undefined: at its beginning
 */
export type RowReader = (chunks: AsyncIterable<Buffer>, from?: SourcePlace) => AsyncIterable<SourceRow>;
