import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { runCommand, startServer, type ServerProcess } from "../support/server-process";
import { stored } from "../support/stored";

const DRAIN_MS = 1000;
const CLIENTS = 8;

let database: TestDatabase;
let gateway: TestGateway;
let tenant: TestTenant;
let servers: readonly ServerProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  const settings = { DRAIN_MS: String(DRAIN_MS) };
  [gateway, ...servers] = await Promise.all([
    startGateway({ database }),
    startServer(database, settings),
    startServer(database, settings),
  ]);
  tenant = await gateway.aTenant();
}, 90_000);
afterAll(async () => {
  for (const { child } of servers) child.kill("SIGKILL");
  await gateway.close();
  await database.drop();
});

interface Sent {
  readonly code: string;
  readonly sentAt: number;
  answeredAt?: number;
  status?: number;
  connection?: string | undefined;
  /** Whether it went over a connection that had been used before. */
  isReused?: boolean;
  /** Why there was no answer. */
  failure?: string | undefined;
}

/** Creates a customer on a connection that is kept for the next one. */
function create(url: string, agent: http.Agent, code: string): Promise<Sent> {
  const sent: Sent = { code, sentAt: performance.now() };
  const body = JSON.stringify({
    query: "mutation ($code: String!) { createCustomer(input: { code: $code }) { code } }",
    variables: { code },
  });
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${tenant.token}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const request = http.request(`${url}/graphql`, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("error", (error: NodeJS.ErrnoException) => resolve({ ...sent, failure: error.code ?? "?" }));
      response.on("end", () => {
        const { statusCode = 0, headers: told } = response;
        resolve({ ...sent, status: statusCode, connection: told.connection, answeredAt: performance.now() });
      });
    });
    request.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ ...sent, failure: error.code ?? "?", isReused: request.reusedSocket }),
    );
    request.end(body);
  });
}

/** Lets clients create until nobody listens any more, and sends the signal in the middle. */
async function stopUnderLoad(
  { url, child, ended }: ServerProcess,
  signal: NodeJS.Signals,
): Promise<{ all: Sent[]; signalledAt: number; exitCode: number | null; tookMs: number; readiness: number[] }> {
  const all: Sent[] = [];
  const client = async (name: string): Promise<void> => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let number = 1; ; number++) {
      const sent = await create(url, agent, `${signal}-${name}-${number}`);
      all.push(sent);
      if (sent.failure !== undefined) break;
    }
    agent.destroy();
  };
  const clients = Array.from({ length: CLIENTS }, (_, index) => client(String(index)));
  while (all.length < 200) await sleep(5);
  const signalledAt = performance.now();
  child.kill(signal);
  const readiness: number[] = [];
  while (child.exitCode === null) {
    await fetch(`${url}/health/ready`, { headers: { connection: "close" } }).then(
      ({ status }) => readiness.push(status),
      () => undefined,
    );
    await sleep(20);
  }
  const exitCode = await ended;
  const tookMs = performance.now() - signalledAt;
  await Promise.all(clients);
  return { all, signalledAt, exitCode, tookMs, readiness };
}

async function storedCodes(prefix: string): Promise<string[]> {
  const rows = await stored<{ code: string }>(database, "select code from customers where code like $1", [
    `${prefix}%`,
  ]);
  return rows.map(({ code }) => code).sort();
}

test("a key that one gateway's command line revokes is dead at every gateway within five seconds", async () => {
  const { id } = tenant;
  const other = await gateway.app.database.write(id, (scope) => gateway.app.services.apiKeys.create(scope, "o", ["*"]));
  const ask = async (url: string): Promise<number> => {
    const headers = { authorization: `Bearer ${other.token}`, "content-type": "application/json" };
    return (await fetch(`${url}/graphql`, { method: "POST", headers, body: `{"query":"{ __typename }"}` })).status;
  };
  const revoked = runCommand(database, ["key", "revoke", other.id]);
  // Asked all the time, as by clients that go on: it is never forgotten for want of use.
  const deadAt = new Map<string, number>();
  let revokedAt: number | undefined;
  void revoked.ended.then(() => (revokedAt = performance.now()));
  for (const deadline = Date.now() + 30_000; deadAt.size < servers.length && Date.now() < deadline; await sleep(20)) {
    for (const { url } of servers) {
      const status = await ask(url);
      if (status === 401 && !deadAt.has(url)) deadAt.set(url, performance.now());
      else expect([200, 401]).toContain(status);
    }
  }
  expect(await revoked.ended).toBe(0);
  expect(deadAt.size).toBe(2);
  for (const at of deadAt.values()) expect(at - (revokedAt ?? at)).toBeLessThan(5000);
}, 60_000);

test("SIGTERM under load: everything that was sent before is answered, nothing is done unanswered, no kept connection is cut", async () => {
  const server = servers[0] as ServerProcess;
  const { all, signalledAt, exitCode, tookMs, readiness } = await stopUnderLoad(server, "SIGTERM");
  const before = all.filter(({ sentAt }) => sentAt < signalledAt);
  expect(before.filter(({ status }) => status !== 200)).toEqual([]);
  const answered = all.filter(({ status }) => status === 200);
  expect(answered.length).toBeGreaterThan(before.length);
  // Whoever got no answer had just opened a connection, which nobody took any more.
  expect(all.filter(({ failure, isReused }) => failure !== undefined && isReused !== false)).toEqual([]);
  expect(await storedCodes("SIGTERM")).toEqual(answered.map(({ code }) => code).sort());
  // Answers sent after the signal ask clients to leave; the process gets to know of it a moment later.
  const later = answered.filter(({ answeredAt = 0 }) => answeredAt > signalledAt + 300);
  expect(later.length).toBeGreaterThan(0);
  expect(later.filter(({ connection }) => connection !== "close")).toEqual([]);
  expect(readiness.at(-1)).toBe(503);
  expect(exitCode).toBe(0);
  expect(tookMs).toBeGreaterThan(DRAIN_MS);
  expect(tookMs).toBeLessThan(10_000);
}, 60_000);

test("SIGINT under load: as quick as a person expects, and still nothing is lost", async () => {
  const server = servers[1] as ServerProcess;
  const { all, signalledAt, exitCode, tookMs } = await stopUnderLoad(server, "SIGINT");
  expect(all.filter(({ sentAt, status }) => sentAt < signalledAt && status !== 200)).toEqual([]);
  const answered = all.filter(({ status }) => status === 200);
  expect(await storedCodes("SIGINT")).toEqual(answered.map(({ code }) => code).sort());
  expect(exitCode).toBe(0);
  expect(tookMs).toBeLessThan(3000);
}, 60_000);

test("a promise that nobody waits for ends the process, with one line that repeats nothing", async () => {
  const server = await startServer(database, { LOG_LEVEL: "info" }, ["-r", "./test/support/forgotten-promise.ts"]);
  server.child.kill("SIGUSR2");
  expect(await server.ended).toBe(1);
  const lines = server
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: 60, error: "Error", message: "duplicate key" });
  expect(server.output()).not.toMatch(/0071001234567|secret/);
}, 60_000);
