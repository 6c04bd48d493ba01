import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { containsPattern } from "../text/search";
import { allOf, noRow, thereIs } from "./conditions";
import { type Condition } from "./list";

/*
 * Conditions that no index of the listed table answers. Rows that meet one are either few: then they are looked up first,
 * by whatever index there is, and listed by their ids. Or they are many: then the list, gone through in its order, meets
 * enough of them soon, and looking them all up would be the slow way. Which it is, one short statement tells.
 */

/** More are many. */
const FEW = 1000;

/**
 * Holds for rows whose `search_text` contains every one of the texts.
 * @param finder the function of the database that finds them: LIKE reaches its index only there
 */
export async function containing(
  scope: TenantScope,
  finder: "find_customers" | "find_assets",
  texts: readonly string[],
): Promise<Condition> {
  const p = new Parameters();
  const patterns = p.add(texts.map(containsPattern));
  const rows = await scope.query<{ id: string }>(
    `select ${finder}($1, ${patterns}::text[], ${p.add(FEW + 1)}) as id`,
    p,
  );
  return few(rows) ?? allOf(texts.map((text) => contains("search_text", text)));
}

/**
 * Holds where the column contains the text. Not LIKE: of that the planner guesses that next to nothing matches, and would
 * rather sort all the tenant's rows than go through them in order; of this it takes a third to match.
 */
export function contains(column: string, text: string): Condition {
  return (alias, p) => `strpos(${alias}.${column}, ${p.add(text)}) > 0`;
}

/**
 * Holds for customers with a row in another table that meets a condition.
 * @param condition on the row called `r`
 */
export async function withRow(
  scope: TenantScope,
  table: string,
  condition: (p: Parameters) => string,
): Promise<Condition> {
  const p = new Parameters();
  const rows = await scope.query<{ id: string }>(
    `select r.customer_id as id from ${table} r where r.tenant_id = $1 and ${condition(p)} limit ${p.add(FEW + 1)}`,
    p,
  );
  const rest: Condition = (alias, q) =>
    `${table} r where r.tenant_id = $1 and r.customer_id = ${alias}.id and ${condition(q)}`;
  return few(rows) ?? thereIs(rest);
}

/** Holds for rows that meet one of the conditions; for none where there is none. */
export async function anyOf(scope: TenantScope, table: string, conditions: readonly Condition[]): Promise<Condition> {
  const [only] = conditions;
  if (!only) return noRow;
  if (conditions.length === 1) return only;
  const p = new Parameters();
  const limit = p.add(FEW + 1);
  // Each by its own index, which OR would not use.
  const each = conditions.map(
    (condition) => `(select o.id from ${table} o where o.tenant_id = $1 and (${condition("o", p)}) limit ${limit})`,
  );
  const rows = await scope.query<{ id: string }>(`select f.id from (${each.join(" union all ")}) f limit ${limit}`, p);
  return few(rows) ?? ((alias, q) => `(${conditions.map((condition) => `(${condition(alias, q)})`).join(" or ")})`);
}

/** Holds for these rows; undefined where they are many. */
function few(rows: readonly { id: string }[]): Condition | undefined {
  if (rows.length > FEW) return undefined;
  if (rows.length === 0) return noRow;
  const ids = rows.map(({ id }) => id);
  // In a subselect, so that the planner does not count them: it would go through the list until it met enough of them.
  return (alias, p) => `${alias}.id = any((select ${p.add(ids)}::uuid[])::uuid[])`;
}
