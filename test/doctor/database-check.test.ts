import { type Client } from "pg";
import { checkDatabase } from "../../src/doctor/database-check";
import { type Finding } from "../../src/doctor/finding";
import { createTestDatabase, type TestDatabase, withClient } from "../support/database";

/* Breaks one thing after another, each in a transaction that is rolled back: roles belong to all databases. */

let database: TestDatabase;
let login: string;
let owner: string;
beforeAll(async () => {
  database = await createTestDatabase();
  login = new URL(database.url).username;
  owner = new URL(database.adminUrl).username;
});
afterAll(() => database.drop());

const look = async (client: Client, as = login): Promise<Finding[]> => {
  const rows = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(sql, [...values])).rows;
  return [...(await checkDatabase(rows, as)).findings];
};

/** What is found after a break. */
const foundAfter = (...sql: string[]): Promise<Finding[]> =>
  withClient(database.superuserUrl, async (client) => {
    await client.query("begin");
    for (const statement of sql) await client.query(statement);
    const findings = await look(client);
    await client.query("rollback");
    return findings;
  });

test("finds nothing in a database as the migrations make it, and tells the two login arrangements apart", async () => {
  await withClient(database.superuserUrl, async (client) => {
    expect(await look(client)).toEqual([]);
    expect(await look(client, owner)).toEqual([]);
    const rows = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
      (await client.query<Row>(sql, [...values])).rows;
    expect((await checkDatabase(rows, login)).arrangement).toBe("two logins");
    expect((await checkDatabase(rows, owner)).arrangement).toBe("one login");
  });
  await withClient(database.adminUrl, async (client) => expect(await look(client)).toEqual([])); // as the owner sees it
});

test.each([
  ["alter table customers disable row level security", "table customers", /is "row-level security off"/],
  ["alter table contacts no force row level security", "table contacts", /is "row-level security on"/],
  ["drop policy tenant_isolation on invoices", "policy invoices.tenant_isolation", /is missing/],
  ["alter policy tenant_isolation on assets using (true)", "policy assets.tenant_isolation", /using true/],
  ["create policy mine on customers using (true)", "policy customers.mine", /not made by the migrations/],
  ["create policy mine on tenants for select using (true)", "policy tenants.mine", /not made by the migrations/],
  ["drop policy owner_reads on assets", "policy assets.owner_reads", /is missing: restrictive select/],
  [
    "alter policy owner_reads on assets to clientele_finder, pg_read_all_data",
    "policy assets.owner_reads",
    /to \{clientele_finder,pg_read_all_data\}/,
  ],
  ["alter function distribute(regclass) owner to postgres", "distribute(regclass)", /is owned by postgres, and/],
  ["drop index customers_search_idx", "index customers_search_idx", /is missing: CREATE INDEX/],
  [
    "update pg_index set indisvalid = false where indexrelid = 'customers_search_idx'::regclass",
    "index customers_search_idx",
    /\(invalid\)"/,
  ],
  [
    "alter table contacts drop constraint contacts_customer_fk",
    "constraint contacts.contacts_customer_fk",
    /is missing: FOREIGN KEY \(tenant_id, customer_id\)/,
  ],
  ["alter table contacts drop constraint contacts_pk", "constraint contacts.contacts_pk", /is missing: PRIMARY KEY/],
  [
    "create table notes (tenant_id uuid, text text)",
    "table notes",
    /not made by the migrations: row-level security off/,
  ],
  [
    "alter function find_customers(uuid, text[], int) reset search_path",
    "function find_customers(uuid,text[],integer)",
    /no settings/,
  ],
  ["grant execute on function refresh_statistics() to public", "function refresh_statistics()", /for everyone/],
  [
    "create function mine() returns int language sql security definer return 1",
    "function mine()",
    /not made by the migrations: as its owner/,
  ],
  ["delete from schema_migrations where name like 'CreateHistory%'", "CreateHistory1763800500000", /has not run/],
  ["insert into schema_migrations (timestamp, name) values (1, 'Later1')", "Later1", /the database is newer/],
  ["grant select on customers to public", "customers", /is granted to public/],
])("%s", async (sql, subject, message) => {
  const findings = await foundAfter(sql);
  expect(findings).toEqual([expect.objectContaining({ subject, message: expect.stringMatching(message) })]);
  expect(findings[0]?.remedy).not.toBe("");
});

test("finds a function whose text was changed", async () => {
  const [found] = await foundAfter(
    `create or replace function set_tenant(tenant uuid, statement_timeout_ms int default 3000, lock_timeout_ms int default 2000,
       idle_timeout_ms int default 5000, plan_cache text default 'auto') returns text[] language sql as $$ select array[tenant::text] $$`,
  );
  expect(found).toMatchObject({ check: "function", subject: "function set_tenant(uuid,integer,integer,integer,text)" });
});

test("finds a missing extension, and the indexes that went with it", async () => {
  const findings = await foundAfter("drop extension btree_gin cascade");
  expect(findings).toContainEqual({
    check: "extensions",
    subject: "btree_gin",
    message: "is missing",
    remedy: "Run as the owner: create extension btree_gin;",
  });
  expect(findings.map(({ subject }) => subject)).toContain("index customers_search_idx");
});

test("finds roles and logins that may too much", async () => {
  const messages = async (...sql: string[]): Promise<string[]> =>
    (await foundAfter(...sql)).map(({ subject, message }) => `${subject} ${message}`);
  expect(await messages("alter role clientele_app bypassrls")).toEqual(["clientele_app has BYPASSRLS"]);
  expect(await messages("alter role clientele_finder superuser login")).toEqual([
    "clientele_finder has SUPERUSER",
    "clientele_finder can log in",
  ]);
  expect(await messages("grant pg_read_all_data to clientele_app")).toEqual([
    "clientele_app is a member of pg_read_all_data",
  ]);
  expect(await messages("alter table contacts owner to clientele_app")).toEqual([
    expect.stringMatching(/^policy contacts.owner_reads is/),
    "clientele_app owns contacts",
  ]);
  expect(await messages(`alter role ${login} bypassrls createdb`)).toEqual([`${login} has BYPASSRLS, CREATEDB`]);
  expect(await messages(`grant pg_write_all_data to ${login}`)).toEqual([`${login} is a member of pg_write_all_data`]);
  expect(await messages(`revoke clientele_app from ${login}`)).toEqual([`${login} does not hold clientele_app`]);
});

test("finds tables that a restore left to another owner, and their policy for it", async () => {
  const findings = await foundAfter("alter table contacts owner to postgres");
  expect(findings).toEqual([
    expect.objectContaining({
      check: "policy",
      subject: "policy contacts.owner_reads",
      message: expect.stringContaining(`restrictive select to {${owner},pg_read_all_data}`),
      remedy: expect.stringContaining("select guard_owner_reads();"),
    }),
    {
      check: "owner",
      subject: "contacts",
      message: `is owned by postgres, and the table tenants by ${owner}`,
      remedy: `Run as an administrator: alter table contacts owner to "${owner}";`,
    },
  ]);
});

test("finds a PostgreSQL that is too old", async () => {
  const rows = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    sql.includes("server_version_num")
      ? Promise.resolve([{ number: 140_019, text: "14.19" }] as unknown as Row[])
      : withClient(database.superuserUrl, async (client) => (await client.query<Row>(sql, [...values])).rows);
  expect((await checkDatabase(rows, login)).findings).toEqual([
    expect.objectContaining({ subject: "PostgreSQL 14.19", message: "is older than 15" }),
  ]);
});
