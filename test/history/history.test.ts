import { aCustomer, aTaxonomy, FULL_INPUT } from "../support/customers";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

interface Told {
  readonly action: string;
  readonly credential: string;
  readonly credentialId: string | null;
  readonly at: string;
  readonly fields: readonly { path: string[]; before: unknown; after: unknown }[];
}

/** The histories of all customers, those in the trash included, each newest first. */
async function histories(tenant: TestTenant): Promise<Map<string, Told[]>> {
  const { customers } = await tenant.run(`{
    customers(filter: { trash: INCLUDE }) {
      nodes { id history(first: 100) { nodes { action credential credentialId at fields { path before after } } } }
    }
  }`);
  return new Map(customers.nodes.map(({ id, history }: any) => [id, history.nodes]));
}

const history = async (tenant: TestTenant, id: string): Promise<Told[]> => (await histories(tenant)).get(id) ?? [];

/** A customer that has one of everything, and another one. */
async function prepare() {
  const tenant = await gateway.aTenant();
  await aTaxonomy(tenant);
  const customer = await aCustomer(tenant, { ...FULL_INPUT, code: "A-1" });
  const other = await aCustomer(tenant, { code: "B-1", name: "Other" });
  const work = await tenant.run(`mutation {
    asset: createAsset(customer: { code: "A-1" }, input: { code: "X-1", name: "Boiler" }) { id }
    workOrder: createWorkOrder(customer: { code: "A-1" }, input: { code: "X-1", title: "Repair" }) { id }
    contract: createContract(customer: { code: "A-1" }, input: { code: "X-1", title: "Service" }) { id }
    invoice: createInvoice(customer: { code: "A-1" }, input: { code: "X-1", amount: "1.50", currency: "EUR" }) { id }
    onAsset: createAsset(customer: { code: "B-1" }, input: { name: "Lift" }) { id }
  }`);
  const { order } = await tenant.run(
    `mutation($asset: ID!) {
      order: createWorkOrder(customer: { code: "B-1" }, input: { title: "On the lift", assetId: $asset }) { id } }`,
    { asset: work.onAsset.id },
  );
  const ids = {
    customer: customer.id as string,
    other: other.id as string,
    contact: customer.contacts[0].id as string,
    plain: customer.contacts[1].id as string,
    account: customer.bankAccounts[0].id as string,
    asset: work.asset.id as string,
    workOrder: work.workOrder.id as string,
    contract: work.contract.id as string,
    invoice: work.invoice.id as string,
    lift: work.onAsset.id as string,
    onLift: order.id as string,
  };
  return { tenant, ids };
}

type Ids = Awaited<ReturnType<typeof prepare>>["ids"];
/** What one mutation has to leave: the customer, what was done, and each field that changed. */
type Expected = [customer: string, action: string, fields: [path: string, before: unknown, after: unknown][]];
interface Case {
  /** Runs first. */
  readonly before?: string;
  readonly mutation: (ids: Ids) => string;
  /** `new` is the customer that was not there before. Ids in paths that were not there before are `new` as well. */
  readonly expected: (ids: Ids) => Expected[];
}

const ofEach = (kind: string, field: string, code: string, heir: string): Case => ({
  before: `create${kind}(input: { code: "${heir}", name: "n" }) { id }`,
  mutation: () => `delete${kind}(code: "${code}", reassignTo: "${heir}")`,
  expected: ({ customer }) => [[customer, "UPDATED", [[field, code, heir]]]],
});

