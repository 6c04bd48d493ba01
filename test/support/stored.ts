import { type QueryResultRow } from "pg";
import { withClient, type TestDatabase } from "./database";

/** What the tables hold, past every wall. */
export function stored<Row extends QueryResultRow = any>(
  database: TestDatabase,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return withClient(database.superuserUrl, async (client) => (await client.query<Row>(sql, [...values])).rows);
}

/** The tables that hold tenants' rows. */
export async function tenantTables(database: TestDatabase): Promise<string[]> {
  const rows = await stored<{ name: string }>(
    database,
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname`,
  );
  return rows.map(({ name }) => name);
}

/** Which rows a digest is of; all of them unless said. */
export interface DigestOptions {
  /** Tables that are left out. */
  readonly without?: readonly string[];
  readonly tenantId?: string;
}

/** What is no change: the record of numbers that were shown, and a tenant's own key, made once whatever becomes of a write. */
const UNCHANGING = ["account_number_reveals", "account_number_index_keys"];

/** Every row of every tenant's table as one short text a table: two that are the same are of the same rows. */
export async function digestSql(
  database: TestDatabase,
  { without = [], tenantId }: DigestOptions = {},
): Promise<string> {
  const tables = (await tenantTables(database)).filter((table) => ![...UNCHANGING, ...without].includes(table));
  const where = tenantId === undefined ? "" : `where t.tenant_id = '${tenantId}'`;
  const digests = tables.map(
    (table) =>
      `'${table}', (select concat(count(*), ' ', sum(hashtextextended(t::text, 0)::numeric)) from ${table} t ${where})`,
  );
  return `select json_build_object(${digests.join(", ")}) as digest`;
}

/** As {@link digestSql} makes it, now. */
export async function digest(database: TestDatabase, options: DigestOptions = {}): Promise<unknown> {
  const [row] = await stored<{ digest: unknown }>(database, await digestSql(database, options));
  return row?.digest;
}
