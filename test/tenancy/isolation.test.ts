import { type Client } from "pg";
import {
  comparable,
  fillForWalk,
  walkQuestions,
  withoutIds,
  type WalkedTenants,
} from "../../src/doctor/isolation-walk";
import { CURSORS, ONLY_HERE, questionsInOrder, unknownPlaces, valueAt, type Names } from "../../src/doctor/places";
import { ask, nameOf } from "../../src/doctor/questions";
import { makeWhole, type Made, type WholeTenant } from "../../src/doctor/whole-tenant";
import { withClient } from "../support/database";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { stored, tenantTables } from "../support/stored";

describe.each([
  { walls: "all walls", isGuarded: true, isReadPlannerOn: true },
  {
    walls: "row-level security switched off: the read planner alone must hold",
    isGuarded: false,
    isReadPlannerOn: true,
  },
  { walls: "row-level security switched off: the resolvers alone must hold", isGuarded: false, isReadPlannerOn: false },
])("with $walls", ({ isGuarded, isReadPlannerOn }) => {
  let gateway: TestGateway;
  let walked: WalkedTenants<TestTenant>;
  let a: WholeTenant<TestTenant>;
  let b: WholeTenant<TestTenant>;

  beforeAll(async () => {
    gateway = await startGateway({ isReadPlannerOn });
    const askers = [await gateway.aTenant(), await gateway.aTenant(), await gateway.aTenant()] as const;
    walked = await fillForWalk(gateway.app.database, askers);
    [a, b] = [walked.owner, walked.asker];
    if (!isGuarded) {
      await withClient(gateway.database.adminUrl, async (client) => {
        for (const table of [...(await tenantTables(gateway.database)), "tenants"]) {
          await client.query(`alter table ${table} disable row level security`);
        }
      });
    }
  });
  afterAll(() => gateway.close());

  test("row-level security is as this part of the test says", async () => {
    const seen = await withClient(gateway.database.url, (client) => client.query("select from customers"));
    expect(seen.rowCount).toBe(isGuarded ? 0 : 7);
  });

  test("every place that takes an id or a text is known to the walk", () => {
    expect(questionsInOrder(gateway.app.schema).length).toBeGreaterThan(200);
    expect(unknownPlaces(gateway.app.schema)).toEqual([]);
  });

  test("a code that both have finds each one's own", async () => {
    for (const { tenant, customers } of [a, b]) {
      const data = await tenant.run(`{
        now: customer(by: { code: "k-1" }) { id name workOrders { nodes { title asset { name } } } }
        before: customer(by: { code: "OLD-K-1" }) { id }
        listed: customers(filter: { code: { eq: "K-1" }, status: ["s-1"], search: "k-1" }) { nodes { id status { name } } }
        orders: workOrders(filter: { customer: { code: "K-1" } }) { nodes { title } }
      }`);
      const { id } = customers[0] as Made;
      expect(data.now).toMatchObject({ id, name: `${tenant.code} customer 1` });
      expect(data.now.workOrders.nodes).toEqual([
        { title: `${tenant.code} work`, asset: { name: `${tenant.code} asset` } },
      ]);
      expect(data.before).toEqual({ id });
      expect(data.listed.nodes).toEqual([{ id, status: { name: `${tenant.code} s` } }]);
      expect(data.orders.nodes).toEqual([{ title: `${tenant.code} work` }]);
    }
  });

  test("a code that A's customer gave up finds nothing for B", async () => {
    const query = `{ customer(by: { code: "${ONLY_HERE.formerCode}" }) { id } }`;
    expect((await b.tenant.run(query)).customer).toBeNull();
    expect((await a.tenant.run(query)).customer).toEqual({ id: walked.owned.ids.customer });
  });

  test("whatever of A another tenant asks for or means in a mutation, it gets what it gets for what never existed, and nothing of A changes", async () => {
    const { asked, findings } = await walkQuestions(gateway.app.schema, gateway.app.database, walked);
    expect(findings).toEqual([]);
    expect(asked).toBeGreaterThan(200);
    expect(gateway.unexpected).toEqual([]);
  });

  test("A itself gets something else there: the comparison says something", async () => {
    const { owned, never } = walked;
    for (const question of questionsInOrder(gateway.app.schema)) {
      const { owner, field, place } = question;
      if (owner === "Mutation" && !field.name.startsWith("create")) continue;
      // Refused to A as well: the asset is none of K-1, for whom the work is; who is new has no id.
      if (["WorkOrderInput.assetId", "ContactInput.id", "BankAccountInput.id"].includes(place.name)) continue;
      if (place.name in CURSORS || valueAt(place, owned) === undefined) continue;
      // Of e-mail addresses, only the whole one is A's alone.
      const valueOf = (names: Names): unknown => (place.way.includes("email") ? names.email : valueAt(place, names));
      const forA = comparable(await ask(a, question, valueOf(owned)), a);
      const forNone = comparable(await ask(a, question, valueOf(never)), a);
      const name = nameOf(question);
      expect(`${name} ${withoutIds(forA)}`).not.toBe(`${name} ${withoutIds(forNone)}`);
    }
  });
});

