import { type Order, type OrderColumn } from "../pagination/order";
import { type Piece } from "./statement";

/*
 * SQL whose value is JSON, or what row_to_json writes as JSON, character for character what the resolvers answer.
 * row_to_json and json_agg over a subselect are twice as fast as json_build_object.
 */

/** What a subselect is called whose rows become JSON: no name that a client can give to a column of it. */
const ROW = `"#"`;

const OBJECT_START = `(select row_to_json(${ROW}) from (select `;
const OBJECT_END = `) ${ROW})`;
const LIST_START = `(select coalesce(json_agg(${ROW}), '[]'::json) from (`;

/** An object. @param select its columns, and where they come from */
export function object(select: string): string {
  return `${OBJECT_START}${select}${OBJECT_END}`;
}

/** As {@link object}, of pieces. */
export function objectPieces(...select: Piece[]): Piece[] {
  return [OBJECT_START, ...select, OBJECT_END];
}

/** A list of objects. @param rows the subselect whose rows they are */
export function list(rows: string): string {
  return `${LIST_START}${rows}${OBJECT_END}`;
}

/** As {@link list}, of pieces. */
export function listPieces(...rows: Piece[]): Piece[] {
  return [LIST_START, ...rows, OBJECT_END];
}

/** A whole answer: its JSON as text, and whether it is complete. */
export function answerPieces(complete: readonly Piece[], select: readonly Piece[]): Piece[] {
  return [
    `select row_to_json(${ROW})::text as data, `,
    ...complete,
    " as complete from (select ",
    ...select,
    `) ${ROW}`,
  ];
}

/**
 * An instant as the scalar DateTime writes it. Of three fraction digits PostgreSQL leaves out zeros at the end; with a
 * microsecond more it writes all six, and they are cut. Two thirds of the time that to_char() takes.
 */
export function instant(sql: string): string {
  return `substr(to_json(${sql} at time zone 'UTC' + interval '1 microsecond')::text, 2, 23) || 'Z'`;
}

/** A name of the client's as SQL: GraphQL names have letters, digits and _ only. */
export function quoted(name: string): string {
  return `"${name}"`;
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A cursor, as encodeCursor() writes it.
 * @param valueOf SQL for the sort value of a column
 */
export function cursor(order: Order, valueOf: (column: OrderColumn, index: number) => string): string {
  const values = order.columns.map((column, index) => `',' || ${sortValue(column, valueOf(column, index))}`);
  const text = `${literal(`[${JSON.stringify(order.key)}`)} || ${values.join(" || ")} || ']'`;
  return `translate(encode(convert_to(${text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`;
}

/** A sort value as JSON text. */
function sortValue({ type }: OrderColumn, sql: string): string {
  switch (type) {
    case "uuid":
      return `'"' || ${sql} || '"'`;
    case "timestamptz":
      return `'"' || ${instant(sql)} || '"'`;
    case "text":
      return `to_json(${sql})::text`;
  }
}
