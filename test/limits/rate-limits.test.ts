import { type AddressInfo } from "node:net";
import { readConfig } from "../../src/config";
import { openRateLimit, type OpenRateLimit } from "../../src/limits/rate-limit-store";
import { type RateLimitOptions } from "../../src/limits/rate-limit-options";
import { createTestDatabase, withClient, type TestDatabase } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});

interface Limited extends TestGateway {
  readonly url: string;
}

/** A gateway that counts, on the same database as the others of this file, with a real HTTP door. */
async function limited(options: Partial<RateLimitOptions> | undefined, databaseUrl = database.url): Promise<Limited> {
  const counted: OpenRateLimit | undefined =
    options &&
    (await openRateLimit(
      { points: 100, windowSeconds: 60, store: "memory", redisUrl: undefined, ...options },
      databaseUrl,
    ));
  if (counted) closing.push(() => counted.close());
  const gateway = await startGateway({ database, poolSize: 1, ...(counted && { rateLimit: counted.rateLimit }) });
  closing.push(() => gateway.close());
  await gateway.http.listen({ host: "127.0.0.1", port: 0 });
  return { ...gateway, url: `http://127.0.0.1:${(gateway.http.server.address() as AddressInfo).port}/graphql` };
}

async function ask({ url }: Limited, { token }: TestTenant, query: string, language = "en") {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "accept-language": language },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: any; errors?: any[] };
  const { headers, status } = response;
  return {
    status,
    data,
    errors,
    policy: headers.get("ratelimit-policy"),
    limit: headers.get("ratelimit"),
    retryAfter: headers.get("retry-after"),
  };
}

/** Costs the given number of points, 2 or more: the request, the connection, the customers on it and the page's place. */
const costing = (points: number): string =>
  `{ customers(first: ${Math.max(points - 3, 0)}) { ${points > 2 ? "nodes { id } pageInfo { endCursor }" : "totalCount"} } }`;

const remaining = (answer: { limit: string | null }): number => Number(/r=(\d+)/.exec(answer.limit ?? "")?.[1]);

