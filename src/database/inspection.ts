import { createDataSource, MIGRATION_NAMES } from "./data-source";

/** Runs a statement that looks at a database. */
export type ReadRows = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A connection that looks at a database and changes nothing. */
export class Inspection {
  private constructor(private readonly dataSource: ReturnType<typeof createDataSource>) {}

  static async connect(url: string): Promise<Inspection> {
    const options = { url, entities: [], poolSize: 1, poolTimeoutMs: 10_000 };
    return new Inspection(await createDataSource(options).initialize());
  }

  readonly rows: ReadRows = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    this.dataSource.query<Row[]>(sql, [...values]);

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** The roles that migrations make. */
export const ROLES = ["clientele_app", "clientele_finder"];

/** What the server needs beside the roles. */
export const EXTENSIONS = ["btree_gin", "pg_trgm"];

/**
 * What migrations make, a line each: `<kind> <name>: <definition>`. Kinds are table (its row-level security), policy,
 * constraint, index (but those of constraints) and function.
 */
export async function describeDatabase(rows: ReadRows): Promise<string[]> {
  const found = await rows<{ line: string }>(DESCRIPTION);
  return found.map(({ line }) => line).sort();
}

const DESCRIPTION = `
  with ours as (
    select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
  )
  select format('table %s: row-level security %s', relname,
    case when relrowsecurity and relforcerowsecurity then 'forced' when relrowsecurity then 'on' else 'off' end) as line
  from ours
  union all
  select format('policy %s.%s: %s %s to %s using %s with check %s', tablename, policyname, lower(permissive), lower(cmd),
    array(select case when role = pg_get_userbyid(c.relowner) then 'the owner' else role end from unnest(roles) role), qual,
    coalesce(with_check, 'nothing'))
  from pg_policies join pg_class c on c.oid = format('public.%I', tablename)::regclass where schemaname = 'public'
  union all
  select format('constraint %s.%s: %s%s', o.relname, k.conname, pg_get_constraintdef(k.oid),
    case when k.convalidated then '' else ' (not validated)' end)
  from pg_constraint k join ours o on o.oid = k.conrelid where k.contype in ('p', 'u', 'f', 'c', 'x')
  union all
  select format('index %s: %s%s', c.relname, pg_get_indexdef(i.indexrelid), case when i.indisvalid then '' else ' (invalid)' end)
  from pg_index i join ours o on o.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
  where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  union all
  select format('function %s: as %s, owned by %s, for %s, with %s, body %s', p.oid::regprocedure,
    case when p.prosecdef then 'its owner' else 'its caller' end,
    case when p.proowner::regrole::text = 'clientele_finder' then 'clientele_finder' else 'the owner' end,
    case when exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
      then 'everyone' else 'some' end,
    coalesce(array_to_string(p.proconfig, '; '), 'no settings'), md5(p.prosrc))
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace
    and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')`;

/** The migrations that have run here, and those of this version that have not. */
export async function readMigrations(rows: ReadRows): Promise<{ pending: string[]; unknown: string[] }> {
  const [table] = await rows<{ exists: boolean }>(
    `select to_regclass('public.schema_migrations') is not null as exists`,
  );
  const done = table?.exists ? await rows<{ name: string }>("select name from schema_migrations") : [];
  const names = done.map(({ name }) => name);
  return {
    pending: MIGRATION_NAMES.filter((name) => !names.includes(name)),
    unknown: names.filter((name) => !MIGRATION_NAMES.includes(name)),
  };
}