const CASES: Record<string, Case | "touches no customer" | "erases the history"> = {
  createCustomer: {
    mutation:
      () => `createCustomer(input: { code: "N-1", company: "New", tags: ["a"], status: "lead", contacts: [{ name: "Bo" }],
      bankAccounts: [{ accountNumber: "12345678" }], customFields: [{ field: "VIP", value: true }] }) { id }`,
    expected: () => [
      [
        "new",
        "CREATED",
        [
          ["code", null, "N-1"],
          ["kind", null, "COMPANY"],
          ["name", null, "New"],
          ["company", null, "New"],
          ["tags", null, ["a"]],
          ["status", null, "LEAD"],
          ["customFields.vip", null, true],
          ["contacts.new.name", null, "Bo"],
          ["contacts.new.isPrimary", null, false],
          ["bankAccounts.new.accountNumber", null, "****5678"],
        ],
      ],
    ],
  },
  updateCustomer: {
    mutation: ({ contact, account }) => `updateCustomer(by: { code: "A-1" }, input: {
      notes: null, email: "new@example.com", phones: ["+84912345678"], status: "ACTIVE", address: { city: "Hue" },
      customFields: [{ field: "size", value: "L" }, { field: "colours", value: null }],
      contacts: [{ id: "${contact}", name: "Bob", isPrimary: true }, { name: "New" }],
      bankAccounts: [{ id: "${account}", accountNumber: "999988887777" }]
    }) { id }`,
    expected: ({ customer, contact, plain, account }) => [
      [
        customer,
        "UPDATED",
        [
          ["notes", "Rings twice.", null],
          ["email", "ada@example.com", "new@example.com"],
          ["phones", ["+84912345678", "+49301234567"], ["+84912345678"]],
          ["status", "LEAD", "ACTIVE"],
          [
            "address",
            expect.objectContaining({ country: "VN", city: "Hanoi" }),
            expect.objectContaining({ country: null, city: "Hue" }),
          ],
          ["customFields.size", "M", "L"],
          ["customFields.colours", ["red", "blue"], null],
          [`contacts.${contact}.name`, "Bo", "Bob"],
          [`contacts.${plain}.name`, "Cy", null],
          [`contacts.${plain}.email`, "cy@example.com", null],
          [`contacts.${plain}.isPrimary`, false, null],
          ["contacts.new.name", null, "New"],
          ["contacts.new.isPrimary", null, false],
          [`bankAccounts.${account}.accountNumber`, "*********3445", "********7777"],
          ["bankAccounts.new.bankCode", "ACB", null],
          ["bankAccounts.new.accountNumber", "********5544", null],
        ],
      ],
    ],
  },
  replaceCustomer: {
    mutation: () => `replaceCustomer(by: { code: "B-1" }, input: { code: "B-2", firstName: "Bo" }) { id }`,
    expected: ({ other }) => [
      [
        other,
        "UPDATED",
        [
          ["code", "B-1", "B-2"],
          ["name", "Other", "Bo"],
          ["firstName", null, "Bo"],
        ],
      ],
    ],
  },
  changeCustomerCode: {
    mutation: () => `changeCustomerCode(from: "B-1", to: "B-2") { id }`,
    expected: ({ other }) => [[other, "CODE_CHANGED", [["code", "B-1", "B-2"]]]],
  },
  deleteCustomer: {
    before: `createCustomer(input: { code: "D-1" }) { id }`,
    mutation: () => `deleteCustomer(by: { code: "D-1" }) { id }`,
    expected: () => [["D-1", "DELETED", [["deletedAt", null, expect.any(String)]]]],
  },
  restoreCustomer: {
    before: `createCustomer(input: { code: "D-1" }) { id } deleteCustomer(by: { code: "D-1" }) { id }`,
    mutation: () => `restoreCustomer(by: { code: "D-1" }) { id }`,
    expected: () => [["D-1", "RESTORED", [["deletedAt", expect.any(String), null]]]],
  },
  purgeCustomer: "erases the history",
  upsertCustomers: {
    mutation: () => `upsertCustomers(input: [{ code: "b-1", notes: "n" }, { code: "N-1" }]) { id }`,
    expected: ({ other }) => [
      [other, "UPDATED", [["notes", null, "n"]]],
      [
        "new",
        "CREATED",
        [
          ["code", null, "N-1"],
          ["kind", null, "PERSONAL"],
          ["name", null, "N-1"],
        ],
      ],
    ],
  },
  mergeCustomers: {
    mutation: () => `mergeCustomers(keep: { code: "B-1" }, from: [{ code: "M-1" }]) { id }`,
    before: `createCustomer(input: { code: "M-1", email: "m@example.com" }) { id }`,
    expected: ({ other }) => [
      [
        other,
        "MERGED",
        [
          ["mergedFrom", null, [expect.any(String)]],
          ["previousCodes", null, ["M-1"]],
          ["email", null, "m@example.com"],
        ],
      ],
      [
        "M-1",
        "MERGED_AWAY",
        [
          ["mergedInto", null, other],
          ["deletedAt", null, expect.any(String)],
        ],
      ],
    ],
  },
  createContact: {
    mutation: () => `createContact(customer: { code: "A-1" }, input: { name: "Di", isPrimary: true }) { id }`,
    expected: ({ customer, contact }) => [
      [
        customer,
        "UPDATED",
        [
          [`contacts.${contact}.isPrimary`, true, false],
          ["contacts.new.name", null, "Di"],
          ["contacts.new.isPrimary", null, true],
        ],
      ],
    ],
  },
  updateContact: {
    mutation: ({ plain }) =>
      `updateContact(id: "${plain}", input: { title: "CTO", email: null, isPrimary: true }) { id }`,
    expected: ({ customer, contact, plain }) => [
      [
        customer,
        "UPDATED",
        [
          [`contacts.${contact}.isPrimary`, true, false],
          [`contacts.${plain}.title`, null, "CTO"],
          [`contacts.${plain}.email`, "cy@example.com", null],
          [`contacts.${plain}.isPrimary`, false, true],
        ],
      ],
    ],
  },
  deleteContact: {
    mutation: ({ plain }) => `deleteContact(id: "${plain}") { id }`,
    expected: ({ customer, plain }) => [
      [
        customer,
        "UPDATED",
        [
          [`contacts.${plain}.name`, "Cy", null],
          [`contacts.${plain}.email`, "cy@example.com", null],
          [`contacts.${plain}.isPrimary`, false, null],
        ],
      ],
    ],
  },
  createBankAccount: {
    mutation: () =>
      `createBankAccount(customer: { code: "A-1" }, input: { bankName: "B", accountNumber: "12345678" }) { id }`,
    expected: ({ customer }) => [
      [
        customer,
        "UPDATED",
        [
          ["bankAccounts.new.bankName", null, "B"],
          ["bankAccounts.new.accountNumber", null, "****5678"],
        ],
      ],
    ],
  },
  updateBankAccount: {
    mutation: ({ account }) =>
      `updateBankAccount(id: "${account}", input: { bankName: null, accountNumber: "1234" }) { id }`,
    expected: ({ customer, account }) => [
      [
        customer,
        "UPDATED",
        [
          [`bankAccounts.${account}.bankName`, "Vietcombank", null],
          [`bankAccounts.${account}.accountNumber`, "*********3445", "****"],
        ],
      ],
    ],
  },
  deleteBankAccount: {
    mutation: ({ account }) => `deleteBankAccount(id: "${account}") { id }`,
    expected: ({ customer, account }) => [
      [
        customer,
        "UPDATED",
        [
          [`bankAccounts.${account}.bankCode`, "VCB", null],
          [`bankAccounts.${account}.bankName`, "Vietcombank", null],
          [`bankAccounts.${account}.accountHolderName`, "Acme", null],
          [`bankAccounts.${account}.accountNumber`, "*********3445", null],
        ],
      ],
    ],
  },
  createAsset: {
    mutation: () =>
      `createAsset(customer: { code: "A-1" }, input: { code: "N-1", name: "n", installedOn: "2026-01-01" }) { id }`,
    expected: ({ customer }) => [
      [
        customer,
        "UPDATED",
        [
          ["assets.new.code", null, "N-1"],
          ["assets.new.name", null, "n"],
          ["assets.new.status", null, "ACTIVE"],
          ["assets.new.installedOn", null, "2026-01-01"],
        ],
      ],
    ],
  },
  updateAsset: {
    mutation: ({ asset }) =>
      `updateAsset(id: "${asset}", input: { code: "x-2", name: "Boiler", status: RETIRED }) { id }`,
    expected: ({ customer, asset }) => [
      [
        customer,
        "UPDATED",
        [
          [`assets.${asset}.code`, "X-1", "x-2"],
          [`assets.${asset}.status`, "ACTIVE", "RETIRED"],
        ],
      ],
    ],
  },
  deleteAsset: {
    mutation: ({ lift }) => `deleteAsset(id: "${lift}")`,
    expected: ({ other, lift, onLift }) => [
      [
        other,
        "UPDATED",
        [
          [`assets.${lift}.code`, "A-10001", null],
          [`assets.${lift}.name`, "Lift", null],
          [`assets.${lift}.status`, "ACTIVE", null],
          [`workOrders.${onLift}.assetId`, lift, null],
        ],
      ],
    ],
  },
  createWorkOrder: {
    mutation: ({ lift }) =>
      `createWorkOrder(customer: { code: "B-1" }, input: { title: "t", assetId: "${lift}", scheduledAt: "2026-01-01T07:00:00+07:00" }) { id }`,
    expected: ({ other, lift }) => [
      [
        other,
        "UPDATED",
        [
          ["workOrders.new.code", null, expect.stringMatching(/^WO-/)],
          ["workOrders.new.title", null, "t"],
          ["workOrders.new.status", null, "OPEN"],
          ["workOrders.new.priority", null, "NORMAL"],
          ["workOrders.new.assetId", null, lift],
          ["workOrders.new.scheduledAt", null, "2026-01-01T00:00:00.000Z"],
        ],
      ],
    ],
  },
  updateWorkOrder: {
    mutation: ({ workOrder }) =>
      `updateWorkOrder(id: "${workOrder}", input: { title: "Repair", status: COMPLETED }) { id }`,
    expected: ({ customer, workOrder }) => [
      [
        customer,
        "UPDATED",
        [
          [`workOrders.${workOrder}.status`, "OPEN", "COMPLETED"],
          [`workOrders.${workOrder}.completedAt`, null, expect.any(String)],
        ],
      ],
    ],
  },
  deleteWorkOrder: {
    mutation: ({ workOrder }) => `deleteWorkOrder(id: "${workOrder}")`,
    expected: ({ customer, workOrder }) => [
      [
        customer,
        "UPDATED",
        [
          [`workOrders.${workOrder}.code`, "X-1", null],
          [`workOrders.${workOrder}.title`, "Repair", null],
          [`workOrders.${workOrder}.status`, "OPEN", null],
          [`workOrders.${workOrder}.priority`, "NORMAL", null],
        ],
      ],
    ],
  },
  createContract: {
    mutation: () => `createContract(customer: { code: "A-1" }, input: { code: "N-1", title: "t" }) { id }`,
    expected: ({ customer }) => [
      [
        customer,
        "UPDATED",
        [
          ["contracts.new.code", null, "N-1"],
          ["contracts.new.title", null, "t"],
          ["contracts.new.status", null, "DRAFT"],
        ],
      ],
    ],
  },
  updateContract: {
    mutation: ({ contract }) =>
      `updateContract(id: "${contract}", input: { status: ACTIVE, endsOn: "2026-12-31" }) { id }`,
    expected: ({ customer, contract }) => [
      [
        customer,
        "UPDATED",
        [
          [`contracts.${contract}.status`, "DRAFT", "ACTIVE"],
          [`contracts.${contract}.endsOn`, null, "2026-12-31"],
        ],
      ],
    ],
  },
  deleteContract: {
    mutation: ({ contract }) => `deleteContract(id: "${contract}")`,
    expected: ({ customer, contract }) => [
      [
        customer,
        "UPDATED",
        [
          [`contracts.${contract}.code`, "X-1", null],
          [`contracts.${contract}.title`, "Service", null],
          [`contracts.${contract}.status`, "DRAFT", null],
        ],
      ],
    ],
  },
  createInvoice: {
    mutation: () =>
      `createInvoice(customer: { code: "A-1" }, input: { code: "N-1", amount: "7.00", currency: "USD" }) { id }`,
    expected: ({ customer }) => [
      [
        customer,
        "UPDATED",
        [
          ["invoices.new.code", null, "N-1"],
          ["invoices.new.status", null, "DRAFT"],
          ["invoices.new.amount", null, "7.00"],
          ["invoices.new.currency", null, "USD"],
        ],
      ],
    ],
  },
  updateInvoice: {
    mutation: ({ invoice }) =>
      `updateInvoice(id: "${invoice}", input: { amount: "1.5", currency: "EUR", status: PAID }) { id }`,
    expected: ({ customer, invoice }) => [
      [
        customer,
        "UPDATED",
        [
          [`invoices.${invoice}.amount`, "1.50", "1.5"],
          [`invoices.${invoice}.status`, "DRAFT", "PAID"],
        ],
      ],
    ],
  },
  deleteInvoice: {
    mutation: ({ invoice }) => `deleteInvoice(id: "${invoice}")`,
    expected: ({ customer, invoice }) => [
      [
        customer,
        "UPDATED",
        [
          [`invoices.${invoice}.code`, "X-1", null],
          [`invoices.${invoice}.status`, "DRAFT", null],
          [`invoices.${invoice}.amount`, "1.50", null],
          [`invoices.${invoice}.currency`, "EUR", null],
        ],
      ],
    ],
  },
  deleteCustomerStatus: ofEach("CustomerStatus", "status", "LEAD", "HEIR"),
  deleteCustomerType: ofEach("CustomerType", "type", "RETAIL", "HEIR"),
  deleteCustomerGroup: ofEach("CustomerGroup", "group", "KEY", "HEIR"),
  deleteBranch: ofEach("Branch", "branch", "HN", "HEIR"),
  deleteCustomerField: {
    mutation: () => `deleteCustomerField(code: "COLOURS", discardValues: true)`,
    expected: ({ customer }) => [[customer, "UPDATED", [["customFields.colours", ["red", "blue"], null]]]],
  },
  ...Object.fromEntries(
    ["CustomerStatus", "CustomerType", "CustomerGroup", "CustomerField", "Branch"].flatMap((kind) =>
      [`create${kind}`, `update${kind}`, `change${kind}Code`].map((name) => [name, "touches no customer"] as const),
    ),
  ),
  updateSettings: "touches no customer",
};

