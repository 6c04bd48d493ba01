import "reflect-metadata";
import { randomUUID } from "node:crypto";
import { type Client } from "pg";
import { type DataSource, type EntityMetadata, getMetadataArgsStorage } from "typeorm";
import "../../src/app";
import { createDataSource } from "../../src/database/data-source";
import { createTestDatabase, type TestDatabase, withClient } from "../support/database";
import { startGateway } from "../support/gateway";
import { TENANT_TABLES } from "../support/lint-statement";

/* What every table must keep to, read from the catalogue of the migrated database: a new table cannot forget it. */

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Rows as the superuser sees them. */
function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return withClient(database.superuserUrl, async (client) => (await client.query<Row>(sql, values)).rows);
}

/** The tables that hold tenants' rows. */
async function tenantTables(): Promise<string[]> {
  const found = await rows<{ name: string }>(`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id'
    order by 1`);
  return found.map(({ name }) => name);
}

/** An SQLSTATE that a statement fails with. */
async function failure(client: Client, sql: string, values: unknown[] = []): Promise<string | undefined> {
  await client.query("savepoint attempt");
  try {
    await client.query(sql, values);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  } finally {
    await client.query("rollback to savepoint attempt");
  }
}

/** Two tenants with a row each in a table that needs nothing else. */
async function twoTenants(): Promise<readonly [string, string]> {
  const pair = [randomUUID(), randomUUID()] as const;
  for (const id of pair) {
    await rows("insert into tenants (id, code, code_key, name) values ($1::uuid, $2, $2, $2)", [id, id]);
    await rows("insert into code_counters (tenant_id, kind, last_number) values ($1, 'customer', 1)", [id]);
  }
  return pair;
}

