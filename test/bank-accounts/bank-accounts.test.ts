import { aCustomer, readCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored, tenantTables } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

const ACCOUNT =
  "id bankCode bankName accountHolderName maskedAccountNumber accountNumber createdAt updatedAt customer { id version }";
const create = (tenant: TestTenant, customer: object, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($customer: CustomerKey!, $input: BankAccountInput!) {
      account: createBankAccount(customer: $customer, input: $input) { ${ACCOUNT} } }`,
    { customer, input },
  );
const update = (tenant: TestTenant, id: string, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($id: ID!, $input: BankAccountPatch!) { account: updateBankAccount(id: $id, input: $input) { ${ACCOUNT} } }`,
    { id, input },
  );
const remove = (tenant: TestTenant, id: string): Promise<Answer<any>> =>
  tenant.execute("mutation($id: ID!) { customer: deleteBankAccount(id: $id) { id version bankAccounts { id } } }", {
    id,
  });

const sealed = async (id: string): Promise<{ ciphertext: string; last: string; length: number }> => {
  const [row] = await stored(
    gateway.database,
    `select encode(account_number_ciphertext, 'hex') as ciphertext, account_number_last_four as last, account_number_length as length
     from bank_accounts where id = $1`,
    [id],
  );
  return row;
};

/** What the history says of account numbers, newest first. */
const toldNumbers = async (tenant: TestTenant, id: string): Promise<unknown> => {
  const { customer } = await tenant.run(
    "query($id: ID!) { customer(by: { id: $id }) { history { nodes { fields { path before after } } } } }",
    { id },
  );
  return customer.history.nodes.flatMap(({ fields }: any) =>
    fields.filter(({ path }: any) => path[2] === "accountNumber").map(({ before, after }: any) => [before, after]),
  );
};

test("adds an account, which is a change of the customer", async () => {
  const tenant = await gateway.aTenant();
  const { id, code } = await aCustomer(tenant);
  const input = { bankCode: " VCB ", bankName: "Vietcom  bank", accountHolderName: "", accountNumber: " VN 0011 " };
  const { data } = await create(tenant, { code }, input);
  expect(data.account).toMatchObject({
    bankCode: "VCB",
    bankName: "Vietcom bank",
    accountHolderName: null,
    accountNumber: "VN 0011",
    maskedAccountNumber: "***0011",
    customer: { id, version: 2 },
  });
  const read = await tenant.run(`query($id: ID!) { bankAccount(id: $id) { ${ACCOUNT} } }`, { id: data.account.id });
  expect(read.bankAccount).toEqual(data.account);
});

test.each([
  ["1", "*"],
  ["1234", "****"],
  ["12345", "*2345"],
  ["DE02120300000000202051", "******************2051"],
  ["①②③④⑤", "*②③④⑤"],
  ["👛👛👛👛👛👛", "**👛👛👛👛"],
])("shows of %s no more than %s without the scope to reveal it", async (accountNumber, masked) => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant, { bankAccounts: [{ accountNumber }] });
  const reader = await tenant.withScopes("customers:read");
  const { data, errors } = await reader.execute(
    "query($id: ID!) { customer(by: { id: $id }) { name bankAccounts { maskedAccountNumber accountNumber } } }",
    { id },
  );
  expect(data.customer.bankAccounts).toEqual([{ maskedAccountNumber: masked, accountNumber: null }]);
  expect(errors).toMatchObject([
    { path: ["customer", "bankAccounts", 0, "accountNumber"], extensions: { code: "FORBIDDEN" } },
  ]);
  const revealed = await tenant.withScopes("customers:read", "bank-accounts:reveal");
  const whole = await revealed.run("query($id: ID!) { customer(by: { id: $id }) { bankAccounts { accountNumber } } }", {
    id,
  });
  expect(whole.customer.bankAccounts).toEqual([{ accountNumber }]);
});

test("no table holds the number in the clear", async () => {
  const tenant = await gateway.aTenant();
  const number = "5500112233445566";
  const { id, bankAccounts } = await aCustomer(tenant, { bankAccounts: [{ accountNumber: number }] });
  const [account] = bankAccounts;
  await update(tenant, account.id, { accountNumber: `${number}7` });
  await update(tenant, account.id, { accountNumber: number });
  await remove(tenant, account.id);
  await create(tenant, { id }, { accountNumber: number });
  for (const table of await tenantTables(gateway.database)) {
    const sql = `select 1 from ${table} t where position($1 in t::text) > 0 or position($2 in t::text) > 0`;
    const hex = Buffer.from(number).toString("hex");
    expect([table, (await stored(gateway.database, sql, [number, hex])).length]).toEqual([table, 0]);
  }
});

