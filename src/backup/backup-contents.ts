import { ROLES, type ReadRows } from "../database/inspection";

/** What a backup says of itself. It holds no key and no password. */
export interface BackupContents {
  /** ISO 8601. */
  readonly takenAt: string;
  /** The major version of PostgreSQL. */
  readonly serverVersion: number;
  /** The character set of the database. */
  readonly encoding: string;
  /** As migrations are recorded, the oldest first. */
  readonly migrations: readonly string[];
  readonly tenants: number;
  /** How many rows each table has. */
  readonly tables: Readonly<Record<string, number>>;
  /** The ids of the encryption keys that something is sealed with. */
  readonly keyIds: readonly string[];
  /** Whom something is granted to, or whom a policy names, beside the owner and PostgreSQL's own roles. */
  readonly roles: readonly string[];
  /** Functions, by signature, that belong to one of the server's roles and not to the owner. */
  readonly functions: Readonly<Record<string, string>>;
}

/** A table that is kept: what an unlogged one holds, PostgreSQL itself loses with a crash. */
const KEPT_TABLES = `select c.oid, c.relname, c.relowner, c.relacl from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'`;

/** Reads what a backup of this state holds. Every row is counted. @param rows sees past row-level security */
export async function readContents(rows: ReadRows): Promise<BackupContents> {
  const [server] = await rows<{ version: number; encoding: string; now: Date }>(
    `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding,
       now() as now`,
  );
  if (!server) throw new Error("The database says nothing of itself");
  const names = await rows<{ name: string }>(`select t.relname as name from (${KEPT_TABLES}) t order by 1`);
  const tables: Record<string, number> = {};
  for (const { name } of names) {
    const [counted] = await rows<{ count: string }>(`select count(*) as count from public.${quoted(name)}`);
    tables[name] = Number(counted?.count);
  }
  const migrations = await rows<{ name: string }>("select name from public.schema_migrations order by timestamp, name");
  return {
    takenAt: server.now.toISOString(),
    serverVersion: server.version,
    encoding: server.encoding,
    migrations: migrations.map(({ name }) => name),
    tenants: tables["tenants"] ?? 0,
    tables,
    keyIds: await readKeyIds(rows),
    roles: await readRoles(rows),
    functions: await readFunctions(rows),
  };
}

/** Read from the rows: the function that servers ask is theirs alone. */
async function readKeyIds(rows: ReadRows): Promise<string[]> {
  const columns = await rows<{ table: string; column: string }>(
    `select t.relname as table, k.attname as column from (${KEPT_TABLES}) t
     join pg_attribute k on k.attrelid = t.oid and k.attname like '%\\_key\\_id' and not k.attisdropped
     join pg_attribute c on c.attrelid = t.oid and c.attname = regexp_replace(k.attname, '_key_id$', '_ciphertext')
     order by 1, 2`,
  );
  const ids = new Set<string>();
  for (const { table, column } of columns) {
    const used = await rows<{ id: string }>(
      `select distinct t.${quoted(column)} as id from public.${quoted(table)} t where t.${quoted(column)} is not null`,
    );
    for (const { id } of used) ids.add(id);
  }
  return [...ids].sort();
}

async function readRoles(rows: ReadRows): Promise<string[]> {
  const found = await rows<{ name: string }>(
    `with tables as (${KEPT_TABLES}), roles as (
       select a.grantee as oid from tables t cross join aclexplode(t.relacl) a where a.grantee <> t.relowner
       union
       select a.grantee from tables t join pg_attribute c on c.attrelid = t.oid cross join aclexplode(c.attacl) a
       where a.grantee <> t.relowner
       union
       select a.grantee from pg_proc p cross join aclexplode(p.proacl) a
       where p.pronamespace = 'public'::regnamespace and a.grantee <> p.proowner
       union
       select a.grantee from pg_namespace n cross join aclexplode(n.nspacl) a
       where n.nspname = 'public' and a.grantee <> n.nspowner
       union
       select role from pg_policy p join tables t on t.oid = p.polrelid cross join unnest(p.polroles) role
       where role <> t.relowner
     )
     select r.rolname as name from pg_roles r join roles on roles.oid = r.oid
     where r.rolname !~ '^pg_' and r.oid not in (select relowner from tables)`,
  );
  return [...new Set([...ROLES, ...found.map(({ name }) => name)])].sort();
}

async function readFunctions(rows: ReadRows): Promise<Record<string, string>> {
  const found = await rows<{ signature: string; owner: string }>(
    `select format('public.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as signature, r.rolname as owner
     from pg_proc p join pg_roles r on r.oid = p.proowner
     where p.pronamespace = 'public'::regnamespace and r.rolname = any ($1) order by 1`,
    [ROLES],
  );
  return Object.fromEntries(found.map(({ signature, owner }) => [signature, owner]));
}

/** A name as SQL has it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL has it. */
export const literal = (text: string): string =>
  `${text.includes("\\") ? " E" : ""}'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
