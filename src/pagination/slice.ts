import { BadUserInputError, problem, type Problem } from "../errors/domain-errors";
import { decodeCursor } from "./cursor";
import { type Order } from "./order";

/** Entries of a page when no size is given, and at most. */
export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** The arguments of a Relay connection, as they come in. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A checked wish for a part of a list. */
export interface Slice {
  readonly size: number;
  /** From the end of the list, or towards its start. */
  readonly backward: boolean;
  /** The sort values of the row that the slice begins beyond. */
  readonly beyond: readonly string[] | undefined;
}

/** @throws BadUserInputError for sizes out of bounds, both directions at once, or a cursor of another list or order */
export function toSlice(args: ConnectionArguments, order: Order): Slice {
  const problems: Problem[] = [];
  const backward = args.last != null || args.before != null;
  if (backward && (args.first != null || args.after != null)) {
    const other = args.first != null ? "first" : "after";
    throw BadUserInputError.at([other], "PAGING_DIRECTION");
  }
  const sizeName = backward ? "last" : "first";
  const size = args[sizeName] ?? DEFAULT_PAGE_SIZE;
  if (size < 0 || size > MAX_PAGE_SIZE) problems.push(problem([sizeName], "PAGE_SIZE", { max: MAX_PAGE_SIZE }));

  const cursorName = backward ? "before" : "after";
  const cursor = args[cursorName];
  const beyond = cursor == null ? undefined : decodeCursor(cursor, order.key, order.columns.length);
  if (cursor != null && !(beyond && order.accepts(beyond))) problems.push(problem([cursorName], "INVALID_CURSOR"));
  if (problems.length > 0) throw new BadUserInputError(problems);
  return { size, backward, beyond };
}
