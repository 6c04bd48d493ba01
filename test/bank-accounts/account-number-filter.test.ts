import { aCustomer } from "../support/customers";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { stored } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const QUERY = "query ($filter: CustomerFilter) { customers(filter: $filter) { totalCount nodes { code } } }";
const found = async (tenant: TestTenant, filter: object): Promise<string[]> =>
  (await tenant.run(QUERY, { filter })).customers.nodes.map(({ code }: { code: string }) => code);

test("finds the whole number, however it is written, among conditions of any kind", async () => {
  const tenant = await gateway.aTenant();
  await aCustomer(tenant, { code: "NL", bankAccounts: [{ accountNumber: "NL91 ABNA 0417 1643 00" }] });
  await aCustomer(tenant, {
    code: "VN",
    bankAccounts: [{ accountNumber: "1" }, { accountNumber: "0011-0022.33445/1" }],
  });
  for (const accountNumber of ["NL91ABNA0417164300", "nl91 abna 0417 1643 00", "NL91-ABNA-0417-1643-00"]) {
    expect(await found(tenant, { accountNumber })).toEqual(["NL"]);
  }
  expect(await found(tenant, { accountNumber: "0011 0022 33445 1" })).toEqual(["VN"]);
  for (const accountNumber of ["NL91ABNA041716430", "164300", "*", " ", "-", "2"]) {
    expect(await found(tenant, { accountNumber })).toEqual([]);
  }
  expect(await found(tenant, { not: { accountNumber: "1" } })).toEqual(["NL"]);
  expect(await found(tenant, { or: [{ accountNumber: "1" }, { code: { eq: "NL" } }] })).toEqual(["NL", "VN"]);
  expect(await found(tenant, { and: [{ accountNumber: "1" }], code: { eq: "NL" } })).toEqual([]);
  const { customerPage } = await tenant.run(
    `{ customerPage(filter: { accountNumber: "1" }) { totalCount items { code } } }`,
  );
  expect(customerPage).toEqual({ totalCount: 1, items: [{ code: "VN" }] });
});

test("follows every way in which a number is written", async () => {
  const tenant = await gateway.aTenant();
  const ada = await aCustomer(tenant, { code: "ADA", bankAccounts: [{ accountNumber: "1111" }] });
  await aCustomer(tenant, { code: "BO" });
  const run = (query: string): Promise<any> => tenant.run(`mutation { ${query} }`);
  const id = ada.bankAccounts[0].id as string;

  await run(`updateBankAccount(id: "${id}", input: { accountNumber: "2222" }) { id }`);
  expect([await found(tenant, { accountNumber: "1111" }), await found(tenant, { accountNumber: "2222" })]).toEqual([
    [],
    ["ADA"],
  ]);
  await run(
    `updateCustomer(by: { code: "ADA" }, input: { bankAccounts: [{ id: "${id}", accountNumber: "3333" }] }) { id }`,
  );
  expect([await found(tenant, { accountNumber: "2222" }), await found(tenant, { accountNumber: "3333" })]).toEqual([
    [],
    ["ADA"],
  ]);
  await run(
    `updateCustomer(by: { code: "ADA" }, input: { bankAccounts: [{ id: "${id}", bankName: "Other" }] }) { id }`,
  );
  expect(await found(tenant, { accountNumber: "3333" })).toEqual(["ADA"]);
  await run(`createBankAccount(customer: { code: "BO" }, input: { accountNumber: "4444" }) { id }`);
  await run(`upsertCustomers(input: [{ code: "CY", bankAccounts: [{ accountNumber: "4444" }] }]) { id }`);
  expect(await found(tenant, { accountNumber: "4444" })).toEqual(["BO", "CY"]);
  await run(`mergeCustomers(keep: { code: "BO" }, from: [{ code: "ADA" }]) { id }`);
  expect(await found(tenant, { accountNumber: "3333" })).toEqual(["BO"]);
  await run(`deleteCustomer(by: { code: "CY" }) { id }`);
  expect(await found(tenant, { accountNumber: "4444" })).toEqual(["BO"]);
  expect(await found(tenant, { accountNumber: "4444", trash: "INCLUDE" })).toEqual(["BO", "CY"]);
});

test("needs the scope that reveals numbers, wherever in the filter it stands", async () => {
  const tenant = await gateway.aTenant();
  await aCustomer(tenant, { bankAccounts: [{ accountNumber: "12345678" }] });
  const reader = await tenant.withScopes("customers:read");
  const filters = [
    { accountNumber: "12345678" },
    { accountNumber: "87654321" },
    { accountNumber: " " },
    { not: { accountNumber: "12345678" } },
    { or: [{}, { and: [{ accountNumber: "12345678" }] }] },
  ];
  const answers = [];
  for (const filter of filters) answers.push(await reader.execute(QUERY, { filter }));
  for (const { data, errors } of answers) {
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { path: ["customers"], message: "This needs the scope bank-accounts:reveal.", extensions: { code: "FORBIDDEN" } },
    ]);
  }
  const revealer = await tenant.withScopes("customers:read", "bank-accounts:reveal");
  expect((await revealer.run(QUERY, { filter: filters[0] })).customers.totalCount).toBe(1);
});

test("another tenant's number finds nothing, and looks different where it is stored", async () => {
  const [tenant, other, empty] = [await gateway.aTenant(), await gateway.aTenant(), await gateway.aTenant()];
  await aCustomer(other, { bankAccounts: [{ accountNumber: "55667788" }] });
  await aCustomer(tenant, { bankAccounts: [{ accountNumber: "1" }] });
  expect(await found(tenant, { accountNumber: "55667788" })).toEqual([]);
  expect(await found(empty, { accountNumber: "55667788" })).toEqual([]);
  await aCustomer(tenant, { code: "SAME", bankAccounts: [{ accountNumber: "55667788" }] });
  expect(await found(tenant, { accountNumber: "55667788" })).toEqual(["SAME"]);
  const rows = await stored<{ index: Buffer }>(
    gateway.database,
    "select distinct account_number_index as index from bank_accounts where account_number_last_four = '7788'",
  );
  expect(rows.map(({ index }) => index.length)).toEqual([32, 32]);
});

test("two who write a tenant's first numbers at once agree on its key", async () => {
  const tenant = await gateway.aTenant();
  const second = await startGateway({ database: gateway.database, keyring: gateway.keyring });
  try {
    const token = { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" };
    const create = ({ http }: TestGateway): Promise<{ statusCode: number }> =>
      http.inject({
        method: "POST",
        url: "/graphql",
        headers: token,
        payload: { query: `mutation { createCustomer(input: { bankAccounts: [{ accountNumber: "77" }] }) { id } }` },
      });
    const all = await Promise.all([gateway, second, gateway, second].map(create));
    expect(all.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect(await found(tenant, { accountNumber: "77" })).toHaveLength(4);
  } finally {
    await second.close();
  }
});