test("every mutation of the schema is looked at here", () => {
  const { Mutation } = gateway.app.schema.getTypeMap() as any;
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(Mutation.getFields()).sort());
});

const cases = Object.entries(CASES).filter((entry): entry is [string, Case] => typeof entry[1] !== "string");

/** Paths as text; an id of something that was not there before is "new". */
const tell = (fields: Told["fields"], known: readonly string[]): unknown[] =>
  fields.map(({ path, before, after }) => [
    path.map((part) => (/^[0-9a-f-]{36}$/.test(part) && !known.includes(part) ? "new" : part)).join("."),
    before,
    after,
  ]);

test.each(cases)("%s leaves what it did, and nothing where its mutation fails", async (_name, each) => {
  const { tenant, ids } = await prepare();
  if (each.before !== undefined) await tenant.run(`mutation { ${each.before} }`);
  const mutation = each.mutation(ids);
  const expected = each.expected(ids);
  const state = await digest(gateway.database, { without: ["code_counters"] });
  const before = await histories(tenant);

  const failed = await tenant.execute(`mutation { ${mutation} late: deleteInvoice(id: "none") }`);

  expect(failed.data).toBeNull();
  expect(failed.errors).toMatchObject([{ path: ["late"], extensions: { code: "NOT_FOUND" } }]);
  expect(await digest(gateway.database, { without: ["code_counters"] })).toEqual(state);

  const started = Date.now();
  await tenant.run(`mutation { ${mutation} }`);

  const customers = await stored(gateway.database, "select id, code from customers where tenant_id = $1", [tenant.id]);
  const known = Object.values(ids);
  const nameOf = (id: string): string => {
    if (known.includes(id)) return id;
    return before.has(id) ? customers.find((row) => row.id === id).code : "new";
  };
  const old = new Set([...before.values()].flat().map((record) => JSON.stringify(record)));
  const added = [...(await histories(tenant))].flatMap(([id, records]) =>
    records.filter((record) => !old.has(JSON.stringify(record))).map((record) => ({ who: nameOf(id), record })),
  );
  expect(added).toHaveLength(expected.length);
  for (const [who, action, fields] of expected) {
    const record = added.find((candidate) => candidate.who === who)?.record;
    expect(record).toMatchObject({ action, credential: "test", credentialId: expect.any(String) });
    expect(Date.parse(record?.at ?? "")).toBeGreaterThanOrEqual(started - 1000);
    const told = tell(record?.fields ?? [], known);
    expect(told).toHaveLength(fields.length);
    expect(told).toEqual(expect.arrayContaining(fields));
  }
});

