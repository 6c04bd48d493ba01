import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { Command } from "commander";
import { addClientCommands } from "../../src/cli/client";
import { addKeyCommands } from "../../src/cli/key";
import { type CreatedSecret } from "../../src/auth/signing-client.service";
import { aClock, expectRefused, passSeconds, send, signed } from "../auth/signing";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

const key = randomBytes(32);
const tick = aClock();

let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  gateway = await startGateway({ keyring: [{ id: "k1", key }] });
  tenant = await gateway.aTenant();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => gateway.close());

/** Runs a command in this process. @returns what it prints */
async function clientele(...args: string[]): Promise<string> {
  const { env } = process;
  const lines: string[] = [];
  const log = jest.spyOn(console, "log").mockImplementation((text: string) => void lines.push(text));
  process.env = {
    ...env,
    DATABASE_URL: gateway.database.url,
    DATABASE_ADMIN_URL: gateway.database.adminUrl,
    ENCRYPTION_KEYS: `k1:${key.toString("base64")}`,
  };
  try {
    const program = new Command().exitOverride();
    addClientCommands(program);
    addKeyCommands(program);
    await program.parseAsync(["node", "clientele", ...args]);
    return lines.join("\n");
  } finally {
    log.mockRestore();
    process.env = env;
  }
}

const status = async (client: CreatedSecret): Promise<number> =>
  (await send(gateway, signed(client, { timestamp: tick() }))).statusCode;
const create = async (...more: string[]): Promise<CreatedSecret> =>
  JSON.parse(
    await clientele("client", "create", "--tenant", tenant.code, "--name", "sync", "--scope", "*", "--json", ...more),
  ) as CreatedSecret;

test("a client is made, given a new secret and revoked by commands, and the gateway goes by it", async () => {
  const first = await create();
  expect(Object.keys(first)).toEqual(["id", "secret"]);
  expect(first.secret).toMatch(/^cs_[A-Za-z0-9_-]{43}$/);
  expect(await status(first)).toBe(200);

  const second = JSON.parse(await clientele("client", "rotate", first.id, "--json")) as CreatedSecret;
  passSeconds(5);
  expect([await status(first), await status(second)]).toEqual([200, 200]);

  const third = { id: first.id, secret: "" };
  const said = await clientele("client", "rotate", first.id, "--keep", "0s");
  third.secret = /^cs_\S+$/m.exec(said)?.[0] ?? "";
  passSeconds(5);
  expect([await status(first), await status(second), await status(third)]).toEqual([401, 401, 200]);

  expect(await clientele("client", "revoke", first.id)).toBe(`Revoked client ${first.id}.`);
  passSeconds(5);
  expectRefused(await send(gateway, signed(third, { timestamp: tick() })));
  await expect(clientele("client", "revoke", first.id)).rejects.toThrow(/^There is no valid client cc_/);
  await expect(clientele("client", "rotate", first.id)).rejects.toThrow(/^There is no valid client cc_/);
});

test("clients are listed without their secrets", async () => {
  const made = await create();
  await clientele("client", "rotate", made.id, "--keep", "2d");
  const listed = JSON.parse(await clientele("client", "list", "--tenant", tenant.code, "--json")) as object[];
  const found = listed.find((entry) => "id" in entry && entry.id === made.id) as Record<string, unknown>;
  expect(found).toEqual({
    id: made.id,
    tenant: tenant.code,
    name: "sync",
    scopes: ["*"],
    createdAt: expect.any(String),
    previousSecretExpiresAt: expect.any(String),
    revokedAt: null,
  });
  const left = Date.parse(String(found["previousSecretExpiresAt"])) - Date.now();
  expect(Math.abs(left - 2 * 86_400_000)).toBeLessThan(60_000);
  const text = await clientele("client", "list");
  expect(text).toContain(`${made.id}\t${tenant.code}\tsync\t*\tvalid`);
  expect(text).not.toMatch(/cs_/);
});

test.each<[string, string[], RegExp]>([
  ["a tenant", ["create", "--tenant", "nobody", "--name", "x", "--scope", "*"], /^There is no tenant "nobody"/],
  ["a scope", ["create", "--tenant", "x", "--name", "x", "--scope", "all"], /^There is no scope "all"/],
  ["a name", ["create", "--tenant", "x", "--name", " ", "--scope", "*"], /^--name has 1 to 200 characters$/],
  ["a client", ["revoke", "cc_x"], /^There is no valid client cc_x\. List them with: clientele client list$/],
  ["a duration", ["rotate", "cc_" + "A".repeat(44), "--keep", "soon"], /^--keep is a number with s, m, h or d/],
  ["a duration of months", ["rotate", "cc_" + "A".repeat(44), "--keep", "31d"], /at most 30d$/],
])("says in one line that %s cannot be", async (_, args, message) => {
  await expect(clientele("client", ...args)).rejects.toThrow(message);
});

test("API keys are made, listed and revoked by commands", async () => {
  const made = JSON.parse(
    await clientele("key", "create", "--tenant", tenant.code, "--name", "app", "--scope", "customers:read", "--json"),
  ) as { id: string; token: string };
  const ask = () =>
    gateway.http.inject({
      url: "/graphql?query={viewer{credential}}",
      headers: { authorization: `Bearer ${made.token}`, "apollo-require-preflight": "1" },
    });
  expect((await ask()).json()).toEqual({ data: { viewer: { credential: "app" } } });
  const listed = JSON.parse(await clientele("key", "list", "--tenant", tenant.code, "--json")) as object[];
  expect(listed).toContainEqual({
    id: made.id,
    tenant: tenant.code,
    name: "app",
    tokenPrefix: expect.any(String),
    scopes: ["customers:read"],
    createdAt: expect.any(String),
    revokedAt: null,
  });
  expect(await clientele("key", "revoke", made.id)).toBe(`Revoked API key ${made.id} of ${tenant.code}.`);
  passSeconds(5);
  expectRefused(await ask());
});
