import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo } from "node:net";
import { readConfig, type Config } from "../../src/config";
import { type Asker } from "../../src/doctor/asker";
import { examine, type Examination, type ExaminationOptions } from "../../src/doctor/doctor";
import { fillForWalk, walkQuestions } from "../../src/doctor/isolation-walk";
import { withClient } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored } from "../support/stored";

const KEY = randomBytes(32);
/** The limits that the test's gateway works with; a statement may take as long as a client waits. */
const ENV = {
  NODE_ENV: "production",
  STATEMENT_TIMEOUT_MS: "9999",
  LOCK_TIMEOUT_MS: "5000",
  IDLE_TRANSACTION_TIMEOUT_MS: "10000",
};

let gateway: TestGateway;
let config: Config;
let url: string;
beforeAll(async () => {
  gateway = await startGateway({
    keyring: [{ id: "test", key: KEY }],
    timeLimits: { statementTimeoutMs: 9999, lockTimeoutMs: 5000, idleTimeoutMs: 10_000 },
  });
  config = readConfig({ ...ENV, DATABASE_URL: gateway.database.url });
  await gateway.http.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(gateway.http.server.address() as AddressInfo).port}/graphql`;
});
afterAll(() => gateway.close());

function examined(options: Partial<ExaminationOptions> = {}): Promise<Examination> {
  const { app, tenants, database } = gateway;
  const open = { url: database.url, adminUrl: database.adminUrl, isEmbedded: false, close: () => Promise.resolve() };
  const signal = new AbortController().signal;
  return examine({ config, app, tenants, database: open }, { url, signal, ...options });
}

/** Every row of every tenant, and the tenants. */
const everything = async (): Promise<unknown> => [
  await digest(gateway.database),
  await stored(gateway.database, "select * from tenants order by id"),
];

test("finds nothing in a sound gateway, asks about everything, and leaves nothing behind", async () => {
  const before = await everything();
  const examination = await examined();
  expect(examination).toMatchObject({ findings: [], endpoint: url, notes: [expect.stringMatching(/owns nothing/)] });
  expect(examination.asked).toBeGreaterThan(200);
  expect(await everything()).toEqual(before);
});

test("leaves nothing behind where it is interrupted or fails, and clears away after one that was killed", async () => {
  const before = await everything();
  const stop = new AbortController();
  const interrupted = await examined({
    signal: stop.signal,
    onAsked: (asked) => {
      if (asked === 3) stop.abort();
    },
  });
  expect(interrupted).toMatchObject({ asked: 3, findings: [] });
  expect(await everything()).toEqual(before);

  const failed = await examined({
    onAsked: () => {
      throw new Error("Something went wrong");
    },
  });
  expect(failed.findings).toMatchObject([
    { subject: "isolation", message: "could not be looked at: Something went wrong" },
  ]);
  expect(await everything()).toEqual(before);

  await stored(
    gateway.database,
    `insert into tenants (id, code, code_key, name, created_at) values
       (gen_random_uuid(), 'doctor-1', 'doctor-1', 'Throw-away tenant of clientele doctor', now() - interval '2 hours'),
       (gen_random_uuid(), 'doctor-2', 'doctor-2', 'Dr Who', now() - interval '2 hours')`,
  );
  const stopped = new AbortController();
  stopped.abort();
  await examined({ signal: stopped.signal });
  const left = await stored(gateway.database, "select code from tenants where code like 'doctor-%'");
  expect(left).toEqual([{ code: "doctor-2" }]);
});

test("says so where the server works on another database", async () => {
  const other = await startGateway();
  try {
    await other.http.listen({ host: "127.0.0.1", port: 0 });
    const elsewhere = `http://127.0.0.1:${(other.http.server.address() as AddressInfo).port}/graphql`;
    const { findings, asked } = await examined({ url: elsewhere });
    expect(findings).toMatchObject([{ check: "server", subject: elsewhere }]);
    expect(asked).toBe(0);
  } finally {
    await other.close();
  }
});