test("tells the record of a change in the answer to the change itself", async () => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant);
  const { updateCustomer } = await tenant.run(
    `mutation($id: ID!) {
      updateCustomer(by: { id: $id }, input: { notes: "n" }) { history { totalCount nodes { fields { path after } } } }
    }`,
    { id },
  );
  expect(updateCustomer.history.totalCount).toBe(2);
  expect(updateCustomer.history.nodes[0]).toEqual({ fields: [{ path: ["notes"], after: "n" }] });
});

test("names who did it: the credential as it was called then, or the gateway itself", async () => {
  const tenant = await gateway.aTenant();
  const { database, services } = gateway.app;
  const customer = await database.write(tenant.id, (scope) =>
    services.customers.creation.create(scope, Object.assign({}, { name: "Ada" })),
  );
  const key = await database.write(tenant.id, (scope) => services.apiKeys.create(scope, "Nightly sync", ["*"]));
  const response = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: { authorization: `Bearer ${key.token}`, "content-type": "application/json" },
    payload: { query: `mutation { updateCustomer(by: { id: "${customer.id}" }, input: { notes: "n" }) { id } }` },
  });
  expect(response.json()).toEqual({ data: { updateCustomer: { id: customer.id } } });
  await database.write(tenant.id, (scope) => services.apiKeys.revoke(scope, key.id));
  expect(await history(tenant, customer.id)).toMatchObject([
    { action: "UPDATED", credential: "Nightly sync", credentialId: key.id },
    { action: "CREATED", credential: "clientele", credentialId: null },
  ]);
});

