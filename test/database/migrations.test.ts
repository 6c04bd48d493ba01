import { randomBytes } from "node:crypto";
import { migrate, revertMigration } from "../../src/database/migrate";
import { createTestDatabase, type TestDatabase, withClient } from "../support/database";
import { TenantAdministration } from "../../src/tenancy/tenant-administration";
import { startGateway } from "../support/gateway";
import { tenantTables } from "../support/stored";

/** Everything in the schema that migrations make, a line each, but for TypeORM's own table and the extensions. */
async function dump({ superuserUrl }: TestDatabase): Promise<string[]> {
  const isOurs = (relation: string): string =>
    `${relation}.relnamespace = 'public'::regnamespace and ${relation}.relname not like 'schema_migrations%'`;
  const isExtension = (catalogue: string, oid: string): string =>
    `exists (select from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;
  const queries = [
    `select 'table', c.relname, c.relkind, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.reloptions
     from pg_class c where ${isOurs("c")} and c.relkind <> 'i'`,
    `select 'column', c.relname, rank() over (partition by c.oid order by a.attnum), a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
       a.attidentity, l.collname, a.attacl, pg_get_expr(e.adbin, e.adrelid)
     from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_collation l on l.oid = a.attcollation
     left join pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum
     where ${isOurs("c")} and c.relkind <> 'i' and a.attnum > 0 and not a.attisdropped`,
    `select 'index', pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid where ${isOurs("c")}`,
    `select 'constraint', c.relname, k.conname, k.convalidated, pg_get_constraintdef(k.oid)
     from pg_constraint k join pg_class c on c.oid = k.conrelid where ${isOurs("c")}`,
    `select 'policy', tablename, policyname, permissive, roles, cmd, qual, with_check from pg_policies where schemaname = 'public'`,
    `select 'trigger', c.relname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where ${isOurs("c")} and not t.tgisinternal`,
    `select 'statistics', stxname, pg_get_statisticsobjdef(oid) from pg_statistic_ext where stxnamespace = 'public'::regnamespace`,
    `select 'function', p.oid::regprocedure, p.proowner::regrole, p.proacl, pg_get_functiondef(p.oid) from pg_proc p
     where p.pronamespace = 'public'::regnamespace and not ${isExtension("pg_proc", "p.oid")} and p.prokind <> 'a'`,
    `select 'type', t.typname from pg_type t where t.typnamespace = 'public'::regnamespace and t.typrelid = 0 and t.typelem = 0
       and not ${isExtension("pg_type", "t.oid")}`,
    `select 'schema', n.nspname, n.nspowner::regrole, array(select g::text from unnest(n.nspacl) g order by 1) from pg_namespace n
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    `select 'rights of new objects', defaclrole::regrole, defaclacl from pg_default_acl`,
  ];
  return withClient(superuserUrl, async (client) => {
    const lines: string[] = [];
    for (const text of queries) {
      const { rows } = await client.query<unknown[]>({ text, rowMode: "array" });
      lines.push(...rows.map((row) => JSON.stringify(row)));
    }
    return lines.sort();
  });
}

