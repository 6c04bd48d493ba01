import { isUuid } from "../validation/uuid";
import { isCleanText } from "../text/text";
import { type Parameters } from "../tenancy/parameters";

/** Of a sort value: a name has 300 characters, and folding makes 18 of one (U+FDFA). */
const MAX_TEXT_LENGTH = 6000;

/** One column that a list is ordered by. Such columns are never null. */
export interface OrderColumn {
  /** How the order is called in cursors. */
  readonly name: string;
  readonly column: string;
  /** The entity's property of that column. */
  readonly property: string;
  readonly type: "text" | "timestamptz" | "uuid";
  readonly descending: boolean;
}

/** A total order: what was asked for, and the id to break ties, in the direction of the last column. */
export class Order {
  readonly columns: readonly OrderColumn[];
  /** The list and order that a cursor belongs to. */
  readonly key: string;

  constructor(list: string, columns: readonly OrderColumn[]) {
    const descending = columns.at(-1)?.descending ?? false;
    this.columns = [...columns, { name: "ID", column: "id", property: "id", type: "uuid", descending }];
    this.key = [list, ...this.columns.map(({ name, descending: down }) => `${name}${down ? "-" : "+"}`)].join(" ");
  }

  /** The ORDER BY list, or its reverse. */
  sql(alias: string, reversed = false): string {
    return this.columns
      .map(({ column, descending }) => `${alias}.${column} ${descending === reversed ? "asc" : "desc"}`)
      .join(", ");
  }

  /** A row's sort values as texts. */
  valuesOf(row: object): string[] {
    return this.columns.map(({ property }) => {
      const value = (row as Record<string, unknown>)[property];
      return value instanceof Date ? value.toISOString() : String(value);
    });
  }

  /** Whether texts from outside can be sort values of this order. */
  accepts(values: readonly string[]): boolean {
    return this.columns.every(({ type }, index) => {
      const value = values[index] ?? "";
      switch (type) {
        case "uuid":
          return isUuid(value);
        case "timestamptz":
          return isInstant(value);
        case "text":
          return isCleanText(value) && value.length <= MAX_TEXT_LENGTH;
      }
    });
  }

  /**
   * The condition for rows beyond a place: after it in this order, or before it when reversed.
   * One direction throughout is a row comparison, which an index answers; mixed ones are spelled out, with the first
   * column's bound in front for the index.
   */
  beyond(values: readonly string[], alias: string, p: Parameters, reversed = false): string {
    const terms = this.columns.map(({ column, type, descending }, index) => ({
      column: `${alias}.${column}`,
      placeholder: `${p.add(values[index])}::${type}`,
      operator: descending === reversed ? ">" : "<",
    }));
    const [first] = terms;
    if (!first) return "true";
    if (terms.every(({ operator }) => operator === first.operator)) {
      const columns = terms.map(({ column }) => column).join(", ");
      return `(${columns}) ${first.operator} (${terms.map(({ placeholder }) => placeholder).join(", ")})`;
    }
    const alternatives = terms.map(({ column, operator, placeholder }, index) =>
      [
        ...terms.slice(0, index).map((equal) => `${equal.column} = ${equal.placeholder}`),
        `${column} ${operator} ${placeholder}`,
      ].join(" and "),
    );
    return `${first.column} ${first.operator}= ${first.placeholder} and (${alternatives.map((a) => `(${a})`).join(" or ")})`;
  }
}

/** An instant as a Date writes it, in a year that PostgreSQL knows; Date.parse alone would take February 30, too. */
function isInstant(text: string): boolean {
  const time = /^\d{4}-.*Z$/.test(text) && !text.startsWith("0000") ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}

/** By creation, newest first. */
export function newestFirst(list: string): Order {
  return new Order(list, [
    { name: "CREATED_AT", column: "created_at", property: "createdAt", type: "timestamptz", descending: true },
  ]);
}