test("several fields of one mutation leave a record each, in their order", async () => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant);
  await tenant.run(
    `mutation($by: CustomerKey!) {
      a: updateCustomer(by: $by, input: { notes: "a" }) { id }
      tried: updateCustomer(by: $by, input: { notes: "tried" }, validateOnly: true) { id }
      b: updateCustomer(by: $by, input: { notes: "b" }) { id }
      same: updateCustomer(by: $by, input: { notes: "b" }) { id }
    }`,
    { by: { id } },
  );
  const told = (await history(tenant, id)).map(({ fields }) => fields.map(({ before, after }) => [before, after]));
  expect(told.slice(0, 2)).toEqual([[["a", "b"]], [[null, "a"]]]);
  expect(told).toHaveLength(3);
});

test("is read in pages, newest first", async () => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant, { notes: "0" });
  for (let index = 1; index < 25; index++) {
    await tenant.run(
      "mutation($id: ID!, $notes: String) { updateCustomer(by: { id: $id }, input: { notes: $notes }) { id } }",
      {
        id,
        notes: String(index),
      },
    );
  }
  const page = async (args: string): Promise<any> => {
    const { customer } = await tenant.run(
      `query($id: ID!) { customer(by: { id: $id }) {
        history${args} { totalCount pageInfo { hasNextPage endCursor } nodes { fields { path after } } } } }`,
      { id },
    );
    const notes = customer.history.nodes.map(
      ({ fields }: any) => fields.find(({ path }: any) => path[0] === "notes").after,
    );
    return { ...customer.history, notes };
  };
  const newestFirst = Array.from({ length: 25 }, (_, index) => String(24 - index));
  const first = await page("");
  expect(first).toMatchObject({ totalCount: 25, notes: newestFirst.slice(0, 20), pageInfo: { hasNextPage: true } });
  const rest = await page(`(after: "${first.pageInfo.endCursor}")`);
  expect(rest).toMatchObject({ totalCount: 25, notes: newestFirst.slice(20), pageInfo: { hasNextPage: false } });
  expect(await page("(first: 0)")).toMatchObject({ totalCount: 25, notes: [] });
  expect((await page("(first: 100)")).notes).toEqual(newestFirst);
  const tooMany = await tenant.execute(
    "query($id: ID!) { customer(by: { id: $id }) { history(first: 101) { totalCount } } }",
    { id },
  );
  expect(tooMany.errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", problems: [{ path: ["first"] }] } }]);
});