describe("what a credential asks for", () => {
  test("is not counted where no limit is configured", async () => {
    const gateway = await limited(undefined);
    const answer = await ask(gateway, await gateway.aTenant(), costing(2));
    expect(answer).toMatchObject({ status: 200, policy: null, limit: null, retryAfter: null });
    expect(readConfig({}).rateLimit).toBeUndefined();
  });

  test("is told with every answer, and refused beyond the limit without a statement", async () => {
    const gateway = await limited({});
    const tenant = await gateway.aTenant();
    const policy = '"credential";q=100;w=60';
    expect(await ask(gateway, tenant, costing(40))).toMatchObject({
      status: 200,
      policy,
      limit: '"credential";r=60;t=60',
      retryAfter: null,
    });
    expect(await ask(gateway, tenant, costing(60))).toMatchObject({ status: 200, limit: '"credential";r=0;t=60' });

    const refused = await ask(gateway, tenant, "{ __typename }");
    expect(refused).toMatchObject({ status: 429, data: undefined, policy, limit: '"credential";r=0;t=60' });
    expect(refused.retryAfter).toBe("60");
    expect(refused.errors).toEqual([
      {
        message: "This credential has asked for too much in a short time. Try again in 60 seconds.",
        extensions: { code: "RATE_LIMITED", requestId: expect.any(String) },
      },
    ]);
    expect((await ask(gateway, tenant, "{ __typename }", "vi")).errors?.[0].message).toMatch(/thử lại sau 60 giây/);
    expect((await tenant.execute(costing(2))).statements).toEqual([]);
    expect(gateway.unexpected).toEqual([]); // nothing to be logged
  });

  test("is allowed again when the window has ended", async () => {
    const gateway = await limited({ points: 5 });
    const tenant = await gateway.aTenant();
    expect((await ask(gateway, tenant, costing(5))).status).toBe(200);
    expect((await ask(gateway, tenant, costing(5))).status).toBe(429);
    const now = Date.now();
    jest.spyOn(Date, "now").mockReturnValue(now + 61_000);
    expect(await ask(gateway, tenant, costing(5))).toMatchObject({ status: 200, limit: '"credential";r=0;t=60' });
  });

  test("is counted for each credential by itself, also within a tenant", async () => {
    const gateway = await limited({ points: 3 });
    const first = await gateway.aTenant();
    const others = [await first.withScopes("customers:read"), await gateway.aTenant()];
    expect((await ask(gateway, first, costing(3))).status).toBe(200);
    expect((await ask(gateway, first, costing(3))).status).toBe(429);
    for (const other of others) expect(remaining(await ask(gateway, other, costing(2)))).toBe(1);
  });

  test("is counted where nothing is executed, as the least", async () => {
    const gateway = await limited({ points: 10 });
    const tenant = await gateway.aTenant();
    const wrong = ["{", "{ unknown }", "subscription { x }", "query A { viewer { scopes } } query B { __typename }"];
    const hostile = [
      `{ ${"a:__typename b:__typename ".repeat(10)} }`,
      "{ customers { nodes { assets(first: 100) { nodes { workOrders(first: 100) { nodes { id } } } } } } }",
    ];
    for (const [index, query] of [...wrong, ...hostile].entries()) {
      const answer = await ask(gateway, tenant, query);
      expect({ query, status: answer.status, left: remaining(answer) }).toEqual({
        query,
        status: 400,
        left: 9 - index,
      });
    }
    await ask(gateway, tenant, costing(4));
    for (const query of [...wrong, ...hostile]) {
      const { status, errors } = await ask(gateway, tenant, query);
      expect({ query, status, codes: errors?.map(({ extensions }) => extensions.code) }).toEqual({
        query,
        status: 429,
        codes: ["RATE_LIMITED"],
      });
    }
  });

  test("may be more than a whole window allows, once in each", async () => {
    const gateway = await limited({ points: 10 });
    const tenant = await gateway.aTenant();
    expect(await ask(gateway, tenant, costing(90))).toMatchObject({ status: 200, limit: '"credential";r=0;t=60' });
    expect((await ask(gateway, tenant, costing(2))).status).toBe(429);
  });
});

describe("counted in PostgreSQL", () => {
  test("a limit holds for all gateways together, and each credential has its own", async () => {
    const [one, two] = [await limited({ store: "postgres" }), await limited({ store: "postgres" })];
    const tenant = await one.aTenant();
    const other = await two.aTenant();
    expect(remaining(await ask(one, tenant, costing(30)))).toBe(70);
    expect(remaining(await ask(two, tenant, costing(30)))).toBe(40);
    expect(remaining(await ask(two, other, costing(30)))).toBe(70);
    expect(remaining(await ask(one, tenant, costing(40)))).toBe(0);
    expect(await ask(two, tenant, costing(2))).toMatchObject({
      status: 429,
      limit: expect.stringMatching(/r=0;t=(60|59)$/),
    });
    expect((await ask(one, tenant, costing(2))).status).toBe(429);
    expect(remaining(await ask(one, other, costing(2)))).toBe(68);
  });

  test("every point is counted once, and no request waits for a second connection, when many come at once", async () => {
    const gateways = [await limited({ store: "postgres" }), await limited({ store: "postgres" })];
    const [tenant] = [await (gateways[0] as Limited).aTenant()];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => ask(gateways[index % 2] as Limited, tenant, costing(2))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });

  test("the server's login may count and no more", async () => {
    await withClient(database.url, async (client) => {
      await expect(client.query("truncate rate_limits")).rejects.toThrow("permission denied");
      await expect(client.query("alter table rate_limits add x int")).rejects.toThrow("must be owner");
    });
  });

  test("a gateway counts by itself while the store is away", async () => {
    const away = new URL(database.url);
    away.port = "1";
    const gateway = await limited({ store: "postgres", points: 5 }, away.href);
    const tenant = await gateway.aTenant();
    expect(await ask(gateway, tenant, costing(5))).toMatchObject({ status: 200, limit: '"credential";r=0;t=60' });
    expect((await ask(gateway, tenant, costing(2))).status).toBe(429);
  });
});