describe("every tenant table", () => {
  test("is one of all tables but three", async () => {
    const others = await rows<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm', 'v', 'f') and relname <> all ($1) order by 1`,
      [await tenantTables()],
    );
    expect(others.map(({ name }) => name)).toEqual(["rate_limits", "schema_migrations", "tenants"]);
  });

  test("is known to the lint of statements", async () => {
    expect([...TENANT_TABLES].sort()).toEqual(await tenantTables());
  });

  test("has row-level security, for its owner too", async () => {
    const guarded = await rows<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relrowsecurity and relforcerowsecurity order by 1`,
    );
    expect(guarded.map(({ name }) => name)).toEqual(await tenantTables());
  });

  test("shows and takes rows of the transaction's tenant only", async () => {
    const condition = "(tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)";
    const policies = await rows<Record<string, string>>(
      `select tablename, permissive, roles::text, cmd, qual, with_check from pg_policies
       where schemaname = 'public' and policyname = 'tenant_isolation' and tablename <> 'tenants' order by tablename`,
    );
    expect(policies).toEqual(
      (await tenantTables()).map((tablename) => ({
        tablename,
        permissive: "PERMISSIVE",
        roles: "{public}",
        cmd: "ALL",
        qual: condition,
        with_check: condition,
      })),
    );
  });

  test("has no policy besides, but for those that let the finder read what is looked up, and which keys are in use", async () => {
    const policies = await rows<object>(
      `select tablename, cmd, roles::text from pg_policies
       where schemaname = 'public' and policyname not in ('tenant_isolation', 'owner_reads') order by tablename`,
    );
    const finders = [
      "account_number_index_keys",
      "assets",
      "bank_accounts",
      "customers",
      "idempotency_keys",
      "signing_clients",
      "tenants",
    ];
    expect(policies).toEqual(finders.map((tablename) => ({ tablename, cmd: "SELECT", roles: "{clientele_finder}" })));
    const columns = await rows<{ grants: string }>(
      `select table_name || ': ' || string_agg(column_name, ' ' order by column_name) as grants
       from information_schema.column_privileges where grantee = 'clientele_finder' group by table_name order by table_name`,
    );
    expect(columns.map(({ grants }) => grants)).toEqual([
      "account_number_index_keys: secret_key_id tenant_id",
      "assets: id search_text tenant_id",
      "bank_accounts: account_number_key_id tenant_id",
      "customers: id search_text tenant_id",
      "idempotency_keys: answer_key_id tenant_id",
      "signing_clients: previous_secret_key_id secret_key_id tenant_id",
      "tenants: code_key id",
    ]);
  });

  test("raises, by a restrictive policy, for its owner and for those who read all data, who would see a part of it", async () => {
    const policies = await rows<object>(
      `select p.tablename, p.permissive, p.cmd, p.qual,
         array(select case when r = pg_get_userbyid(c.relowner) then 'owner' else r::text end from unnest(p.roles) r order by 1) as roles
       from pg_policies p join pg_class c on c.oid = format('public.%I', p.tablename)::regclass
       where p.schemaname = 'public' and p.policyname = 'owner_reads' order by p.tablename`,
    );
    expect(policies).toEqual(
      (await tenantTables()).map((tablename) => ({
        tablename,
        permissive: "RESTRICTIVE",
        cmd: "SELECT",
        qual: "(tenant_id >= first_readable_tenant())",
        roles: ["owner", "pg_read_all_data"],
      })),
    );
  });

  test("has a tenant that is never null, and first in its primary key; with the id as the rest where there is one", async () => {
    const keys = await rows<{ name: string; key: string[]; has_id: boolean; type: string }>(
      `select c.relname as name, t.type,
         (select array_agg(k.attname::text order by u.n) from pg_constraint p, unnest(p.conkey) with ordinality u (attnum, n)
          join pg_attribute k on k.attrelid = c.oid and k.attnum = u.attnum where p.conrelid = c.oid and p.contype = 'p') as key,
         exists (select from pg_attribute i where i.attrelid = c.oid and i.attname = 'id') as has_id
       from pg_class c
       cross join lateral (select format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then '' else ' null' end as type
         from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') t
       where c.relname = any ($1) and c.relnamespace = 'public'::regnamespace`,
      [await tenantTables()],
    );
    for (const { name, key, has_id: hasId, type } of keys) {
      expect({ name, type }).toEqual({ name, type: "uuid" });
      if (hasId) expect({ name, key }).toEqual({ name, key: ["tenant_id", "id"] });
      else expect({ name, first: key[0] }).toEqual({ name, first: "tenant_id" });
    }
    expect(keys).toHaveLength((await tenantTables()).length);
  });

  test("begins each of its indexes, unique ones and others, with the tenant", async () => {
    const others = await rows<{ name: string }>(
      `select i.indexrelid::regclass::text as name from pg_index i join pg_class t on t.oid = i.indrelid
       where t.relnamespace = 'public'::regnamespace and t.relname = any ($1)
         and pg_get_indexdef(i.indexrelid, 1, true) <> 'tenant_id'`,
      [await tenantTables()],
    );
    expect(others).toEqual([]);
  });

  test("names its constraints and indexes, with room for the number of a shard", async () => {
    const names = await rows<{ name: string }>(
      `select conname as name from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
       union select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')
         and relname !~ '^(schema_migrations|PK_)'`,
    );
    const unfit = names.filter(({ name }) => name.length > 50 || /_(key|fkey|pkey|check)\d*$/.test(name));
    expect(unfit).toEqual([]);
  });

  test("has no trigger, identity, sequence or deferrable constraint", async () => {
    const found = await rows<object>(`
      select 'trigger' as what, tgname::text as name from pg_trigger where not tgisinternal
      union all select 'deferrable', conname from pg_constraint where connamespace = 'public'::regnamespace and condeferrable
      union all select 'identity', attrelid::regclass || '.' || attname from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and attidentity <> ''
      union all select 'sequence', relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'
        and relname <> 'schema_migrations_id_seq'`);
    expect(found).toEqual([]);
  });
});

interface ForeignKey {
  name: string;
  from: string;
  to: string;
  columns: string[];
  referenced: string[];
  on_delete: string;
  on_update: string;
  /** The columns of each index of the table, and the condition of a partial one. */
  indexes: { columns: string[]; condition: string | null }[];
}

describe("every foreign key", () => {
  let foreignKeys: ForeignKey[];
  beforeAll(async () => {
    const columns = (relation: string, numbers: string): string =>
      `(select array_agg(a.attname::text order by u.n) from unnest(${numbers}) with ordinality u (attnum, n)
        join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.attnum)`;
    foreignKeys = await rows<ForeignKey>(`
      select k.conname as name, k.conrelid::regclass::text as "from", k.confrelid::regclass::text as "to",
        ${columns("k.conrelid", "k.conkey")} as columns, ${columns("k.confrelid", "k.confkey")} as referenced,
        k.confdeltype as on_delete, k.confupdtype as on_update,
        (select json_agg(json_build_object('columns', ${columns("i.indrelid", "i.indkey::int2[]")}, 'condition', pg_get_expr(i.indpred, i.indrelid)))
         from pg_index i where i.indrelid = k.conrelid) as indexes
      from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace`);
    expect(foreignKeys.length).toBeGreaterThan(10);
  });

  test("between tenants' tables holds the tenant, first, on both sides", async () => {
    const tables = await tenantTables();
    for (const { name, from, to, columns, referenced } of foreignKeys) {
      expect(tables).toContain(from);
      const wanted = tables.includes(to) ? ["tenant_id", "id"] : ["id"];
      expect({ name, referenced }).toEqual({ name, referenced: wanted });
      expect({ name, first: columns[0], count: columns.length }).toEqual({
        name,
        first: "tenant_id",
        count: wanted.length,
      });
    }
  });

  test("has an index that begins with its columns", () => {
    for (const { name, columns, indexes } of foreignKeys) {
      const notNull = `(${columns.at(-1)} IS NOT NULL)`;
      const serving = indexes.filter(
        (index) =>
          (index.condition === null || index.condition === notNull) &&
          columns.every((column, position) => index.columns[position] === column),
      );
      expect({ name, isServed: serving.length > 0 }).toEqual({ name, isServed: true });
    }
  });

  test("refuses or goes with what it refers to: it never sets a column to null", () => {
    for (const { name, on_delete: onDelete, on_update: onUpdate } of foreignKeys) {
      expect({ name, onDelete, onUpdate }).toEqual({
        name,
        onDelete: expect.stringMatching(/^[ac]$/),
        onUpdate: "a",
      });
    }
  });
});

describe("the server's role", () => {
  const ROLES = ["clientele_app", "clientele_finder"];

  test.each(ROLES)("%s has no power of its own", async (role) => {
    const [attributes] = await rows<object>(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin from pg_roles where rolname = $1`,
      [role],
    );
    expect(new Set(Object.values(attributes ?? {}))).toEqual(new Set([false]));
    const memberships = await rows(
      `select roleid::regrole::text from pg_auth_members where member = $1::regrole and roleid::regrole::text <> 'pg_database_owner'`,
      [role],
    );
    expect(memberships).toEqual([]);
  });

  test("owns nothing; the finder owns the functions that look past row-level security and nothing else", async () => {
    const owned = await rows<object>(
      `select relowner::regrole::text as owner, relname::text as name from pg_class where relowner = any ($1::regrole[])
       union all select proowner::regrole::text, proname::text from pg_proc where proowner = any ($1::regrole[])
       union all select nspowner::regrole::text, nspname::text from pg_namespace where nspowner = any ($1::regrole[])
       union all select typowner::regrole::text, typname::text from pg_type where typowner = any ($1::regrole[])
       union all select datdba::regrole::text, datname::text from pg_database where datdba = any ($1::regrole[])
       order by 1, 2`,
      [[...ROLES, new URL(database.url).username]],
    );
    expect(owned).toEqual([
      { owner: "clientele_finder", name: "encryption_keys_in_use" },
      { owner: "clientele_finder", name: "find_assets" },
      { owner: "clientele_finder", name: "find_customers" },
      { owner: "clientele_finder", name: "find_tenant_id" },
    ]);
  });

  test("can run no function as somebody else but those made for it", async () => {
    const definers = await rows<object>(
      `select p.proname::text as name, p.proacl::text ~ '(^|[{,])=' as is_public, p.proconfig from pg_proc p
       where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`,
    );
    const pinned = { is_public: false, proconfig: ["search_path=public, pg_temp"] };
    expect(definers).toEqual([
      { name: "encryption_keys_in_use", ...pinned },
      { name: "find_assets", ...pinned },
      { name: "find_customers", ...pinned },
      { name: "find_tenant_id", ...pinned },
      { name: "refresh_statistics", ...pinned },
    ]);
  });

  test("cannot change the schema, the policies or its own rights", async () => {
    await withClient(database.url, async (client) => {
      await client.query("begin");
      for (const sql of [
        "create table t (id int)",
        "create schema s",
        "create function f() returns int language sql return 1",
        "alter table customers disable row level security",
        "alter table customers no force row level security",
        "create policy everything on customers using (true)",
        "drop policy tenant_isolation on customers",
        "truncate customers",
        "select guard_tenant_table('customers')",
        "set role clientele_finder",
        "alter role current_user bypassrls",
        "insert into tenants (id, code, code_key, name) values (gen_random_uuid(), 'x', 'x', 'x')",
        "select * from schema_migrations",
        "copy customers to program 'cat'",
      ]) {
        expect({ sql, code: await failure(client, sql) }).toEqual({ sql, code: "42501" });
      }
      await client.query("set local row_security = off");
      expect(await failure(client, "select * from customers")).toBe("42501");
    });
  });
});