test("reads the histories of many customers in one statement", async () => {
  const tenant = await gateway.aTenant();
  for (let index = 0; index < 5; index++) await aCustomer(tenant);
  const { data, statements } = await tenant.execute(
    "{ customers { nodes { history(first: 1) { totalCount nodes { action fields { path } } } } } }",
  );
  expect(data.customers.nodes).toHaveLength(5);
  expect(statements).toHaveLength(1);
});

test("outlives the trash, but not the purge", async () => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant);
  const by = { id };
  const run = (mutation: string): Promise<unknown> => tenant.run(`mutation($by: CustomerKey!) { ${mutation} }`, { by });
  await run("deleteCustomer(by: $by) { id }");
  expect((await history(tenant, id)).map(({ action }) => action)).toEqual(["DELETED", "CREATED"]);
  await run("restoreCustomer(by: $by) { id }");
  await run("deleteCustomer(by: $by) { id }");
  expect((await history(tenant, id)).map(({ action }) => action)).toEqual([
    "DELETED",
    "RESTORED",
    "DELETED",
    "CREATED",
  ]);
  await run("purgeCustomer(by: $by)");
  expect(await stored(gateway.database, "select 1 from customer_changes where tenant_id = $1", [tenant.id])).toEqual(
    [],
  );
});

test("never holds an account number, whatever is done with it", async () => {
  const tenant = await gateway.aTenant();
  const numbers = ["5500112233445566", "6600112233445566", "7700112233449999", "1234"];
  const { id, bankAccounts } = await aCustomer(tenant, {
    bankAccounts: [{ accountNumber: numbers[0] }, { accountNumber: numbers[3] }],
  });
  const account = bankAccounts[0].id;
  await tenant.run(
    `mutation($id: ID!, $account: ID!) {
      a: updateBankAccount(id: $account, input: { accountNumber: "${numbers[1]}" }) { id }
      b: updateCustomer(by: { id: $id }, input: { bankAccounts: [{ id: $account, accountNumber: "${numbers[2]}" }] }) { id }
      c: replaceCustomer(by: { id: $id }, input: { bankAccounts: [{ accountNumber: "${numbers[0]}" }] }) { id }
    }`,
    { id, account },
  );
  const rows = await stored(gateway.database, "select fields::text from customer_changes where tenant_id = $1", [
    tenant.id,
  ]);
  expect(rows).toHaveLength(4);
  for (const { fields } of rows) for (const number of numbers) expect(fields).not.toContain(number);
});
