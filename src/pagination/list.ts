import { Parameters } from "../tenancy/parameters";
import { type EntityClass, type TenantScope } from "../tenancy/tenant-scope";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { encodeCursor } from "./cursor";
import { type Order } from "./order";
import { type Slice } from "./slice";

/**
 * Adds a filter's values to a statement's parameters and answers with its condition on the rows called `alias`, fit to stand
 * between ANDs.
 */
export interface Condition {
  (alias: string, p: Parameters): string;
  /** Whether it is true or false for every row, never null. */
  readonly isNeverNull?: boolean;
}

/** A list to page through: which rows, in which order. */
export interface List<T extends TenantOwned> {
  readonly entity: EntityClass<T>;
  readonly order: Order;
  readonly condition: Condition;
}

/** A part of a list. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The rows of one slice, in one statement: one row more than asked for says whether there are more. */
export async function readPage<T extends TenantOwned>(
  scope: TenantScope,
  list: List<T>,
  slice: Slice,
): Promise<Page<T>> {
  const p = new Parameters();
  const rows = await scope.select(list.entity, "t", `where t.tenant_id = $1 and ${sliceSql(list, slice, "t", p)}`, p);
  return toPage(list.order, slice, rows);
}

/**
 * The same slice of the list of each parent, for all parents in one statement.
 * @param parentColumn the column of the listed rows that holds the parent's id
 * @returns the page by the parent's id
 */
export async function readPagesByParent<T extends TenantOwned>(
  scope: TenantScope,
  list: List<T>,
  parentColumn: string,
  slice: Slice,
  parentIds: readonly string[],
): Promise<Map<string, Page<T>>> {
  const p = new Parameters();
  const ids = p.add(parentIds);
  const rows = await scope.query<{ parentId: string }>(
    `select parent.id as "parentId", child.*
     from unnest(${ids}::uuid[]) with ordinality as parent (id, position)
     cross join lateral (
       select ${scope.columns(list.entity, "t")} from ${scope.table(list.entity)} t
       where t.tenant_id = $1 and t.${parentColumn} = parent.id and ${sliceSql(list, slice, "t", p)}
     ) child
     order by parent.position`,
    p,
  );
  const byParent = new Map<string, T[]>(parentIds.map((id) => [id, []]));
  for (const { parentId, ...row } of rows) byParent.get(parentId)?.push(scope.hydrate(list.entity, row));
  return new Map([...byParent].map(([id, nodes]) => [id, toPage(list.order, slice, nodes)]));
}

/** How many rows the list has. */
export async function readCount<T extends TenantOwned>(scope: TenantScope, list: List<T>): Promise<number> {
  const p = new Parameters();
  const [row] = await scope.query<{ count: number }>(
    `select count(*)::int as count from ${scope.table(list.entity)} t where t.tenant_id = $1 and ${list.condition("t", p)}`,
    p,
  );
  return row?.count ?? 0;
}

/** How many rows the list of each parent has, for all parents in one statement; parents without rows are not in the answer. */
export async function readCountsByParent<T extends TenantOwned>(
  scope: TenantScope,
  list: List<T>,
  parentColumn: string,
  parentIds: readonly string[],
): Promise<Map<string, number>> {
  const p = new Parameters();
  const rows = await scope.query<{ parentId: string; count: number }>(
    `select t.${parentColumn} as "parentId", count(*)::int as count from ${scope.table(list.entity)} t
     where t.tenant_id = $1 and t.${parentColumn} = any(${p.add(parentIds)}::uuid[]) and ${list.condition("t", p)}
     group by t.${parentColumn}`,
    p,
  );
  return new Map(rows.map(({ parentId, count }) => [parentId, count]));
}

function sliceSql<T extends TenantOwned>(list: List<T>, slice: Slice, alias: string, p: Parameters): string {
  return `${placeSql(list, slice, alias, p)} order by ${list.order.sql(alias, slice.backward)} limit ${p.add(slice.size + 1)}`;
}

/** The condition for the rows of a list from where a slice begins. */
export function placeSql<T extends TenantOwned>(
  { order, condition }: List<T>,
  { beyond, backward }: Slice,
  alias: string,
  p: Parameters,
): string {
  return `${condition(alias, p)}${beyond ? ` and ${order.beyond(beyond, alias, p, backward)}` : ""}`;
}

function toPage<T extends TenantOwned>(order: Order, slice: Slice, rows: T[]): Page<T> {
  const more = rows.length > slice.size;
  const nodes = rows.slice(0, slice.size);
  if (slice.backward) nodes.reverse();
  const entered = slice.beyond !== undefined;
  return {
    nodes,
    cursors: nodes.map((node) => encodeCursor(order.key, order.valuesOf(node))),
    hasNextPage: slice.backward ? entered : more,
    hasPreviousPage: slice.backward ? more : entered,
  };
}
