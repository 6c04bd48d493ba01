import { type FastifyInstance } from "fastify";
import { readConfig } from "../../src/config";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { openHttp } from "./open-http";

const SANDBOX = "https://studio.apollographql.com";
const ELSEWHERE = "https://elsewhere.example";

let gateway: TestGateway;
let tenant: TestTenant;
let http: FastifyInstance;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  http = await openHttp(gateway, readConfig({}).corsOrigins);
});
afterAll(async () => {
  await http.close();
  await gateway.close();
});

const preflight = (origin: string, headers: Record<string, string> = {}) =>
  http.inject({
    method: "OPTIONS",
    url: "/graphql",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
      ...headers,
    },
  });
const post = (origin: string, authorization?: string) =>
  http.inject({
    method: "POST",
    url: "/graphql",
    headers: { origin, "content-type": "application/json", ...(authorization && { authorization }) },
    payload: { query: "{ viewer { tenant { code } } }" },
  });

test("lets in Apollo Sandbox in development, nobody in production, and whoever CORS_ORIGINS names", () => {
  expect(readConfig({}).corsOrigins).toEqual([SANDBOX]);
  expect(readConfig({ NODE_ENV: "production" }).corsOrigins).toEqual([]);
  expect(readConfig({ CORS_ORIGINS: " https://a.example , https://b.example" }).corsOrigins).toEqual([
    "https://a.example",
    "https://b.example",
  ]);
  expect(readConfig({ CORS_ORIGINS: "" }).corsOrigins).toEqual([]);
});

test("answers the preflight of Apollo Sandbox, without a key", async () => {
  const { statusCode, headers, body } = await preflight(SANDBOX);
  expect([statusCode, body]).toEqual([204, ""]);
  expect(headers).toMatchObject({
    "access-control-allow-origin": SANDBOX,
    "access-control-allow-methods": expect.stringContaining("POST"),
    "access-control-allow-headers": "authorization,content-type",
    vary: expect.stringMatching(/\bOrigin\b/),
  });
  expect(headers).not.toHaveProperty("access-control-allow-credentials");
  expect(headers).not.toHaveProperty("access-control-allow-private-network");
});

test("lets the page of an allowed origin call a gateway in a private network, which Chrome asks for", async () => {
  const asking = { "access-control-request-private-network": "true" };
  expect((await preflight(SANDBOX, asking)).headers).toMatchObject({
    "access-control-allow-origin": SANDBOX,
    "access-control-allow-private-network": "true",
  });
  const { headers } = await preflight(ELSEWHERE, asking);
  expect(headers).not.toHaveProperty("access-control-allow-private-network");
});

test("lets an allowed origin read answers, also that of a missing key", async () => {
  const answer = await post(SANDBOX, `Bearer ${tenant.token}`);
  expect(answer.json()).toEqual({ data: { viewer: { tenant: { code: tenant.code } } } });
  expect(answer.headers["access-control-allow-origin"]).toBe(SANDBOX);

  const refusal = await post(SANDBOX);
  expect(refusal.statusCode).toBe(401);
  expect(refusal.headers["access-control-allow-origin"]).toBe(SANDBOX);
});

test.each([ELSEWHERE, `${SANDBOX}.elsewhere.example`, "http://studio.apollographql.com", "null"])(
  "lets no page of %s read anything",
  async (origin) => {
    for (const { headers } of [await preflight(origin), await post(origin, `Bearer ${tenant.token}`)])
      expect(headers).not.toHaveProperty("access-control-allow-origin");
  },
);