/** One row for each tenant in the tables that have none, of the shortest values there are. */
async function fillEmptyTables(
  { database }: TestGateway,
  tables: readonly string[],
  filled: readonly WholeTenant[],
): Promise<void> {
  const shortest: Record<string, string> = {
    uuid: "gen_random_uuid()",
    text: "'x'",
    "text[]": "'{}'",
    jsonb: "'{}'",
    bytea: "'\\x00'",
    integer: "1",
    bigint: "1",
    smallint: "1",
    "timestamp with time zone": "now()",
  };
  for (const table of tables) {
    const [{ count } = { count: 0 }] = await stored<{ count: number }>(
      database,
      `select count(distinct tenant_id)::int as count from ${table}`,
    );
    if (count > 0) continue;
    const columns = await stored<{ name: string; type: string }>(
      database,
      `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and attnotnull and not atthasdef and attname <> 'tenant_id'`,
      [table],
    );
    const names = columns.map(({ name }) => `, ${name}`).join("");
    const values = columns.map(({ type }) => `, ${shortest[type]}`).join("");
    for (const { tenant } of filled) {
      await stored(database, `insert into ${table} (tenant_id${names}) values ($1${values})`, [tenant.id]);
    }
  }
}

describe("the database alone, for the login of the server", () => {
  let gateway: TestGateway;
  let a: WholeTenant<TestTenant>;
  let b: WholeTenant<TestTenant>;
  let tables: string[];

  beforeAll(async () => {
    gateway = await startGateway();
    a = await makeWhole(gateway.app.database, await gateway.aTenant(), { customers: 1 });
    b = await makeWhole(gateway.app.database, await gateway.aTenant(), { customers: 1 });
    await Promise.all([a, b].map(({ tenant }) => tenant.run(`mutation { createCustomer(input: {}) { id } }`))); // a counter
    tables = await tenantTables(gateway.database);
    await fillEmptyTables(gateway, tables, [a, b]);
  });
  afterAll(() => gateway.close());

  /** Works in a transaction for tenant A, which is rolled back. */
  const asA = (work: (client: Client) => Promise<unknown>): Promise<unknown> =>
    withClient(gateway.database.url, async (client) => {
      await client.query("begin");
      await client.query("select set_tenant($1)", [a.tenant.id]);
      await work(client);
      await client.query("rollback");
    });

  /** The SQLSTATE with which a statement fails; the transaction goes on. */
  const failure = async (client: Client, sql: string, values: unknown[] = []): Promise<string | undefined> => {
    await client.query("savepoint attempt");
    try {
      await client.query(sql, values);
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await client.query("rollback to savepoint attempt");
    }
  };

  test("every tenant table holds rows of both, for what follows to mean something", async () => {
    expect(tables.length).toBeGreaterThanOrEqual(19);
    await withClient(gateway.database.adminUrl, async (client) => {
      for (const table of tables) {
        const { rows } = await client.query(`select count(distinct tenant_id)::int as tenants from ${table}`);
        expect([table, rows[0].tenants]).toEqual([table, 2]);
      }
    });
  });

  test("without a tenant there are no rows at all, also on a connection that had one before", async () => {
    await withClient(gateway.database.url, async (client) => {
      for (const round of ["fresh", "used"]) {
        for (const table of [...tables, "tenants"]) {
          const { rowCount } = await client.query(`select from ${table}`);
          expect([round, table, rowCount]).toEqual([round, table, 0]);
        }
        for (const find of ["find_customers", "find_assets"]) {
          expect((await client.query(`select ${find}($1, '{%}', 10)`, [a.tenant.id])).rowCount).toBe(0);
        }
        await client.query("begin");
        await client.query("select set_tenant($1)", [a.tenant.id]);
        expect((await client.query("select from customers")).rowCount).toBe(2);
        await client.query("commit");
      }
    });
  });

  test("with tenant A set, B's rows are neither seen, changed, deleted nor found by search", () =>
    asA(async (client) => {
      for (const table of tables) {
        const seen = await client.query(`select distinct tenant_id from ${table}`);
        expect([table, seen.rows]).toEqual([table, [{ tenant_id: a.tenant.id }]]);
        const changed = await client.query(`update ${table} set tenant_id = tenant_id where tenant_id = $1`, [
          b.tenant.id,
        ]);
        expect([table, changed.rowCount]).toEqual([table, 0]);
        const deleted = await client.query(`delete from ${table} where tenant_id = $1`, [b.tenant.id]);
        expect([table, deleted.rowCount]).toEqual([table, 0]);
      }
      expect((await client.query("select id from tenants")).rows).toEqual([{ id: a.tenant.id }]);
      for (const find of ["find_customers", "find_assets"]) {
        expect((await client.query(`select ${find}($1, '{%}', 10)`, [b.tenant.id])).rowCount).toBe(0);
        expect((await client.query(`select ${find}($1, '{%}', 10)`, [a.tenant.id])).rowCount).toBeGreaterThan(0);
      }
    }));

  test("with tenant A set, no row can be given to B: not by an insert, not by an update", () =>
    asA(async (client) => {
      for (const table of tables) {
        const { rows: columns } = await client.query<{ name: string }>(
          `select attname as name from pg_attribute
           where attrelid = $1::regclass and attnum > 0 and attgenerated = '' and not attisdropped and attname <> 'tenant_id'`,
          [table],
        );
        const others = columns.map(({ name }) => name).join(", ");
        const insert = `insert into ${table} (tenant_id, ${others}) select $1, ${others} from ${table} limit 1`;
        expect([table, await failure(client, insert, [b.tenant.id])]).toEqual([table, "42501"]);
        const update = `update ${table} set tenant_id = $1`;
        expect([table, await failure(client, update, [b.tenant.id])]).toEqual([table, "42501"]);
      }
    }));

  test("a reference from a row of A to a row of B cannot be stored, whichever foreign key it is", async () => {
    const { rows: keys } = await withClient(gateway.database.adminUrl, (client) =>
      client.query<{ name: string; child: string; parent: string; column: string; columns: string[] }>(
        `select k.conname as name, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
           array_agg(a.attname::text order by n.position) as columns, max(a.attname) filter (where n.position = 2) as column
         from pg_constraint k cross join unnest(k.conkey) with ordinality as n (attnum, position)
         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.attnum
         where k.contype = 'f' and k.confrelid <> 'tenants'::regclass group by k.oid`,
      ),
    );
    expect(keys.length).toBeGreaterThanOrEqual(16);
    const ofB = await withClient(gateway.database.adminUrl, async (client) => {
      const ids: Record<string, string> = {};
      for (const { parent } of keys) {
        const { rows } = await client.query(`select id from ${parent} where tenant_id = $1 limit 1`, [b.tenant.id]);
        ids[parent] = rows[0].id;
      }
      return ids;
    });
    await asA(async (client) => {
      for (const { name, child, parent, column, columns } of keys) {
        expect([name, columns[0]]).toEqual([name, "tenant_id"]);
        const one = `(select ctid from ${child} where tenant_id = $2 limit 1)`;
        const forged = `update ${child} set ${column} = $1 where tenant_id = $2 and ctid = ${one}`;
        expect([name, await failure(client, forged, [ofB[parent], a.tenant.id])]).toEqual([name, "23503"]);
      }
    });
  });
});

