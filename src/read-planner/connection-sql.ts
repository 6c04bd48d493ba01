import { placeSql, type List } from "../pagination/list";
import { type Slice } from "../pagination/slice";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { cursor, list as jsonList, object, quoted } from "./json-sql";
import { type Run } from "./statement";

/** A field that is made of a row of the page: `nodes`, or `edges`. */
export interface RowsField {
  readonly key: string;
  /** The fields of the object that stands for the row, as a select list. @param cursor the row's, for edges that select it */
  readonly select: (run: Run, cursor: () => string) => string;
}

/** Fields of a connection, each by the name that the client gave it. */
export interface ConnectionFields {
  readonly rows: readonly RowsField[];
  /** The names of totalCount. */
  readonly counts: readonly string[];
  /** The fields of each pageInfo, and the name that each has. */
  readonly pageInfos: readonly { readonly key: string; readonly fields: readonly PageInfoField[] }[];
  /** Everything in the order selected: names of the above, and texts that are always the same. */
  readonly order: readonly { readonly key: string; readonly constant?: string }[];
}

export interface PageInfoField {
  readonly key: string;
  readonly field: "hasNextPage" | "hasPreviousPage" | "startCursor" | "endCursor" | { readonly constant: string };
}

/** Where the rows of a connection come from. */
export interface ConnectionSource {
  readonly table: string;
  /** What the listed row is called. */
  readonly alias: string;
  /** What ties it to its parent, fit to stand before AND; empty for a list of the whole tenant. */
  readonly ofParent: string;
  readonly list: List<TenantOwned>;
  readonly slice: Slice;
}

/**
 * A connection's object. Going forward through one list of rows is one subselect with a limit, the fastest there is. Whatever
 * needs to know more of the page (is there another row, where does it end, the same rows twice, the way back) gathers the
 * rows first, and one more; but of a whole list without a filter, going through it again by its index costs less.
 */
export function connectionSql(source: ConnectionSource, fields: ConnectionFields, run: Run): string {
  const isSimple = !source.slice.backward && fields.rows.length <= 1;
  const isCheap = source.ofParent === "" && !run.isFiltered;
  const parts =
    isSimple && (isCheap || fields.pageInfos.length === 0)
      ? simpleRows(source, fields, run)
      : wholePage(source, fields, run);
  for (const key of fields.counts) parts.columns.set(key, countSql(source, run));
  const columns = fields.order.map(
    ({ key, constant }) => `${constant ?? parts.columns.get(key) ?? "null"} as ${quoted(key)}`,
  );
  return object(`${columns.join(", ")}${parts.from}`);
}

/** How many rows the whole list has. */
export function countSql({ table, alias, ofParent, list }: Omit<ConnectionSource, "slice">, run: Run): string {
  const counted = `${alias}_n`;
  const parent = ofParent.replaceAll(`${alias}.`, `${counted}.`);
  return `(select count(*)::int from ${table} ${counted} where ${counted}.tenant_id = $1 and ${parent}${list.condition(counted, run.p)})`;
}

interface Parts {
  readonly columns: Map<string, string>;
  readonly from: string;
}

function simpleRows(
  { table, alias, ofParent, list, slice }: ConnectionSource,
  fields: ConnectionFields,
  run: Run,
): Parts {
  const columns = new Map<string, string>();
  for (const field of fields.rows) {
    const select = field.select(run, () => cursor(list.order, ({ column }) => `${alias}.${column}`));
    const where = `${alias}.tenant_id = $1 and ${ofParent}${placeSql(list, slice, alias, run.p)}`;
    const rows = `select ${select} from ${table} ${alias} where ${where} order by ${list.order.sql(alias)} limit ${slice.size}`;
    columns.set(field.key, jsonList(rows));
  }
  if (fields.pageInfos.length === 0) return { columns, from: "" };
  const page = wholePage({ table, alias: `${alias}_p`, ofParent, list, slice }, { ...fields, rows: [] }, run);
  return { columns: new Map([...columns, ...page.columns]), from: page.from };
}

function wholePage(
  { table, alias, ofParent, list, slice }: ConnectionSource,
  fields: ConnectionFields,
  run: Run,
): Parts {
  const { order } = list;
  const { size, backward } = slice;
  const sortColumns = fields.pageInfos.length > 0 ? order.columns : [];
  const objects = fields.rows.map((field, index) => {
    const select = field.select(run, () => cursor(order, ({ column }) => `${alias}.${column}`));
    return `${object(select)} as object_${index}`;
  });
  const select = [...objects, ...sortColumns.map(({ column }, index) => `${alias}.${column} as sort_${index}`), "1"];
  const where = `${alias}.tenant_id = $1 and ${ofParent}${placeSql(list, slice, alias, run.p)}`;
  const read = (columns: string): string =>
    `select ${columns} from ${table} ${alias} where ${where} order by ${order.sql(alias, backward)} limit ${size + 1}`;
  // On the way back the rows are turned round before they are gathered.
  const rows = backward
    ? `select ${select.join(", ")} from (${read(`${alias}.*`)}) ${alias} order by ${order.sql(alias)}`
    : read(select.join(", "));
  const gathered = [
    "count(*)::int as n",
    ...fields.rows.map((_, index) => `array_agg(x.object_${index}) as list_${index}`),
    ...sortColumns.map((_, index) => `array_agg(x.sort_${index}) as sorts_${index}`),
  ];
  const page = `page_${alias}`;
  // The one row more is the last on the way forward, and the first on the way back.
  const first = backward ? `greatest(${page}.n - ${size}, 0) + 1` : "1";
  const last = backward ? `${page}.n` : `least(${page}.n, ${size})`;
  const columns = new Map<string, string>();
  fields.rows.forEach(({ key }, index) =>
    columns.set(key, `coalesce(array_to_json(${page}.list_${index}[${first}:${last}]), '[]'::json)`),
  );
  // An empty page has no ends, though a page of no rows has seen one.
  const end = (at: string): string =>
    `case when ${last} >= ${first} then ${cursor(order, (_column, index) => `${page}.sorts_${index}[${at}]`)} end`;
  const more = `(${page}.n > ${size})`;
  const entered = String(slice.beyond !== undefined);
  const values = {
    hasNextPage: backward ? entered : more,
    hasPreviousPage: backward ? more : entered,
    startCursor: end(first),
    endCursor: end(last),
  };
  for (const { key, fields: selected } of fields.pageInfos) {
    const info = selected.map(
      (field) =>
        `${typeof field.field === "string" ? values[field.field] : field.field.constant} as ${quoted(field.key)}`,
    );
    columns.set(key, object(info.join(", ")));
  }
  return { columns, from: ` from (select ${gathered.join(", ")} from (${rows}) x) ${page}` };
}
