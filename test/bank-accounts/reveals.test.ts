import { aCustomer } from "../support/customers";
import { withClient } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { stored } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ poolSize: 1 });
});
afterAll(() => gateway.close());

interface Recorded {
  readonly account: string;
  readonly customer: string;
  readonly credential: string;
  readonly name: string;
  readonly request: string;
}

const recorded = ({ id }: TestTenant): Promise<Recorded[]> =>
  stored<Recorded>(
    gateway.database,
    `select bank_account_id as account, customer_id as customer, credential_id as credential, credential_name as name,
       request_id as request
     from account_number_reveals where tenant_id = $1 order by id`,
    [id],
  );

/** A tenant with two customers and three accounts, and nothing shown of them. */
async function aTenantWithAccounts(): Promise<{ tenant: TestTenant; ada: any; bo: any }> {
  const tenant = await gateway.aTenant();
  const writer = await tenant.withScopes("customers:write", "customers:read");
  const create = async (code: string, ...numbers: string[]): Promise<any> =>
    (
      await writer.run(
        `mutation ($input: CustomerInput!) { createCustomer(input: $input) { id bankAccounts { id } } }`,
        { input: { code, bankAccounts: numbers.map((accountNumber) => ({ accountNumber })) } },
      )
    ).createCustomer;
  return { tenant, ada: await create("ADA", "11112222", "33334444"), bo: await create("BO", "55556666") };
}

test("each number that a query shows is recorded once, with the credential and the request", async () => {
  const { tenant, ada, bo } = await aTenantWithAccounts();
  const other = await gateway.aTenant();
  const { data } = await tenant.execute(`{
    customers { nodes { bankAccounts { accountNumber again: accountNumber maskedAccountNumber } } }
    bankAccount(id: "${bo.bankAccounts[0].id}") { accountNumber }
  }`);
  expect(data.customers.nodes[0].bankAccounts[0].accountNumber).toBe("11112222");
  const rows = await recorded(tenant);
  expect(rows.map(({ account, customer }) => [account, customer]).sort()).toEqual(
    [
      [ada.bankAccounts[0].id, ada.id],
      [ada.bankAccounts[1].id, ada.id],
      [bo.bankAccounts[0].id, bo.id],
    ].sort(),
  );
  expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(["test"]));
  expect(new Set(rows.map(({ request }) => request)).size).toBe(1);
  expect(rows[0]?.request).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(rows.map(({ credential }) => credential)).size).toBe(1);
  expect(await recorded(other)).toEqual([]);
});

test("what is masked, refused or only found by its number is not recorded", async () => {
  const { tenant } = await aTenantWithAccounts();
  const reader = await tenant.withScopes("customers:read");
  await reader.execute("{ customers { nodes { bankAccounts { accountNumber maskedAccountNumber } } } }");
  await tenant.run("{ customers { nodes { bankAccounts { maskedAccountNumber } } } }");
  await tenant.run(`{ customers(filter: { accountNumber: "55556666" }) { totalCount } }`);
  expect(await recorded(tenant)).toEqual([]);
});

test("a mutation's answer is recorded with the mutation, also where it is only validated; a failed one shows nothing", async () => {
  const { tenant, ada } = await aTenantWithAccounts();
  const input = `input: { code: "CY", bankAccounts: [{ accountNumber: "77778888" }] }`;
  const query = (more: string): string =>
    `mutation { createCustomer(${input} ${more}) { id bankAccounts { accountNumber } } }`;
  await tenant.run(query("validateOnly: true"));
  expect(await recorded(tenant)).toHaveLength(1);
  await tenant.run(query(""));
  expect(await recorded(tenant)).toHaveLength(2);
  const failed = await tenant.execute(
    `mutation { updateCustomer(by: { code: "ADA" }, input: { name: "Ada" }) { bankAccounts { accountNumber } }
      deleteContact(id: "${ada.id}") { id } }`,
  );
  expect(failed.data).toBeNull();
  expect(await recorded(tenant)).toHaveLength(2);
});

test("an answer that is repeated for an Idempotency-Key shows the number again, and is recorded again", async () => {
  const { tenant } = await aTenantWithAccounts();
  const send = async (): Promise<string> => {
    const { body } = await gateway.http.inject({
      method: "POST",
      url: "/graphql",
      headers: {
        authorization: `Bearer ${tenant.token}`,
        "content-type": "application/json",
        "idempotency-key": "once",
      },
      payload: {
        query: `mutation { createCustomer(input: { bankAccounts: [{ accountNumber: "99990000" }] }) { bankAccounts { accountNumber } } }`,
      },
    });
    return body;
  };
  const first = await send();
  expect(first).toContain("99990000");
  expect(await send()).toBe(first);
  const rows = await recorded(tenant);
  expect(rows).toHaveLength(2);
  expect(rows[0]?.account).toBe(rows[1]?.account);
  expect(rows[0]?.request).not.toBe(rows[1]?.request);
});

test("no number leaves where the record cannot be written", async () => {
  const { tenant } = await aTenantWithAccounts();
  const asOwner = (sql: string): Promise<unknown> =>
    withClient(gateway.database.adminUrl, (client) => client.query(sql));
  await asOwner("alter table account_number_reveals add constraint no_more check (false) not valid");
  try {
    const before = await aCustomerCount(tenant);
    const query = await tenant.execute("{ customers { nodes { bankAccounts { accountNumber } } } }");
    const mutation = await tenant.execute(
      `mutation { createCustomer(input: { bankAccounts: [{ accountNumber: "12121212" }] }) { bankAccounts { accountNumber } } }`,
    );
    for (const { data, errors } of [query, mutation]) {
      expect(data).toBeNull();
      expect(errors).toHaveLength(1);
    }
    expect(await aCustomerCount(tenant)).toBe(before);
    expect(
      (await tenant.execute("{ customers { nodes { bankAccounts { maskedAccountNumber } } } }")).errors,
    ).toBeUndefined();
  } finally {
    await asOwner("alter table account_number_reveals drop constraint no_more");
  }
  expect((await tenant.execute("{ customers { nodes { bankAccounts { accountNumber } } } }")).errors).toBeUndefined();
});

test("outlives the customer", async () => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant, { bankAccounts: [{ accountNumber: "12345678" }] });
  await tenant.run(`mutation ($id: ID!) { deleteCustomer(by: { id: $id }) { id } purgeCustomer(by: { id: $id }) }`, {
    id,
  });
  expect((await recorded(tenant)).map(({ customer }) => customer)).toContain(id);
});

async function aCustomerCount(tenant: TestTenant): Promise<number> {
  return (await tenant.run("{ customers { totalCount } }")).customers.totalCount;
}