test("says so where the server does not answer, or takes no questions", async () => {
  const closed = url.replace(/:\d+\//, ":1/");
  expect((await examined({ url: closed })).findings).toMatchObject([
    { check: "examination", message: `could not be looked at: ${closed} does not answer` },
  ]);
  expect((await examined({ url: url.replace("/graphql", "/health/live") })).findings).toMatchObject([
    { check: "server", message: expect.stringMatching(/^does not take questions \(status 404\)/) },
  ]);
});

test("asks no server where the database is not of this version, and says which keys are missing", async () => {
  const key = "update bank_accounts set account_number_key_id = $1 where tenant_id = $2";
  const tenant = await gateway.aTenant();
  await tenant.run(`mutation { createCustomer(input: { bankAccounts: [{ accountNumber: "1" }] }) { id } }`);
  await stored(gateway.database, key, ["lost", tenant.id]);
  const stopped = new AbortController();
  stopped.abort();
  expect((await examined({ signal: stopped.signal })).findings).toMatchObject([{ subject: "key lost" }]);
  await stored(gateway.database, key, ["test", tenant.id]);

  const [gone] = await stored(
    gateway.database,
    "delete from schema_migrations where name like 'CreateHistory%' returning *",
  );
  const { findings, asked, notes } = await examined();
  expect([findings.map(({ check }) => check), asked]).toEqual([["migrations"], 0]);
  expect(notes).toContainEqual(expect.stringContaining("No server was asked"));
  await stored(gateway.database, "insert into schema_migrations values ($1, $2, $3)", Object.values(gone));
});

describe("the walk", () => {
  /** A tenant whose questions about what is the owner's are answered otherwise than they should be. */
  const leaking = (tenant: TestTenant, leak: (theirs: boolean, answer: any) => any): Asker => ({
    ...tenant,
    execute: async (query, variables) => {
      const answer = await tenant.execute(query, variables);
      return leak(JSON.stringify(variables ?? {}).includes("zzzzzzzz"), answer);
    },
  });

  test.each([
    [
      "another answer",
      (theirs: boolean, answer: any) => (theirs ? { ...answer, status: 403 } : answer),
      /answered otherwise/,
    ],
    [
      "a failure",
      (_: boolean, answer: any) => ({
        ...answer,
        errors: [{ message: "", extensions: { code: "INTERNAL_SERVER_ERROR" } }],
      }),
      /^fails/,
    ],
  ])("finds %s", async (_, leak, message) => {
    const [owner, asker, double] = [await gateway.aTenant(), await gateway.aTenant(), await gateway.aTenant()];
    const { database, schema } = gateway.app;
    const walked = await fillForWalk<Asker>(database, [owner, asker, double]);
    const stop = new AbortController();
    const tenants = {
      ...walked,
      asker: { ...walked.asker, tenant: leaking(asker, leak) },
      double: { ...walked.double, tenant: leaking(double, leak) },
    };
    const { findings } = await walkQuestions(schema, database, tenants, {
      signal: stop.signal,
      onAsked: (asked) => asked === 20 && stop.abort(),
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "isolation", message: expect.stringMatching(message) }),
    );
  });

  test("finds what is shown of another tenant, and what changes in it", async () => {
    const [owner, asker, double] = [await gateway.aTenant(), await gateway.aTenant(), await gateway.aTenant()];
    const { database, schema } = gateway.app;
    const walked = await fillForWalk<Asker>(database, [owner, asker, double]);
    const stop = new AbortController();
    // The wall is down: who asks reads and writes as the owner.
    const tenants = {
      ...walked,
      asker: {
        ...walked.asker,
        tenant: {
          ...asker,
          execute: (query: string, variables?: Record<string, unknown>) => owner.execute<any>(query, variables),
        },
      },
    };
    const { findings } = await walkQuestions(schema, database, tenants, {
      signal: stop.signal,
      onAsked: (asked) => {
        if (asked === 30)
          void owner
            .run(`mutation { createBranch(input: { code: "new", name: "new" }) { id } }`)
            .then(() => stop.abort());
      },
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/^shows what is another/) }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ subject: "branches" }));
  });
});

test("clientele doctor starts a server of its own, prints what it finds, and exits with 1", async () => {
  await withClient(gateway.database.adminUrl, (client) => client.query("drop index customers_merged_into_idx"));
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    ...ENV,
    PORT: "1", // nothing answers there
    DATABASE_URL: gateway.database.url,
    DATABASE_ADMIN_URL: gateway.database.adminUrl,
    ENCRYPTION_KEYS: `test:${KEY.toString("base64")}`,
  };
  const child = spawn(process.execPath, ["-r", "@swc-node/register", "src/cli/main.ts", "doctor", "--json"], { env });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  const { findings, asked, endpoint } = JSON.parse(out) as Examination;
  expect(findings).toMatchObject([{ check: "index", subject: "index customers_merged_into_idx" }]);
  expect(findings[0]?.message).toMatch(/^is missing: CREATE INDEX/);
  expect(asked).toBeGreaterThan(200);
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  expect(code).toBe(1);
  expect(await stored(gateway.database, "select code from tenants where name like 'Throw-away%'")).toEqual([]);
}, 60_000);