/** A login of the server: its own one, and the owner's where that is the only one. */
const LOGINS = [
  { login: "a login that holds nothing but the server's role", url: (): string => database.url },
  { login: "a login that owns the database", url: (): string => database.adminUrl },
];

describe.each(LOGINS)("with $login", ({ url }) => {
  test("set_tenant shows the rows of one tenant, until the transaction ends", async () => {
    const [one, other] = await twoTenants();
    await withClient(url(), async (client) => {
      const seen = async (sql: string): Promise<string[]> =>
        (await client.query<{ id: string }>(sql)).rows.map(({ id }) => id);
      for (const id of [one, other]) {
        await client.query("begin");
        await client.query("select set_tenant($1)", [id]);
        expect(await seen("select tenant_id as id from code_counters")).toEqual([id]);
        expect(await seen("select id from tenants")).toEqual([id]);
        expect((await client.query("update code_counters set last_number = 2")).rowCount).toBe(1);
        await client.query("commit");
      }
      const { rows: after } = await client.query("select current_user = session_user as is_itself");
      expect(after).toEqual([{ is_itself: true }]);
    });
  });

  test("set_tenant takes no rows of another tenant", async () => {
    const [one, other] = await twoTenants();
    await withClient(url(), async (client) => {
      await client.query("begin");
      await client.query("select set_tenant($1)", [one]);
      const insert = "insert into code_counters (tenant_id, kind, last_number) values ($1, 'asset', 1)";
      expect(await failure(client, insert, [other])).toBe("42501");
      expect(await failure(client, insert, [one])).toBeUndefined();
      expect(await failure(client, "update code_counters set tenant_id = $1", [other])).toBe("42501");
    });
  });

  test("the finders answer for the transaction's own tenant only", async () => {
    const [one, other] = await twoTenants();
    await rows(
      `insert into customers (tenant_id, id, code, code_key, code_folded, kind, name, name_folded, name_is_derived, search_text)
       select id, gen_random_uuid(), 'C-1', 'c-1', 'c-1', 'COMPANY', 'Ada', 'ada', false, 'ada' from tenants where id in ($1, $2)`,
      [one, other],
    );
    await withClient(url(), async (client) => {
      await client.query("begin");
      await client.query("select set_tenant($1)", [one]);
      const find = (id: string): Promise<{ rowCount: number | null }> =>
        client.query("select find_customers($1, array['%ada%'], 10)", [id]);
      expect((await find(one)).rowCount).toBe(1);
      expect((await find(other)).rowCount).toBe(0);
      // Patterns are data, whatever they hold.
      const evil = ["%' or true or '%", "%\\\\'%", "$1", "%s"];
      for (const pattern of evil) await client.query("select find_customers($1, $2, 10)", [one, [pattern]]);
      const none = await client.query("select find_customers($1, '{}', 10)", [one]);
      expect(none.rowCount).toBe(0);
    });
  });

  test("the gateway keeps tenants apart", async () => {
    const gateway = await startGateway({ database: { ...database, url: url() } });
    try {
      const one = await gateway.aTenant();
      const other = await gateway.aTenant();
      await one.run(`mutation { createCustomer(input: { name: "Ada" }) { id } }`);
      const query = `{ customers { nodes { name } totalCount } found: customers(filter: { search: "ada" }) { totalCount } }`;
      expect(await one.run(query)).toEqual({
        customers: { nodes: [{ name: "Ada" }], totalCount: 1 },
        found: { totalCount: 1 },
      });
      expect(await other.run(query)).toEqual({ customers: { nodes: [], totalCount: 0 }, found: { totalCount: 0 } });
      await gateway.app.database.refreshStatistics();
    } finally {
      await gateway.close();
    }
  });
});

