import { type Config, readConfig } from "../../src/config";
import { checkSettings, checkSettingsOnDatabase } from "../../src/doctor/configuration-check";
import { withClient } from "../support/database";
import { startGateway, type TestGateway } from "../support/gateway";

const SOUND = { NODE_ENV: "production", DATABASE_URL: "postgres://gateway@db/clientele" };

const subjects = (env: Record<string, string>): string[] =>
  checkSettings(readConfig({ ...SOUND, ...env })).findings.map(({ subject }) => subject);

test("finds nothing in settings that are sound, and notes an embedded database", () => {
  expect(checkSettings(readConfig(SOUND))).toEqual({ findings: [], notes: [] });
  expect(checkSettings(readConfig({}))).toEqual({ findings: [], notes: [expect.stringContaining("embedded")] });
});

test.each([
  [{ NODE_ENV: "" }, "NODE_ENV"],
  [{ DEMO: "true" }, "DEMO"],
  [{ EXPLORER: "true" }, "EXPLORER"],
  [{ INTROSPECTION: "true" }, "INTROSPECTION"],
  [{ CORS_ORIGINS: "https://example.com, *" }, "CORS_ORIGINS"],
  [{ STATEMENT_TIMEOUT_MS: "10000" }, "STATEMENT_TIMEOUT_MS"],
  [{ LOCK_TIMEOUT_MS: "3001" }, "LOCK_TIMEOUT_MS"],
])("finds %j", (env, subject) => {
  expect(subjects(env)).toEqual([subject]);
});

describe("on a database", () => {
  let gateway: TestGateway;
  let notes: readonly string[];
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.close());

  /** The limits that the test's gateway works with. */
  const LIMITS = { STATEMENT_TIMEOUT_MS: "10000", LOCK_TIMEOUT_MS: "5000", IDLE_TRANSACTION_TIMEOUT_MS: "10000" };
  const look = (config: Config): Promise<string[]> =>
    withClient(gateway.database.superuserUrl, async (client) => {
      const rows = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
        (await client.query<Row>(sql, [...values])).rows;
      const checked = await checkSettingsOnDatabase(config, gateway.app.database, rows);
      notes = checked.notes;
      return checked.findings.map(({ subject, message }) => `${subject} ${message}`);
    });

  test("finds nothing where a tenant's transaction is as it is configured", async () => {
    expect(await look(readConfig({ ...SOUND, ...LIMITS }))).toEqual([]);
  });

  test("notes a pooler, of which prepared statements may be too much", async () => {
    const { port } = new URL(gateway.database.url);
    const env = { ...SOUND, ...LIMITS, DATABASE_URL: gateway.database.url };
    await look(readConfig(env));
    expect(notes).toEqual([]);
    await look(readConfig({ ...env, DATABASE_URL: gateway.database.url.replace(port, "6432") }));
    expect(notes).toEqual([expect.stringMatching(/names 6432: .* PREPARED_STATEMENTS=0/)]);
    await look(readConfig({ ...SOUND, ...LIMITS, PREPARED_STATEMENTS: "0" }));
    expect(notes).toEqual([]);
  });

  test("finds a pool that is larger than the server", async () => {
    expect(await look(readConfig({ ...SOUND, ...LIMITS, POOL_SIZE: "1000" }))).toEqual([
      expect.stringMatching(/^POOL_SIZE takes 1001 connections a server, and PostgreSQL has \d+ in all$/),
    ]);
  });

  test("finds a transaction without the role and the time limits", async () => {
    await withClient(gateway.database.adminUrl, (client) =>
      client.query(
        `create or replace function set_tenant(tenant uuid, statement_timeout_ms int default 3000,
           lock_timeout_ms int default 2000, idle_timeout_ms int default 5000,
           plan_cache text default 'auto') returns text[] language sql as $$
         select array[set_config('app.tenant', tenant::text, true)] $$`,
      ),
    );
    expect(await look(readConfig({ ...SOUND, ...LIMITS }))).toEqual(
      expect.arrayContaining([
        "role is none in a tenant's transaction, and not clientele_app",
        "statement_timeout is 0 in a tenant's transaction, and not 10000ms",
      ]),
    );
  });
});
