import { withClient } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const CREATE = `mutation Create($name: String!) {
  createCustomer(input: { name: $name, bankAccounts: [{ accountNumber: "123456789012" }] }) {
    id code name bankAccounts { accountNumber }
  }
}`;

interface Sent {
  readonly status: number;
  readonly body: { data?: any; errors?: any[] };
}

async function send(tenant: TestTenant, key: string, query: string, variables: object): Promise<Sent> {
  const response = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: {
      authorization: `Bearer ${tenant.token}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    payload: JSON.stringify({ query, variables }),
  });
  return { status: response.statusCode, body: response.json() };
}

async function countCustomers(tenant: TestTenant): Promise<number> {
  return (await tenant.run("{ customers { totalCount } }")).customers.totalCount;
}

test("answers the same key and body as the first time, and does nothing", async () => {
  const tenant = await gateway.aTenant();
  const first = await send(tenant, "order-1", CREATE, { name: "Ada" });
  const again = await send(tenant, "order-1", CREATE, { name: "Ada" });
  expect(first.body.data.createCustomer).toMatchObject({
    name: "Ada",
    bankAccounts: [{ accountNumber: "123456789012" }],
  });
  expect(again).toEqual(first);
  expect(await countCustomers(tenant)).toBe(1);
});

test("waits for the first while it is still running", async () => {
  const tenant = await gateway.aTenant();
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(tenant, "at once", CREATE, { name: "Bo" })));
  expect(new Set(answers.map(({ body }) => body.data?.createCustomer.id)).size).toBe(1);
  expect(await countCustomers(tenant)).toBe(1);
});

test("refuses another body under the same key", async () => {
  const tenant = await gateway.aTenant();
  await send(tenant, "order-2", CREATE, { name: "Ada" });
  const other = await send(tenant, "order-2", CREATE, { name: "Bo" });
  expect(other.body.errors?.[0].extensions.code).toBe("CONFLICT");
  expect(await countCustomers(tenant)).toBe(1);
});

test("tries anew what failed, since it had no effect", async () => {
  const tenant = await gateway.aTenant();
  const query = `mutation { createCustomer(input: { name: "Ada", status: "active" }) { id } }`;
  const failed = await send(tenant, "retry", query, {});
  expect(failed.body.errors?.[0].extensions.code).toBe("BAD_USER_INPUT");
  await tenant.run(`mutation { createCustomerStatus(input: { code: "active", name: "Active" }) { id } }`);
  const worked = await send(tenant, "retry", query, {});
  expect(worked.body.errors).toBeUndefined();
});

test("keeps the keys of credentials and of tenants apart", async () => {
  const tenant = await gateway.aTenant();
  const other = await tenant.withScopes("*");
  const stranger = await gateway.aTenant();
  const ids = [];
  for (const who of [tenant, other, stranger]) {
    ids.push((await send(who, "same", CREATE, { name: "Ada" })).body.data.createCustomer.id);
  }
  expect(new Set(ids).size).toBe(3);
});

test("stores answers as ciphertext", async () => {
  const tenant = await gateway.aTenant();
  await send(tenant, "secret", CREATE, { name: "Ada" });
  const found = await withClient(gateway.database.superuserUrl, async (client) => {
    const { rows } = await client.query<{ answer: Buffer }>(
      "select answer_ciphertext as answer from idempotency_keys where tenant_id = $1",
      [tenant.id],
    );
    return rows;
  });
  expect(found).toHaveLength(1);
  expect(found[0]?.answer.includes("123456789012")).toBe(false);
  expect(found[0]?.answer.includes("Ada")).toBe(false);
});

test("forgets a key after a day, and clears away what is that old", async () => {
  const tenant = await gateway.aTenant();
  const first = await send(tenant, "old", CREATE, { name: "Ada" });
  await send(tenant, "older", CREATE, { name: "Bo" });
  await withClient(gateway.database.superuserUrl, (client) =>
    client.query("update idempotency_keys set created_at = now() - interval '25 hours' where tenant_id = $1", [
      tenant.id,
    ]),
  );
  const anew = await send(tenant, "old", CREATE, { name: "Cy" });
  expect(anew.body.data.createCustomer.id).not.toBe(first.body.data.createCustomer.id);
  const left = await withClient(gateway.database.superuserUrl, async (client) => {
    const { rows } = await client.query<{ key: string }>("select key from idempotency_keys where tenant_id = $1", [
      tenant.id,
    ]);
    return rows.map(({ key }) => key);
  });
  expect(left).toEqual(["old"]);
});

test("refuses a header that is no key, and does nothing", async () => {
  const tenant = await gateway.aTenant();
  const refused = await send(tenant, "x".repeat(256), CREATE, { name: "Ada" });
  expect(refused.status).toBe(400);
  expect(refused.body.errors?.[0].extensions.problems[0].code).toBe("INVALID_IDEMPOTENCY_KEY");
  expect(await countCustomers(tenant)).toBe(0);
});

test("has no effect on queries", async () => {
  const tenant = await gateway.aTenant();
  const query = "{ customers { totalCount } }";
  expect((await send(tenant, "q", query, {})).body.data.customers.totalCount).toBe(0);
  await send(tenant, "c", CREATE, { name: "Ada" });
  expect((await send(tenant, "q", query, {})).body.data.customers.totalCount).toBe(1);
});
