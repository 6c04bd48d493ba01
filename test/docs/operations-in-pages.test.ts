import { startGateway, type TestGateway } from "../support/gateway";
import { openRateLimit, type OpenRateLimit } from "../../src/limits/rate-limit-store";
import { allPages, codeOf, readPage } from "./pages";

/* The operations of all pages but docs/operations.md, which has a test of its own, are run as they stand there. */

const OPERATIONS = allPages()
  .filter((page) => page !== "docs/operations.md")
  .flatMap((page) => codeOf(page, "graphql").map((query) => ({ page, query, name: query.split(/[({]/)[0] })));

let gateway: TestGateway;
let counted: OpenRateLimit;
beforeAll(async () => {
  counted = await openRateLimit({ points: 100_000, windowSeconds: 60, store: "memory", redisUrl: undefined }, "");
  gateway = await startGateway({ rateLimit: counted.rateLimit });
});
afterAll(async () => {
  expect(gateway.unexpected).toEqual([]);
  await gateway.close();
  await counted.close();
});

test("finds operations", () => {
  expect(OPERATIONS.map(({ page }) => page)).toEqual(
    expect.arrayContaining(["README.md", "docs/querying.md", "docs/writing.md"]),
  );
});

test.each(OPERATIONS)("$page: $name is answered", async ({ query }) => {
  const tenant = await gateway.aTenant();
  const { status, errors, data } = await tenant.execute(query);
  expect(errors).toBeUndefined();
  expect(status).toBe(200);
  expect(Object.values(data as object)).not.toContain(null);
});

test("docs/limits.md tells what the query of docs/querying.md costs", async () => {
  const { token } = await gateway.aTenant();
  const [query] = codeOf("docs/querying.md", "graphql");
  const { headers } = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    payload: { query },
  });
  const left = Number(/;r=(\d+)/.exec(String(headers["ratelimit"]))?.[1]);
  const page = readPage("docs/limits.md");
  expect(page).toContain(`RateLimit-Policy: ${String(headers["ratelimit-policy"])}`);
  expect(page).toContain(`RateLimit: "credential";r=${left};`);
  expect(page).toContain(`costs ${(100_000 - left).toLocaleString("en")}:`);
  expect(page).toContain(`${Math.floor(100_000 / (100_000 - left))} times a minute`);
});