test("another number is sealed anew; the same one, or none, leaves everything as it is", async () => {
  const tenant = await gateway.aTenant();
  const customer = await aCustomer(tenant, {
    bankAccounts: [{ accountNumber: "0011002233445", bankName: "A" }, { accountNumber: "0011002233445" }],
  });
  const [account, twin] = customer.bankAccounts;
  const before = await sealed(account.id);
  expect((await sealed(twin.id)).ciphertext).not.toBe(before.ciphertext); // the same number never looks the same

  const state = await digest(gateway.database);
  for (const patch of [{}, { accountNumber: " 0011002233445 " }, { bankName: "A" }]) {
    const same = await update(tenant, account.id, patch);
    expect(same.data.account).toMatchObject({ accountNumber: "0011002233445", customer: { version: 1 } });
  }
  expect(await digest(gateway.database)).toEqual(state);

  const renamed = await update(tenant, account.id, { bankName: null, bankCode: "B" });
  expect(renamed.data.account).toMatchObject({ bankName: null, bankCode: "B", accountNumber: "0011002233445" });
  expect(await sealed(account.id)).toEqual(before);

  const other = await update(tenant, account.id, { accountNumber: "998877" });
  expect(other.data.account).toMatchObject({ bankCode: "B", maskedAccountNumber: "**8877", customer: { version: 3 } });
  expect(await sealed(account.id)).toEqual({ ciphertext: expect.any(String), last: "8877", length: 6 });
  expect((await sealed(account.id)).ciphertext).not.toBe(before.ciphertext);
});

test("the history tells numbers masked, also of one that looks the same as before", async () => {
  const tenant = await gateway.aTenant();
  const { id, bankAccounts } = await aCustomer(tenant, { bankAccounts: [{ accountNumber: "11112345" }] });
  await update(tenant, bankAccounts[0].id, { accountNumber: "22222345" });
  await update(tenant, bankAccounts[0].id, { accountNumber: "22229999" });
  await remove(tenant, bankAccounts[0].id);
  expect(await toldNumbers(tenant, id)).toEqual([
    ["****9999", null],
    ["****2345", "****9999"],
    ["****2345", "****2345"],
    [null, "****2345"],
  ]);
});

test("needs a number, and no id; names every problem at once", async () => {
  const tenant = await gateway.aTenant();
  const { id, bankAccounts } = await aCustomer(tenant, { bankAccounts: [{ accountNumber: "12345678" }] });
  const before = await digest(gateway.database);
  const paths = ({ errors }: Answer<any>): unknown =>
    errors?.[0]?.extensions.problems?.map(({ path }) => path.join("."));
  const bad = { bankCode: "b".repeat(65), bankName: "b".repeat(201), accountHolderName: "h".repeat(301) };
  const all = ["input.bankCode", "input.bankName", "input.accountHolderName"];
  expect(paths(await create(tenant, { id }, { ...bad, id: bankAccounts[0].id }))).toEqual([
    ...all,
    "input.id",
    "input.accountNumber",
  ]);
  expect(paths(await create(tenant, { id }, { accountNumber: "9".repeat(65) }))).toEqual(["input.accountNumber"]);
  for (const accountNumber of [null, " "]) {
    expect(paths(await create(tenant, { id }, { accountNumber }))).toEqual(["input.accountNumber"]);
    expect(paths(await update(tenant, bankAccounts[0].id, { ...bad, accountNumber }))).toEqual([
      ...all,
      "input.accountNumber",
    ]);
  }
  expect(await digest(gateway.database)).toEqual(before);
});

test("removes an account and answers with its customer", async () => {
  const tenant = await gateway.aTenant();
  const { id, bankAccounts } = await aCustomer(tenant, {
    bankAccounts: [{ accountNumber: "11111111" }, { accountNumber: "22222222" }],
  });
  const [one, two] = bankAccounts;
  expect((await remove(tenant, one.id)).data.customer).toEqual({ id, version: 2, bankAccounts: [{ id: two.id }] });
  expect((await remove(tenant, one.id)).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
});

test("another tenant's account, and one that never was, are equally unknown", async () => {
  const tenant = await gateway.aTenant();
  const other = await gateway.aTenant();
  const foreign = await aCustomer(other, { code: "FOREIGN", bankAccounts: [{ accountNumber: "12345678" }] });
  const before = await digest(gateway.database);
  for (const id of [foreign.bankAccounts[0].id, "0197c3a0-0000-7000-8000-000000000000", "x"]) {
    for (const answer of [await update(tenant, id, { bankName: "n" }), await remove(tenant, id)]) {
      expect(answer.errors).toMatchObject([{ message: "BankAccount not found.", extensions: { code: "NOT_FOUND" } }]);
    }
    expect(await tenant.run("query($id: ID!) { bankAccount(id: $id) { id } }", { id })).toEqual({ bankAccount: null });
  }
  expect((await create(tenant, { code: "FOREIGN" }, { accountNumber: "1" })).errors).toMatchObject([
    { extensions: { code: "NOT_FOUND" } },
  ]);
  expect(await digest(gateway.database)).toEqual(before);
});

test("a number that may not be read takes nothing back of what was written", async () => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant);
  const writer = await tenant.withScopes("customers:read", "customers:write");
  const { data, errors } = await create(writer, { id }, { accountNumber: "12345678" });
  expect(data.account).toMatchObject({ maskedAccountNumber: "****5678", accountNumber: null });
  expect(errors).toMatchObject([{ path: ["account", "accountNumber"], extensions: { code: "FORBIDDEN" } }]);
  expect((await readCustomer(tenant, { id })).bankAccounts).toMatchObject([{ accountNumber: "12345678" }]);
});
