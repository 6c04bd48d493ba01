import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate } from "../../src/database/migrate";
import { makeWhole } from "../../src/doctor/whole-tenant";
import { seedDemo } from "../../src/demo/seed-demo";
import { withClient, type TestDatabase } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { runCommand, startServer } from "../support/server-process";
import { digest, stored, tenantTables } from "../support/stored";
import { startCluster, type Cluster } from "./support/cluster";

/*
 * From a database in use, whose owner is held by row-level security, into the empty database of another cluster, with an owner
 * of another name; and all that may go wrong on the way.
 */

const BIN = "/usr/lib/postgresql/15/bin";
/** As the processes that the harness starts have it. */
const KEYRING = [{ id: "test", key: Buffer.alloc(32, 7) }] as const;
const OTHER_KEYS = `other:${Buffer.alloc(32, 8).toString("base64")}`;

const QUERIES = [
  `{ customers(first: 50, orderBy: [{ field: CODE }]) { totalCount nodes { id code name email phones tags version createdAt
      status { code } type { code } group { code } branch { code } address { city country } billingAddress { city }
      customFields { field { code } value } contacts { name email isPrimary } bankAccounts { bankName maskedAccountNumber }
      deletion { allowed } } } }`,
  `{ customers(first: 10, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { code
      assets(first: 5) { nodes { code name } } workOrders(first: 5) { nodes { code title asset { code } } }
      contracts(first: 5) { nodes { code title } } invoices(first: 5) { nodes { code amount currency } }
      history(first: 5) { nodes { id at action credential fields { path before after } } } } } }`,
  `{ customers(first: 20, filter: { search: "customer" }) { totalCount nodes { code } } }`,
  `{ customers(first: 20) { nodes { bankAccounts { accountNumber } } } }`,
  `{ customers(filter: { accountNumber: "97040003" }) { nodes { code } } }`,
  `{ customer(by: { code: "OLD-K-1" }) { code name } }`,
  `{ customers(filter: { trash: ONLY }) { nodes { code deletedAt } } }`,
  `{ customerStatuses { code name } customerFields { code type } settings { defaultRegion defaultStatus codePrefix } }`,
];

let folder: string;
let source: Cluster;
let target: Cluster;
let database: TestDatabase;
let gateway: TestGateway;
let tenants: TestTenant[];
let backup: string;
/** The rows when it was made. */
let counted: Record<string, number>;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-backup-"));
  [source, target] = await Promise.all([startCluster(), startCluster()]);
  await source.sql(
    "postgres",
    "create role old_owner login createrole",
    "create role reporting login",
    "create role backup login bypassrls",
    "grant pg_read_all_data to backup",
    "create role reader login",
    "grant pg_read_all_data to reader",
    "create database clientele owner old_owner",
  );
  database = source.database("clientele", "old_owner");
  await migrate(database.adminUrl);
  await source.sql("clientele", "grant select on tenants to reporting"); // an operator's own
  gateway = await startGateway({ database, keyring: KEYRING });
  tenants = [await gateway.aTenant(), await gateway.aTenant()];
  for (const tenant of tenants) await fill(tenant);
  const demo = await gateway.aTenant();
  await seedDemo(gateway.app, demo.id, new Date("2026-01-31"), () => undefined);
  tenants.push(demo);
  backup = path.join(folder, "clientele.backup");
}, 240_000);

afterAll(async () => {
  await gateway.close();
  await Promise.all([source.stop(), target.stop()]);
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Some of everything: each table of the gateway has rows of it. */
async function fill(tenant: TestTenant): Promise<void> {
  const { app } = gateway;
  await makeWhole(app.database, tenant, { customers: 6 });
  await tenant.run(`mutation { createCustomer(input: { code: "GONE", name: "Gone" }) { id } }`);
  await tenant.run(`mutation { createCustomer(input: { name: "Numbered" }) { code } }`);
  await tenant.run(`mutation { deleteCustomer(by: { code: "GONE" }) { code } }`);
  await tenant.run(`mutation { updateCustomer(by: { code: "K-1" }, input: { name: "Renamed" }) { version } }`);
  await tenant.run(`{ customer(by: { code: "K-1" }) { bankAccounts { accountNumber } } }`); // recorded as a reveal
  await app.database.write(tenant.id, (scope) => app.services.signingClients.create(scope, "signs", ["*"]));
  await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: {
      authorization: `Bearer ${tenant.token}`,
      "content-type": "application/json",
      "idempotency-key": "once",
    },
    payload: JSON.stringify({ query: `mutation { createCustomer(input: { code: "ONCE", name: "x" }) { id } }` }),
  });
  await stored(
    database,
    `insert into used_signatures (tenant_id, signature_hash, signed_at) values ($1, '\\x01', now())`,
    [tenant.id],
  );
  await stored(
    database,
    `insert into import_runs (tenant_id, id, file_name, path_key, line, read_bytes, read_digest, created_count, updated_count, rejected_count)
     values ($1, gen_random_uuid(), 'a.jsonl', 'a.jsonl', 1, 1, 'digest', 1, 0, 0)`,
    [tenant.id],
  );
}

