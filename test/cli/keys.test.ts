import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type EncryptionKey } from "../../src/encryption/cipher";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { stored } from "../support/stored";

const RUN_MS = 30_000;
const OLD: EncryptionKey = { id: "2025", key: randomBytes(32) };
const NEW: EncryptionKey = { id: "2026", key: randomBytes(32) };

let database: TestDatabase;
let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startGateway({ database, keyring: [OLD] });
  tenant = await gateway.aTenant();
  await stored(database, "update tenants set code = 'acme', code_key = 'acme' where id = $1", [tenant.id]);
  const input = Array.from({ length: 100 }, (_, index) => ({ bankAccounts: [{ accountNumber: `9704${index}` }] }));
  for (let part = 0; part < 10; part++) {
    await tenant.run(`mutation ($input: [CustomerInput!]!) { upsertCustomers(input: $input) { id } }`, { input });
  }
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command with these keys, the first being the active one. */
function clientele(keys: readonly EncryptionKey[], ...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    DATABASE_URL: database.url,
    DATABASE_ADMIN_URL: database.adminUrl,
    NODE_ENV: "production",
    PORT: "0",
    ENCRYPTION_KEYS: keys.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(","),
  };
  const child = spawn(process.execPath, ["-r", "@swc-node/register", "src/cli/main.ts", ...args], { env });
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.out += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (text.err += chunk.toString("utf8")));
  const closed = once(child, "close") as Promise<[number | null]>;
  return { child, ended: closed.then(([code]) => ({ code, ...text })) };
}

const run = (keys: readonly EncryptionKey[], ...args: string[]): Promise<Ended> => clientele(keys, ...args).ended;

test(
  "a server does not start without a key that is in use, and says which",
  async () => {
    const message =
      'clientele: ENCRYPTION_KEYS lacks "2025", with which stored data is sealed. Put it back, after the active key; clientele keys rotate makes it dispensable.\n';
    expect(await run([NEW], "serve")).toEqual({ code: 1, out: "", err: message });
  },
  RUN_MS,
);

test(
  "lists keys, rotates to the end although it is killed, and starts without the old key then",
  async () => {
    const underNew = async (): Promise<number> => {
      const [row] = await stored<{ rows: number }>(
        database,
        "select count(*)::int as rows from bank_accounts where account_number_key_id = $1",
        [NEW.id],
      );
      return row?.rows ?? 0;
    };
    const listed = await run([NEW, OLD], "keys", "list");
    expect(listed).toMatchObject({ code: 0, err: "" });
    expect(listed.out).toBe(
      "2026\tactive\t0\t\n2025\tin the keyring\t1,001\tbank_accounts 1,000, account_number_index_keys 1\n",
    );

    const killed = clientele([NEW, OLD], "keys", "rotate");
    while ((await underNew()) === 0 && killed.child.exitCode === null);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(await underNew()).toBeGreaterThan(0);

    const ended = await run([NEW, OLD], "keys", "rotate", "--tenant", "acme");
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.out).toMatch(
      /^Sealed anew: [\d,]+ rows?\.\nEverything is under the active key: the other keys can be taken out/,
    );
    expect(await underNew()).toBe(1000);

    const server = clientele([NEW], "serve");
    await new Promise<void>((resolve) => {
      server.child.stdout?.on("data", (chunk: Buffer) => chunk.toString("utf8").includes("ready") && resolve());
      server.child.once("close", () => resolve());
    });
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, out: expect.stringContaining("Clientele is ready.") });
  },
  3 * RUN_MS,
);

test(
  "lists who was shown account numbers",
  async () => {
    const since = new Date();
    const { customers } = await tenant.run(
      `{ customers(first: 1) { nodes { id bankAccounts { id maskedAccountNumber } } } }`,
    );
    const [customer] = customers.nodes;
    await stored(
      database,
      `insert into account_number_reveals (tenant_id, id, bank_account_id, customer_id, credential_name, request_id)
       values ($1, gen_random_uuid(), $2, $3, 'the app', 'r-1')`,
      [tenant.id, customer.bankAccounts[0].id, customer.id],
    );
    const listed = await run([NEW], "reveals", "--tenant", "acme", "--since", since.toISOString());
    expect(listed.out).toMatch(
      new RegExp(`^20\\d\\d-\\S+Z\\tthe app\\t\\t${customer.bankAccounts[0].id}\\t${customer.id}\\tr-1\\n$`),
    );
  },
  RUN_MS,
);