/** What the answers of a tenant may hold: its own code is in every name. */
function expectOwn(answers: readonly Answer<unknown>[], own: TestTenant, other: TestTenant): void {
  for (const { errors, data } of answers) {
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain(own.code);
    expect(JSON.stringify(data)).not.toContain(other.code);
  }
}

const NESTED = `{
  customers { totalCount nodes { name contacts { name } status { name customerCount } workOrders { nodes { title asset { name } } } } }
  customer(by: { code: "K-1" }) { name bankAccounts { bankName } deletion { allowed } }
  customerStatuses { name }
  workOrders(first: 3) { totalCount nodes { title customer { name } } }
}`;
const CREATE = `mutation ($input: CustomerInput!) { createCustomer(input: $input) { code name contacts { name } } }`;

test("200 requests of two tenants at once on two connections never mix", async () => {
  const gateway = await startGateway({ poolSize: 2 });
  try {
    const tenants = [await gateway.aTenant(), await gateway.aTenant()] as const;
    for (const tenant of tenants) await makeWhole(gateway.app.database, tenant, { customers: 3 });
    const requests = Array.from({ length: 200 }, (_, index) => {
      const tenant = tenants[index % 2] as TestTenant;
      switch (index % 5) {
        case 0:
          return { tenant, answer: tenant.execute(NESTED) };
        case 1:
          return { tenant, answer: tenant.execute(`{ customer(by: { code: "K-2" }) { name } }`) };
        case 2:
          return { tenant, answer: tenant.execute(`{ customers(filter: { search: "customer" }) { nodes { name } } }`) };
        case 3:
          return { tenant, answer: tenant.execute("{ viewer { tenant { code } } assets { nodes { name } } }") };
        default: {
          const input = { name: `${tenant.code} new`, contacts: [{ name: tenant.code }] };
          return { tenant, answer: tenant.execute(CREATE, { input }) };
        }
      }
    });
    for (const [own, other] of [tenants, [tenants[1], tenants[0]]] as const) {
      expectOwn(
        await Promise.all(requests.filter(({ tenant }) => tenant === own).map(({ answer }) => answer)),
        own,
        other,
      );
    }
    for (const tenant of tenants) {
      expect((await tenant.run("{ customers { totalCount } }")).customers.totalCount).toBe(3 + 20);
    }
  } finally {
    await gateway.close();
  }
});

test("one connection is enough for nested queries, several root fields and creates without a code at once", async () => {
  const gateway = await startGateway({ poolSize: 1 });
  try {
    const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
    await makeWhole(gateway.app.database, tenant, { customers: 3 });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        index % 2 ? tenant.execute(NESTED) : tenant.execute(CREATE, { input: { name: `${tenant.code} ${index}` } }),
      ),
    );
    expectOwn(answers, tenant, other);
    const codes = answers.flatMap(({ data }) => (data.createCustomer ? [data.createCustomer.code as string] : []));
    expect(new Set(codes).size).toBe(15);
  } finally {
    await gateway.close();
  }
});