test("without a tenant the server's login sees no row of any table", async () => {
  await twoTenants();
  await withClient(database.url, async (client) => {
    const [counted] = await rows<{ count: string }>("select count(*) from code_counters");
    expect(Number(counted?.count)).toBeGreaterThan(1);
    for (const table of [...(await tenantTables()), "tenants"]) {
      const { rowCount } = await client.query(`select 1 from ${table}`);
      expect({ table, rowCount }).toEqual({ table, rowCount: 0 });
    }
    // After a transaction the setting is empty rather than unset.
    await client.query("begin");
    await client.query("select set_tenant($1)", [randomUUID()]);
    await client.query("commit");
    expect((await client.query("select 1 from code_counters")).rowCount).toBe(0);
  });
});

interface TableColumn {
  name: string;
  type: string;
  isNullable: boolean;
  /** Whether an insert may leave it out. */
  isOptional: boolean;
}

describe("the entities", () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    const entities = getMetadataArgsStorage()
      .tables.map(({ target }) => target)
      .filter((target): target is new () => object => typeof target === "function");
    const options = { url: database.adminUrl, entities, poolSize: 1, poolTimeoutMs: 5000 };
    dataSource = await createDataSource(options).initialize();
  });
  afterAll(() => dataSource.destroy());

  function columnsOf(table: string): Promise<TableColumn[]> {
    return rows<TableColumn>(
      `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as "isNullable",
         not attnotnull or atthasdef as "isOptional"
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [table],
    );
  }

  const eachEntity = async (check: (entity: EntityMetadata, columns: TableColumn[]) => void): Promise<void> => {
    expect(dataSource.entityMetadatas.length).toBeGreaterThan(10);
    for (const entity of dataSource.entityMetadatas) check(entity, await columnsOf(entity.tableName));
  };

  test("have the columns of their tables, of the same types", async () => {
    await eachEntity((entity, columns) => {
      for (const column of entity.columns) {
        const name = `${entity.name}.${column.propertyName}`;
        const precision = column.precision == null ? "" : `(${column.precision})`;
        const names: Record<string, string> = {
          timestamptz: `timestamp${precision} with time zone`,
          int: "integer",
          float8: "double precision",
        };
        const type = names[String(column.type)] ?? String(column.type);
        const found = columns.find((candidate) => candidate.name === column.databaseName);
        expect({ name, type: found?.type, isNullable: found?.isNullable }).toEqual({
          name,
          type: `${type}${column.isArray ? "[]" : ""}`,
          isNullable: column.isNullable,
        });
      }
    });
  });

  test("leave out only columns that need no value", async () => {
    await eachEntity((entity, columns) => {
      const known = new Set(entity.columns.map(({ databaseName }) => databaseName));
      const missing = columns.filter(({ name, isOptional }) => !known.has(name) && !isOptional);
      expect({ entity: entity.name, missing }).toEqual({ entity: entity.name, missing: [] });
    });
  });

  test("have the tenant in their primary key, the tenant itself excepted", async () => {
    const tables = await tenantTables();
    await eachEntity((entity, columns) => {
      const key = entity.primaryColumns.map(({ databaseName }) => databaseName);
      if (entity.tableName === "tenants") return;
      expect(tables).toContain(entity.tableName);
      const wanted = columns.some(({ name }) => name === "id") ? ["tenant_id", "id"] : ["tenant_id"];
      expect({ entity: entity.name, key: key.sort().reverse() }).toEqual({ entity: entity.name, key: wanted });
    });
  });
});