/** Runs a command on a database. */
async function run(
  on: TestDatabase,
  words: string[],
  settings: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const { output, ended } = runCommand(on, words, settings);
  const code = await ended;
  return { code, output: output() };
}

const asBackup = { DATABASE_BACKUP_URL: "" };
beforeAll(() => {
  asBackup.DATABASE_BACKUP_URL = source.url("backup", "clientele");
});

/** Runs a program of PostgreSQL. */
const program = (name: string, ...args: string[]): Promise<{ code: number; output: string; error: string }> =>
  new Promise((resolve) => {
    execFile(`${BIN}/${name}`, args, { maxBuffer: 1e9 }, (failure, output, error) =>
      resolve({ code: failure ? Number(failure.code) : 0, output, error }),
    );
  });

/** How many rows each table has. */
async function counts(of: TestDatabase): Promise<Record<string, number>> {
  const entries = (await tenantTables(of)).concat("tenants", "schema_migrations").map(async (table) => {
    const [row] = await stored<{ count: number }>(of, `select count(*)::int as count from ${table}`);
    return [table, row?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe("a dump that would not be whole", () => {
  test("fails, by the owner and by whoever reads all data without BYPASSRLS, and names the command", async () => {
    for (const login of ["old_owner", "reader"]) {
      const plain = await program("pg_dump", "-d", source.url(login, "clientele"));
      expect(plain).toMatchObject({ code: 1, error: expect.stringContaining("row-level security") });
      const forced = await program("pg_dump", "--enable-row-security", "-d", source.url(login, "clientele"));
      expect(forced).toMatchObject({ code: 1, error: expect.stringContaining(`back up with "clientele backup"`) });
      for (const sql of ["select count(*) from contacts", "\\copy api_keys to stdout"]) {
        const asked = await program("psql", "-d", source.url(login, "clientele"), "-c", sql);
        expect(asked).toMatchObject({ code: 1, error: expect.stringContaining(`back up with "clientele backup"`) });
      }
    }
  });

  test("is refused before it begins, with the SQL that makes a login for it", async () => {
    const file = path.join(folder, "refused");
    const without = await run(database, ["backup", "--to", file]);
    expect(without).toMatchObject({
      code: 1,
      output: expect.stringMatching(/Set DATABASE_BACKUP_URL .* bypassrls; grant/),
    });
    const reader = await run(database, ["backup", "--to", file], {
      DATABASE_BACKUP_URL: source.url("reader", "clientele"),
    });
    expect(reader).toMatchObject({
      code: 1,
      output: expect.stringContaining("lacks BYPASSRLS: its dump would not be whole"),
    });
    expect(reader.output).toContain(`alter role "reader" bypassrls;`);
    const noProgram = await run(database, ["backup", "--to", file], { ...asBackup, PG_BIN: folder });
    expect(noProgram).toMatchObject({
      code: 1,
      output: expect.stringContaining("Install PostgreSQL's client programs"),
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

test("a backup is of one moment, however much is written meanwhile, and its file is its account's alone", async () => {
  let isOver = false;
  const writing = (async () => {
    let written = 0;
    for (; !isOver; written++)
      await tenants[0]?.run(`mutation { createCustomer(input: { name: "meanwhile" }) { id } }`);
    return written;
  })();
  const meanwhile = path.join(folder, "meanwhile.backup");
  const made = await run(database, ["backup", "--to", meanwhile], asBackup);
  isOver = true;
  expect(await writing).toBeGreaterThan(0);
  expect(made).toMatchObject({ code: 0 });
  expect(await program("pg_restore", "--list", meanwhile)).toMatchObject({ code: 0 });

  const again = await run(database, ["backup", "--to", backup, "--json"], asBackup);
  expect(again).toMatchObject({ code: 0 });
  expect(fs.statSync(backup).mode & 0o777).toBe(0o600);
  const { tables, keyIds } = JSON.parse(again.output) as { tables: Record<string, number>; keyIds: string[] };
  counted = await counts(database);
  expect(tables).toEqual(counted);
  expect(Object.entries(tables).filter(([, rows]) => rows === 0)).toEqual([]);
  expect(keyIds).toEqual(["test"]);
  const refused = await run(database, ["backup", "--to", backup], asBackup);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("exists already") });
  expect(fs.readdirSync(folder).sort()).toEqual(["clientele.backup", "meanwhile.backup"]);
});

test("a backup that is interrupted leaves no file", async () => {
  const before = fs.readdirSync(folder);
  await withClient(database.superuserUrl, async (client) => {
    await client.query("begin");
    await client.query("lock table contacts in access exclusive mode");
    const { child, output, ended } = runCommand(database, ["backup", "--to", path.join(folder, "stopped")], asBackup);
    const waiting = (): Promise<unknown[]> =>
      stored(database, "select from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'pg_dump'");
    while ((await waiting()).length === 0 && child.exitCode === null) await sleep(20);
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
    expect(output()).toContain("Stopped: no backup was made.");
    await client.query("rollback");
  });
  expect(fs.readdirSync(folder)).toEqual(before);
});

describe("a restore", () => {
  let restored: TestDatabase;
  beforeAll(async () => {
    await target.sql("postgres", "create role new_owner login", "create database clientele owner new_owner");
    restored = target.database("clientele", "new_owner");
  });
  const isEmpty = async (): Promise<boolean> => {
    const [row] = await stored<{ count: number }>(
      restored,
      "select count(*)::int as count from pg_class where relnamespace = 'public'::regnamespace",
    );
    return row?.count === 0;
  };

  test("says before it begins which rights are lacking, and the SQL it names is enough", async () => {
    const refused = await run(restored, ["restore", backup]);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("the role clientele_app is missing, and new_owner may make none");
    expect(refused.output).toContain("the role reporting is missing");
    expect(await isEmpty()).toBe(true);
    const sql = refused.output.split("\n").filter((line) => line.startsWith("create role"));
    expect(sql).toHaveLength(3);
    await target.sql("clientele", ...sql);
  });

  test("of a backup that is cut off, or that another counted, leaves nothing", async () => {
    const whole = fs.readFileSync(backup);
    const cut = path.join(folder, "cut.backup");
    fs.writeFileSync(cut, whole.subarray(0, whole.length - 1000));
    expect(await run(restored, ["restore", cut])).toMatchObject({
      code: 1,
      output: expect.stringContaining("is not whole: it was cut off or changed"),
    });
    // The length of the trailer stays.
    const text = whole.toString("latin1");
    const wrong = text.replace(/"contacts":(\d)/, (_, digit: string) => `"contacts":${(Number(digit) % 9) + 1}`);
    expect(wrong).not.toBe(text);
    fs.writeFileSync(cut, Buffer.from(wrong, "latin1"));
    const counted = await run(restored, ["restore", cut]);
    expect(counted.code).toBe(1);
    expect(counted.output).toMatch(/Nothing was restored.*contacts has \d+ rows instead of \d+/s);
    expect(await isEmpty()).toBe(true);
  });

  test("says which encryption keys are missing, and waits to be told to go on without", async () => {
    const refused = await run(restored, ["restore", backup], { ENCRYPTION_KEYS: OTHER_KEYS });
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`ENCRYPTION_KEYS lacks "test"`) });
    expect(await isEmpty()).toBe(true);
  });

  test("that is interrupted leaves an empty database, and can be begun again", async () => {
    await withClient(restored.superuserUrl, async (client) => {
      // Nobody sees it, and whoever makes a table of that name waits for it.
      await client.query("begin");
      await client.query("create table public.work_orders ()");
      const { child, output, ended } = runCommand(restored, ["restore", backup]);
      const waiting = (): Promise<unknown[]> =>
        stored(restored, "select from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'psql'");
      while ((await waiting()).length === 0 && child.exitCode === null) await sleep(20);
      child.kill("SIGINT");
      expect(await ended).toBe(130);
      expect(output()).toContain("Stopped: nothing was restored, the database is as empty as before.");
      await client.query("rollback");
    });
    expect(await isEmpty()).toBe(true);
  });

  test("brings every row back, to the owner that it is given, and the gateway answers as before", async () => {
    await target.sql("postgres", "create database with_another_key owner new_owner");
    const sameId = { ENCRYPTION_KEYS: OTHER_KEYS.replace("other", "test") };
    const wrongKey = await run(target.database("with_another_key", "new_owner"), ["restore", backup], sameId);
    expect(wrongKey).toMatchObject({
      code: 1,
      output: expect.stringContaining(`What was sealed with "test" does not open`),
    });

    const done = await run(restored, ["restore", backup]);
    expect(done.output).toContain("Restored; every table has the rows that the backup counts.");
    expect(done.code).toBe(0);
    expect(await counts(restored)).toEqual(counted);
    const all = { without: [] as string[] };
    expect(await digest(restored, all)).toEqual(await digest(database, all));
    const owners = await stored<{ owner: string }>(
      restored,
      "select distinct pg_get_userbyid(relowner) as owner from pg_class where relnamespace = 'public'::regnamespace",
    );
    expect(owners).toEqual([{ owner: "new_owner" }]);
    expect(await stored(restored, "select from pg_policy where polname = 'owner_reads'")).toHaveLength(
      (await tenantTables(database)).length,
    );

    const refused = await run(restored, ["restore", backup]);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("is not empty: it holds") });

    const server = await startServer(restored);
    try {
      for (const tenant of tenants) {
        for (const query of QUERIES) {
          const response = await fetch(`${server.url}/graphql`, {
            method: "POST",
            headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
            body: JSON.stringify({ query }),
          });
          const there = (await response.json()) as { data: unknown; errors?: unknown };
          const here = await tenant.execute(query);
          expect({ query, errors: there.errors, data: there.data }).toEqual({
            query,
            errors: undefined,
            data: here.data,
          });
        }
      }
    } finally {
      server.child.kill("SIGTERM");
      await server.ended;
    }
  });

  test("works with programs that are newer than the server", async () => {
    const bin = path.join(folder, "bin");
    fs.mkdirSync(bin);
    for (const name of ["pg_restore", "psql"]) {
      const settings = name === "psql" ? "" : ` | sed 's/^SET lock_timeout = 0;$/&\\nSET transaction_timeout = 0;/'`;
      const script = `[ "$1" = --version ] && { echo "${name} (PostgreSQL) 17.0"; exit; }\n${BIN}/${name} "$@"${settings}\n`;
      fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}`, { mode: 0o755 });
    }
    await target.sql("postgres", "create database newer_programs owner new_owner");
    const newer = target.database("newer_programs", "new_owner");
    expect(await run(newer, ["restore", backup], { PG_BIN: bin })).toMatchObject({ code: 0 });
    expect(await counts(newer)).toEqual(counted);
  });

  test("passes doctor", async () => {
    const production = { NODE_ENV: "production" };
    const sound = await run(restored, ["doctor", "--json"], production);
    const { findings, asked } = JSON.parse(sound.output.slice(sound.output.indexOf('{"'))) as {
      findings: unknown[];
      asked: number;
    };
    expect(findings).toEqual([
      expect.objectContaining({ check: "grants", subject: "tenants", message: "is granted to reporting" }), // as before
    ]);
    expect(asked).toBeGreaterThan(100);
  });

  test("can be done by hand, as docs/backup.md says: the archive is pg_dump's own", async () => {
    await target.sql("postgres", "create role old_owner nologin", "create database by_hand owner old_owner");
    const list = path.join(folder, "list");
    const { output } = await program("pg_restore", "--list", backup);
    fs.writeFileSync(list, output.replace(/^.* SCHEMA - public .*$/m, ""));
    const url = target.url("postgres", "by_hand");
    const args = ["--exit-on-error", "--single-transaction", `--use-list=${list}`, "-d", url, backup];
    expect(await program("pg_restore", ...args)).toMatchObject({ code: 0, error: "" });
    expect(await counts(target.database("by_hand", "old_owner"))).toEqual(counted);
  });

  test("the restored owner's own dump fails as the old one's did", async () => {
    const forced = await program("pg_dump", "--enable-row-security", "-d", restored.adminUrl);
    expect(forced).toMatchObject({ code: 1, error: expect.stringContaining(`back up with "clientele backup"`) });
  });
});