async function withDatabase(work: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await createTestDatabase({ empty: true });
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

test("migrations go up, all the way down, leaving nothing, and up to the same schema again", async () => {
  await withDatabase(async (database) => {
    const before = await dump(database);
    const names = await migrate(database.adminUrl);
    expect(names.length).toBeGreaterThan(3);
    const schema = await dump(database);
    expect(schema.length).toBeGreaterThan(200);
    expect(await migrate(database.adminUrl)).toEqual([]);

    let reverted = 0;
    while (await revertMigration(database.adminUrl)) reverted++;
    expect(reverted).toBe(names.length);
    expect(await dump(database)).toEqual(before);

    expect(await migrate(database.adminUrl)).toEqual(names);
    expect(await dump(database)).toEqual(schema);
  });
});

test("each migration down and up again changes nothing", async () => {
  await withDatabase(async (database) => {
    const names = await migrate(database.adminUrl);
    const schema = await dump(database);
    for (let count = 1; count <= names.length; count++) {
      for (let step = 0; step < count; step++) await revertMigration(database.adminUrl);
      expect(await migrate(database.adminUrl)).toEqual(names.slice(-count));
      expect(await dump(database)).toEqual(schema);
    }
  });
});

test("of several that migrate at once, one does it all", async () => {
  await withDatabase(async (database) => {
    const outcomes = await Promise.all([1, 2, 3].map(() => migrate(database.adminUrl)));
    const [all, ...others] = outcomes.sort((a, b) => b.length - a.length);
    expect(all?.length).toBeGreaterThan(3);
    expect(others).toEqual([[], []]);
  });
});

describe("where one login that is no superuser owns the database", () => {
  /** A database of a login that can do nothing else, and what it is granted beforehand. */
  async function withOwner(grants: string, work: (database: TestDatabase) => Promise<void>): Promise<void> {
    await withDatabase(async (database) => {
      const role = `test_owner_${randomBytes(6).toString("hex")}`;
      const url = new URL(database.adminUrl);
      const asSuperuser = (...statements: string[]): Promise<void> =>
        withClient(database.superuserUrl, async (client) => {
          for (const statement of statements) await client.query(statement);
        });
      await asSuperuser(
        `create role ${role} login password 'test' ${grants}`,
        `alter database ${url.pathname.slice(1)} owner to ${role}`,
      );
      url.username = role;
      url.password = "test";
      try {
        await work({ ...database, url: url.href, adminUrl: url.href });
      } finally {
        await asSuperuser(
          `alter database ${url.pathname.slice(1)} owner to ${new URL(database.adminUrl).username}`,
          `reassign owned by ${role} to current_user`,
          `drop owned by ${role}`,
          `drop role ${role}`,
        );
      }
    });
  }

  test("and is a member of the roles, it migrates and serves, held by row-level security", async () => {
    await withOwner("in role clientele_app, clientele_finder", async (database) => {
      await migrate(database.adminUrl);
      const gateway = await startGateway({ database });
      try {
        const one = await gateway.aTenant();
        const other = await gateway.aTenant();
        await one.run(`mutation { createCustomer(input: { name: "Ada" }) { id } }`);
        await gateway.app.database.refreshStatistics();
        const query = `{ customers(filter: { search: "ada" }) { nodes { name } } }`;
        expect(await one.run(query)).toEqual({ customers: { nodes: [{ name: "Ada" }] } });
        expect(await other.run(query)).toEqual({ customers: { nodes: [] } });
      } finally {
        await gateway.close();
      }
      while (await revertMigration(database.adminUrl));
    });
  });

  test("it cannot read a part of a tenant table without being told, a new one neither; the commands and migrations can", async () => {
    await withOwner("in role clientele_app, clientele_finder", async (database) => {
      await migrate(database.adminUrl);
      const tenants = await TenantAdministration.connect(database.adminUrl);
      try {
        const { id } = await tenants.create("acme", "Acme");
        const tables = await tenantTables(database);
        await withClient(database.adminUrl, async (owner) => {
          await owner.query(
            `create table notes (tenant_id uuid not null, constraint notes_pk primary key (tenant_id))`,
          );
          await owner.query(`select guard_tenant_table('notes')`);
          for (const table of [...tables, "notes"]) {
            for (const sql of [
              `select count(*) from ${table}`,
              `copy ${table} to stdout`,
              `delete from ${table} where tenant_id = '${id}'`,
            ])
              await expect(owner.query(sql)).rejects.toMatchObject({
                code: "42501",
                message: expect.stringContaining(`back up with "clientele backup"`),
              });
          }
          // However it is planned: without a scan of the whole table, and for a tenant.
          await owner.query("set enable_seqscan = off");
          await owner.query(`set app.tenant = '${id}'`);
          await expect(owner.query("select from contacts")).rejects.toThrow("clientele backup");
          await owner.query("set app.owner_reads = on");
          expect((await owner.query("select from contacts")).rows).toEqual([]);
          await owner.query("drop table notes");
        });
        await tenants.remove(id);
        expect(await tenants.list()).toEqual([]);
      } finally {
        await tenants.close();
      }
    });
  });

  test("and is no member of them, it says what an administrator has to run, and leaves nothing", async () => {
    jest.spyOn(console, "log").mockReturnValue(); // TypeORM tells it, too
    await withOwner("", async (database) => {
      const before = await dump(database);
      await expect(migrate(database.adminUrl)).rejects.toThrow(
        /The role clientele_app is missing or not granted to test_owner_\w+\. Ask an administrator to run: create role clientele_app nologin; grant clientele_app to test_owner_/,
      );
      expect(await dump(database)).toEqual(before);
    });
  });
});