describe("counted in Redis", () => {
  const options: RateLimitOptions = { points: 100, windowSeconds: 60, store: "redis", redisUrl: "redis://cache:6379" };
  const credential = { id: "c", name: "c", scopes: [], tenant: { id: "t", code: "t", name: "t" } };
  afterEach(() => jest.resetModules());

  test("a limit holds for all gateways together", async () => {
    const counts = new Map<string, number>();
    const urls: string[] = [];
    /** As much of the package's client as counting needs. */
    class Redis {
      status = "ready";
      constructor(url: string) {
        urls.push(url);
      }
      on(): void {}
      defineCommand(): void {}
      rlflxIncr([key, points]: [string, string]): Promise<[number, number]> {
        counts.set(key, (counts.get(key) ?? 0) + Number(points));
        return Promise.resolve([counts.get(key) ?? 0, 59_000]);
      }
      disconnect(): void {
        this.status = "end";
      }
    }
    jest.doMock("ioredis", () => ({ Redis }), { virtual: true });
    const [one, two] = [await openRateLimit(options, ""), await openRateLimit(options, "")];
    expect(urls).toEqual([options.redisUrl, options.redisUrl]);
    expect(await one.rateLimit.consume(credential, 40)).toEqual({ isExceeded: false, remaining: 60, resetSeconds: 59 });
    expect(await two.rateLimit.consume(credential, 70)).toMatchObject({ isExceeded: true, remaining: 0 });
    expect([...counts]).toEqual([["credential:t:c", 110]]);
    await two.close();
    expect(await two.rateLimit.consume({ ...credential, id: "d" }, 1)).toMatchObject({ remaining: 99 }); // by itself
    expect(counts.size).toBe(1);
    await one.close();
  });

  test("needs a package that is not installed with the gateway", async () => {
    jest.doMock(
      "ioredis",
      () => {
        throw new Error("Cannot find module");
      },
      { virtual: true },
    );
    await expect(openRateLimit(options, "")).rejects.toThrow("needs the package ioredis. Run: npm install ioredis@5");
  });
});

describe("the configuration", () => {
  test("says how much, in which time and where it is counted", () => {
    expect(readConfig({ RATE_LIMIT: "1000" }).rateLimit).toMatchObject({
      points: 1000,
      windowSeconds: 60,
      store: "memory",
    });
    const all = {
      RATE_LIMIT: "5",
      RATE_LIMIT_WINDOW_S: "1",
      RATE_LIMIT_STORE: "redis",
      REDIS_URL: "redis://localhost",
    };
    expect(readConfig(all).rateLimit).toEqual({
      points: 5,
      windowSeconds: 1,
      store: "redis",
      redisUrl: "redis://localhost",
    });
  });

  test.each([
    [{ RATE_LIMIT: "many" }, "RATE_LIMIT must be a whole number"],
    [{ RATE_LIMIT: "1", RATE_LIMIT_WINDOW_S: "0" }, "RATE_LIMIT_WINDOW_S must be a whole number from 1"],
    [{ RATE_LIMIT: "1", RATE_LIMIT_STORE: "disk" }, "RATE_LIMIT_STORE must be one of memory, postgres, redis"],
    [{ RATE_LIMIT: "1", RATE_LIMIT_STORE: "redis" }, "RATE_LIMIT_STORE=redis needs REDIS_URL"],
    [{ RATE_LIMIT: "1", RATE_LIMIT_STORE: "redis", REDIS_URL: "localhost" }, "REDIS_URL must be a URL such as"],
  ])("%j is refused", (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });
});
