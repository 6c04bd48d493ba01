import { setTimeout as sleep } from "node:timers/promises";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { createTestDatabase, withClient, type TestDatabase } from "../support/database";
import { openProxy, type Proxy } from "../support/proxy";

/** As a gateway has them unless told otherwise. */
const LIMITS = { statementTimeoutMs: 3000, lockTimeoutMs: 2000, idleTimeoutMs: 5000 };
const POOL_TIMEOUT_MS = 2000;

let database: TestDatabase;
let proxy: Proxy;
let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openProxy(database.url);
  const behindProxy = { ...database, url: proxy.url };
  gateway = await startGateway({
    database: behindProxy,
    poolSize: 4,
    poolTimeoutMs: POOL_TIMEOUT_MS,
    timeLimits: LIMITS,
  });
  tenant = await gateway.aTenant();
});
afterAll(async () => {
  await gateway.close();
  await proxy.close();
  await database.drop();
});
afterEach(() => expect(gateway.unexpected).toEqual([]));

const READ = "{ customers { totalCount } }";
/** Uses both pools: the code is assigned. */
const CREATE = "mutation { createCustomer(input: {}) { code } }";
/** Shares its connection with nobody. */
const READ_ALONE = '{ customers(filter: { search: "a" }) { totalCount } }';

/** Every connection of both pools is open and idle. */
async function warm(): Promise<void> {
  await Promise.all([READ_ALONE, READ_ALONE, READ_ALONE, READ_ALONE, READ].map((query) => tenant.run(query)));
  await tenant.run(CREATE);
}

interface Timed {
  readonly status: number;
  readonly codes: readonly (string | undefined)[];
  readonly tookMs: number;
}

async function ask(query: string, token = tenant.token, headers: Record<string, string> = {}): Promise<Timed> {
  const startedAt = performance.now();
  const response = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: { authorization: `Bearer ${token}`, ...headers },
    payload: { query },
  });
  const { errors = [] } = response.json<{ errors?: { extensions: { code: string } }[] }>();
  const codes = errors.map(({ extensions }) => extensions.code);
  return { status: response.statusCode, codes, tookMs: performance.now() - startedAt };
}

async function health(path: string): Promise<{ status: number; tookMs: number }> {
  const startedAt = performance.now();
  const { statusCode } = await gateway.http.inject({ url: `/health/${path}` });
  return { status: statusCode, tookMs: performance.now() - startedAt };
}

/** Everybody is told within five seconds, and the process says that it lives but cannot work. */
async function expectUnavailable(): Promise<void> {
  const stranger = `${tenant.token.slice(0, -1)}${tenant.token.endsWith("A") ? "B" : "A"}`;
  const asked = [READ, READ, READ, READ, READ, READ, READ, CREATE, CREATE].map((query) => ask(query));
  const answers = await Promise.all([...asked, ask(READ, stranger)]);
  for (const { status, codes, tookMs } of answers) {
    expect([status, codes]).toEqual([503, ["SERVICE_UNAVAILABLE"]]);
    expect(tookMs).toBeLessThan(5000);
  }
  const [live, ready] = await Promise.all([health("live"), health("ready")]);
  expect([live.status, ready.status]).toEqual([200, 503]);
  expect(live.tookMs).toBeLessThan(500);
  expect(ready.tookMs).toBeLessThan(2500);
}

/** The first success after the database has come back, of reads and of creates. */
async function expectBack(): Promise<void> {
  const backAt = performance.now();
  const firstSuccess = async (query: string): Promise<number> => {
    for (;;) {
      const { status, codes } = await ask(query);
      if (status === 200 && codes.length === 0) return performance.now() - backAt;
      await sleep(20);
    }
  };
  const [read, created] = await Promise.all([firstSuccess(READ), firstSuccess(CREATE)]);
  expect(read).toBeLessThan(2000);
  expect(created).toBeLessThan(2000);
  expect((await health("ready")).status).toBe(200);
}

test("killed backends: the next requests have new ones, and what was running is told", async () => {
  await warm();
  const running = ask(CREATE);
  await withClient(database.superuserUrl, (client) =>
    client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'clientele'",
    ),
  );
  const { status, codes } = await running;
  expect([200, 503]).toContain(status);
  expect(codes.filter((code) => code !== "SERVICE_UNAVAILABLE")).toEqual([]);
  await expectBack();
});

test("refused connections: 503 at once, and back as soon as the database is", async () => {
  await warm();
  await proxy.cut();
  await expectUnavailable();
  await proxy.restore();
  await expectBack();
});

test("a network that swallows everything: nobody waits longer than five seconds, for an answer or a connection", async () => {
  await warm();
  proxy.swallow();
  await expectUnavailable();
  await proxy.restore();
  await expectBack();
  for (const { open, idle, waiting } of gateway.app.pools()) expect([idle, waiting]).toEqual([open, 0]);
});

test("a network that swallows everything in the middle of a mutation: it is told, holds no connection, and can be sent again", async () => {
  await warm();
  const mutation = `mutation { createCustomer(input: { name: "Swallowed" }) { code } }`;
  const createOnce = (): Promise<Timed> => ask(mutation, tenant.token, { "idempotency-key": "swallowed" });
  const before = (await tenant.run(READ)).customers.totalCount as number;
  await withClient(database.superuserUrl, async (blocker) => {
    await blocker.query("begin");
    await blocker.query("lock table customers in exclusive mode");
    const create = createOnce();
    await waitUntil(async () => {
      const { rows } = await withClient(database.superuserUrl, (client) =>
        client.query("select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"),
      );
      return rows.length > 0;
    });
    proxy.swallow();
    await blocker.query("rollback");
    const { status, codes, tookMs } = await create;
    expect([status, codes]).toEqual([503, ["SERVICE_UNAVAILABLE"]]);
    expect(tookMs).toBeLessThan(5000);
  });
  await proxy.restore();
  await expectBack();
  for (const { open, idle, waiting } of gateway.app.pools()) expect([idle, waiting]).toEqual([open, 0]);
  // One more was created by expectBack.
  expect((await tenant.run(READ)).customers.totalCount).toBe(before + 1);
  for (const again of [await createOnce(), await createOnce()]) expect(again.status).toBe(200);
  expect((await tenant.run(READ)).customers.totalCount).toBe(before + 2);
});

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5000; !(await isSo()); await sleep(10)) {
    if (Date.now() > deadline) throw new Error("Waited in vain");
  }
}
