import { type RequestContext } from "../graphql/request-context";
import { Parameters } from "../tenancy/parameters";

/** What a statement's text is made of: what is always the same, and what depends on the request. */
export type Piece = string | ((run: Run) => string);

/** A statement in the making, for one request. */
export class Run {
  readonly p = new Parameters();
  /** What was prepared of the arguments of each field, by its place in the plan. */
  readonly prepared: unknown[] = [];
  /** Whether a filter has a part in it: how many rows meet it differs from value to value, and so does the best way to them. */
  isFiltered = false;
  /** The id of what a mutation has written. */
  writtenId: string | undefined;

  constructor(
    readonly variables: Readonly<Record<string, unknown>>,
    readonly context: RequestContext,
  ) {}
}

/** The text of pieces, one after another. */
export function render(pieces: readonly Piece[], run: Run): string {
  let text = "";
  for (const piece of pieces) text += typeof piece === "string" ? piece : piece(run);
  return text;
}

/** The same pieces, neighbouring texts joined. */
export function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === "string" && typeof last === "string") result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}

/** Pieces with something between each two. */
export function separated(lists: readonly (readonly Piece[])[], separator: string): Piece[] {
  return joined(lists.flatMap((pieces, index) => (index === 0 ? pieces : [separator, ...pieces])));
}
