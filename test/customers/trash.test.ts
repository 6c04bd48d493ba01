import { aCustomer, aTaxonomy, FULL_INPUT, readCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored, tenantTables } from "../support/stored";

/** Who has seen an account number is told for good; it names the customer by its id alone. */
const REVEALS = "account_number_reveals";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

const on =
  (mutation: string, selection = "") =>
  (tenant: TestTenant, by: object): Promise<Answer<any>> =>
    tenant.execute(`mutation($by: CustomerKey!) { done: ${mutation}(by: $by) ${selection} }`, { by });
const remove = on("deleteCustomer", "{ id code deletedAt version }");
const restore = on("restoreCustomer", "{ id code deletedAt version mergedInto { id } }");
const purge = on("purgeCustomer");

/** Something of each kind that belongs to a customer; nothing of it is active. */
async function withWork(tenant: TestTenant, input: object = {}): Promise<any> {
  const customer = await aCustomer(tenant, {
    name: "Ada",
    contacts: [{ name: "Bo" }],
    bankAccounts: [{ accountNumber: "12345678" }],
    ...input,
  });
  const work = await tenant.run(
    `mutation($customer: CustomerKey!) {
      asset: createAsset(customer: $customer, input: { name: "Boiler" }) { id code }
      workOrder: createWorkOrder(customer: $customer, input: { title: "Repair", status: COMPLETED }) { id code }
      contract: createContract(customer: $customer, input: { title: "Service" }) { id code }
      invoice: createInvoice(customer: $customer, input: { amount: "1.50", currency: "EUR" }) { id code }
    }`,
    { customer: { id: customer.id } },
  );
  const onAsset = await tenant.run(
    `mutation($customer: CustomerKey!, $asset: ID!) {
      createWorkOrder(customer: $customer, input: { title: "On it", status: CANCELLED, assetId: $asset }) { id } }`,
    { customer: { id: customer.id }, asset: work.asset.id },
  );
  return {
    ...customer,
    contact: customer.contacts[0],
    bankAccount: customer.bankAccounts[0],
    ...work,
    workOrderOnAsset: onAsset.createWorkOrder,
  };
}

const ROOT_ONE = ["contact", "bankAccount", "asset", "workOrder", "contract", "invoice"] as const;
const ROOT_MANY = ["assets", "workOrders", "contracts", "invoices"] as const;

/** What is found of what belongs to a customer: by its id, and in the lists of the tenant. */
async function findable(tenant: TestTenant, customer: any): Promise<{ one: unknown[]; many: unknown[] }> {
  const fields = [
    ...ROOT_ONE.map((name) => `${name}(id: "${customer[name].id}") { id }`),
    ...ROOT_MANY.map((name) => `${name}(filter: { customer: { id: "${customer.id}" } }) { totalCount }`),
    ...ROOT_MANY.map((name) => `all_${name}: ${name} { totalCount nodes { id } }`),
  ];
  const data = await tenant.run(`{ ${fields.join("\n")} }`);
  return {
    one: ROOT_ONE.map((name) => data[name]?.id ?? null),
    many: ROOT_MANY.flatMap((name) => [
      data[name].totalCount,
      data[`all_${name}`].totalCount,
      data[`all_${name}`].nodes.length,
    ]),
  };
}

describe("deleteCustomer", () => {
  test("moves a customer with all that belongs to it out of every list and look-up", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const customer = await withWork(tenant, { ...FULL_INPUT, code: "GONE" });
    expect(await findable(tenant, customer)).toEqual({
      one: ROOT_ONE.map((name) => customer[name].id),
      many: [1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1],
    });

    const { data } = await remove(tenant, { code: "gone" });

    expect(data.done).toEqual({ id: customer.id, code: "GONE", deletedAt: expect.any(String), version: 2 });
    expect(await readCustomer(tenant, { id: customer.id })).toBeNull();
    expect(await readCustomer(tenant, { code: "GONE" })).toBeNull();
    expect(await findable(tenant, customer)).toEqual({ one: ROOT_ONE.map(() => null), many: Array(12).fill(0) });
    const { customers, customerPage, trash, customerStatuses, none } = await tenant.run(`{
      customers { totalCount nodes { id } }
      customerPage { totalCount items { id } }
      trash: customers(filter: { trash: ONLY }) { nodes { id deletedAt contacts { name } workOrders { totalCount } } }
      none: customers(filter: { code: { eq: "GONE" }, search: "acme" }) { totalCount }
      customerStatuses { code customerCount }
    }`);
    expect(customers).toEqual({ totalCount: 0, nodes: [] });
    expect(customerPage).toEqual({ totalCount: 0, items: [] });
    expect(none.totalCount).toBe(0);
    expect(customerStatuses).toContainEqual({ code: "LEAD", customerCount: 0 });
    expect(trash.nodes).toEqual([
      {
        id: customer.id,
        deletedAt: data.done.deletedAt,
        contacts: [{ name: "Bo" }, { name: "Cy" }],
        workOrders: { totalCount: 2 },
      },
    ]);
  });

  test("neither a customer in the trash nor what belongs to it can be changed", async () => {
    const tenant = await gateway.aTenant();
    const customer = await withWork(tenant, { code: "GONE" });
    const other = await aCustomer(tenant);
    await remove(tenant, { id: customer.id });
    const before = await digest(gateway.database);

    const key = `{ id: "${customer.id}" }`;
    const id = (name: string): string => `"${customer[name].id}"`;
    const mutations = [
      `updateCustomer(by: ${key}, input: { notes: "n" }) { id }`,
      `updateCustomer(by: ${key}, input: { notes: "n" }, validateOnly: true) { id }`,
      `replaceCustomer(by: { code: "GONE" }, input: {}) { id }`,
      `changeCustomerCode(from: "GONE", to: "BACK") { id }`,
      `deleteCustomer(by: ${key}) { id }`,
      `mergeCustomers(keep: ${key}, from: [{ id: "${other.id}" }]) { id }`,
      `mergeCustomers(keep: { id: "${other.id}" }, from: [${key}]) { id }`,
      `createContact(customer: ${key}, input: { name: "n" }) { id }`,
      `updateContact(id: ${id("contact")}, input: { name: "n" }) { id }`,
      `deleteContact(id: ${id("contact")}) { id }`,
      `createBankAccount(customer: ${key}, input: { accountNumber: "1" }) { id }`,
      `updateBankAccount(id: ${id("bankAccount")}, input: { bankName: "n" }) { id }`,
      `deleteBankAccount(id: ${id("bankAccount")}) { id }`,
      `createAsset(customer: ${key}, input: { name: "n" }) { id }`,
      `updateAsset(id: ${id("asset")}, input: { name: "n" }) { id }`,
      `deleteAsset(id: ${id("asset")})`,
      `createWorkOrder(customer: ${key}, input: { title: "n" }) { id }`,
      `updateWorkOrder(id: ${id("workOrder")}, input: { title: "n" }) { id }`,
      `deleteWorkOrder(id: ${id("workOrder")})`,
      `createContract(customer: ${key}, input: { title: "n" }) { id }`,
      `updateContract(id: ${id("contract")}, input: { title: "n" }) { id }`,
      `deleteContract(id: ${id("contract")})`,
      `createInvoice(customer: ${key}, input: { amount: "1", currency: "EUR" }) { id }`,
      `updateInvoice(id: ${id("invoice")}, input: { amount: "1" }) { id }`,
      `deleteInvoice(id: ${id("invoice")})`,
    ];
    for (const mutation of mutations) {
      const { errors } = await tenant.execute(`mutation { ${mutation} }`);
      expect([mutation, errors?.map(({ extensions }) => extensions.code)]).toEqual([mutation, ["NOT_FOUND"]]);
    }
    const duplicates = await tenant.execute(`{ customerDuplicates(by: ${key}) { reasons } }`);
    expect(duplicates.errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
    expect(await digest(gateway.database)).toEqual(before);
  });

  test("is refused with what blocks it: how many, the first ten, and what to do", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const create = async (mutation: string, type: string, inputs: readonly object[]): Promise<string[]> => {
      const ids: string[] = [];
      for (const input of inputs) {
        const { made } = await tenant.run(
          `mutation($id: ID!, $input: ${type}!) { made: ${mutation}(customer: { id: $id }, input: $input) { id } }`,
          { id, input },
        );
        ids.push(made.id);
      }
      return ids;
    };
    const invoice = { amount: "1", currency: "EUR" };
    const orders = await create(
      "createWorkOrder",
      "WorkOrderInput",
      ["OPEN", "SCHEDULED", "IN_PROGRESS", "ON_HOLD", ...Array<string>(9).fill("OPEN")].map((status) => ({
        title: "t",
        status,
      })),
    );
    const contracts = await create("createContract", "ContractInput", [{ title: "t", status: "ACTIVE" }]);
    const invoices = await create("createInvoice", "InvoiceInput", [
      { ...invoice, status: "PENDING" },
      { ...invoice, status: "PENDING" },
    ]);
    // None of these is in the way.
    await create(
      "createWorkOrder",
      "WorkOrderInput",
      ["COMPLETED", "CANCELLED"].map((status) => ({ title: "t", status })),
    );
    await create(
      "createContract",
      "ContractInput",
      ["DRAFT", "EXPIRED", "TERMINATED"].map((status) => ({ title: "t", status })),
    );
    await create(
      "createInvoice",
      "InvoiceInput",
      ["DRAFT", "PAID", "VOID"].map((status) => ({ ...invoice, status })),
    );
    const before = await digest(gateway.database);

    const { data, errors } = await remove(tenant, { id });

    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ["done"], extensions: { code: "CONFLICT" } }]);
    const { blockers } = errors?.[0]?.extensions as any;
    const remedy = expect.stringMatching(/\.$/);
    expect(blockers).toEqual([
      { kind: "ACTIVE_WORK_ORDER", count: 13, ids: orders.slice(0, 10), remedy },
      { kind: "ACTIVE_CONTRACT", count: 1, ids: contracts, remedy },
      { kind: "PENDING_INVOICE", count: 2, ids: invoices, remedy },
    ]);
    expect(await digest(gateway.database)).toEqual(before);
    const { customer } = await tenant.run(
      "query($id: ID!) { customer(by: { id: $id }) { deletion { allowed blockers { kind count ids remedy } } } }",
      { id },
    );
    expect(customer.deletion).toEqual({ allowed: false, blockers });
  });

  test.each([
    [
      "work order",
      `createWorkOrder(customer: $by, input: { title: "t" })`,
      ["COMPLETED", "CANCELLED"],
      "updateWorkOrder",
    ],
    [
      "contract",
      `createContract(customer: $by, input: { title: "t", status: ACTIVE })`,
      ["EXPIRED", "TERMINATED", "DRAFT"],
      "updateContract",
    ],
    [
      "invoice",
      `createInvoice(customer: $by, input: { amount: "1", currency: "EUR", status: PENDING })`,
      ["PAID", "VOID", "DRAFT"],
      "updateInvoice",
    ],
  ])("is allowed once the %s is done with, in whichever way", async (_what, create, states, change) => {
    const tenant = await gateway.aTenant();
    for (const state of [...states, "deleted"]) {
      const by = { id: (await aCustomer(tenant)).id };
      const { made } = await tenant.run(`mutation($by: CustomerKey!) { made: ${create} { id } }`, { by });
      expect((await remove(tenant, by)).errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
      await tenant.run(
        state === "deleted"
          ? `mutation { ${change.replace("update", "delete")}(id: "${made.id}") }`
          : `mutation { ${change}(id: "${made.id}", input: { status: ${state} }) { id } }`,
      );
      const { customer } = await tenant.run(
        "query($by: CustomerKey!) { customer(by: $by) { deletion { allowed blockers { kind } } } }",
        { by },
      );
      expect(customer.deletion).toEqual({ allowed: true, blockers: [] });
      expect((await remove(tenant, by)).errors).toBeUndefined();
    }
  });

  test("asks what blocks many customers in one statement", async () => {
    const tenant = await gateway.aTenant();
    for (const code of ["A", "B", "C"]) {
      await aCustomer(tenant, { code });
      await tenant.run(`mutation { createWorkOrder(customer: { code: "${code}" }, input: { title: "t" }) { id } }`);
    }
    const { data, statements } = await tenant.execute(
      "{ customers { nodes { deletion { allowed blockers { count } } } } }",
    );
    expect(data.customers.nodes).toEqual(Array(3).fill({ deletion: { allowed: false, blockers: [{ count: 1 }] } }));
    expect(statements).toHaveLength(1);
  });

  test("knows a stale version", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const at = (version: number): Promise<Answer<any>> =>
      tenant.execute(
        "mutation($id: ID!, $version: Int) { deleteCustomer(by: { id: $id }, expectedVersion: $version) { version } }",
        { id, version },
      );
    expect((await at(2)).errors).toMatchObject([{ extensions: { code: "CONFLICT", currentVersion: 1 } }]);
    expect((await at(0)).errors).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT", problems: [{ path: ["expectedVersion"] }] } },
    ]);
    expect((await at(1)).data).toEqual({ deleteCustomer: { version: 2 } });
  });
});

describe("restoreCustomer", () => {
  test("brings a customer back as it was, with all that belongs to it", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const customer = await withWork(tenant, { ...FULL_INPUT, code: "A-1" });
    await tenant.run(`mutation { changeCustomerCode(from: "A-1", to: "A-2") { id } }`);
    const before = await readCustomer(tenant, { id: customer.id });
    const found = await findable(tenant, customer);
    await remove(tenant, { code: "A-1" });

    const { data } = await restore(tenant, { code: "a-2" });

    expect(data.done).toEqual({ id: customer.id, code: "A-2", deletedAt: null, version: 4, mergedInto: null });
    const { updatedAt } = await readCustomer(tenant, { code: "A-1" });
    expect(await readCustomer(tenant, { code: "A-1" })).toEqual({ ...before, version: 4, updatedAt });
    expect(await findable(tenant, customer)).toEqual(found);
  });

  test("is refused while another customer has the code, and takes it from one that gave it up", async () => {
    const tenant = await gateway.aTenant();
    const gone = await aCustomer(tenant, { code: "Same" });
    await remove(tenant, { id: gone.id });
    const taker = await aCustomer(tenant, { code: "SAME" });
    expect((await restore(tenant, { id: gone.id })).errors).toMatchObject([
      { extensions: { code: "CONFLICT", existing: { id: taker.id, code: "SAME" } } },
    ]);
    await tenant.run(`mutation { changeCustomerCode(from: "SAME", to: "OTHER") { id } }`);
    expect(await readCustomer(tenant, { code: "same" })).toMatchObject({ id: taker.id });

    expect((await restore(tenant, { id: gone.id })).errors).toBeUndefined();

    expect(await readCustomer(tenant, { code: "same" })).toMatchObject({ id: gone.id });
    expect(await readCustomer(tenant, { id: taker.id })).toMatchObject({ code: "OTHER", previousCodes: [] });
  });

  test("a previous code that another customer has taken meanwhile stays with that one", async () => {
    const tenant = await gateway.aTenant();
    const gone = await aCustomer(tenant, { code: "A-1" });
    await tenant.run(`mutation { changeCustomerCode(from: "A-1", to: "A-2") { id } }`);
    await remove(tenant, { code: "A-2" });
    expect(await readCustomer(tenant, { code: "A-1" })).toBeNull();
    const taker = await aCustomer(tenant, { code: "a-1" });
    await restore(tenant, { code: "A-2" });
    expect(await readCustomer(tenant, { id: gone.id })).toMatchObject({ previousCodes: [] });
    expect(await readCustomer(tenant, { code: "A-1" })).toMatchObject({ id: taker.id });
  });

  test("of several with one code, by code means the one deleted last, by id any", async () => {
    const tenant = await gateway.aTenant();
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      ids.push((await aCustomer(tenant, { code: "SAME" })).id);
      await remove(tenant, { code: "SAME" });
    }
    // The first of them was deleted last.
    await restore(tenant, { id: ids[0] });
    await remove(tenant, { code: "same" });
    expect((await restore(tenant, { code: "SAME" })).data.done.id).toBe(ids[0]);
    await purge(tenant, { code: "same" }); // not the restored one, nor the older one
    const { customers } = await tenant.run(`{ customers(filter: { trash: INCLUDE }) { nodes { id } } }`);
    expect(customers.nodes.map(({ id }: any) => id)).toEqual([ids[0], ids[1]]);
  });

  test("what is not in the trash is a CONFLICT, what is nowhere NOT_FOUND", async () => {
    const tenant = await gateway.aTenant();
    const other = await gateway.aTenant();
    const foreign = await aCustomer(other, { code: "FOREIGN" });
    await remove(other, { code: "FOREIGN" });
    const { id } = await aCustomer(tenant, { code: "LIVE" });
    for (const act of [restore, purge]) {
      for (const by of [{ id }, { code: "live" }]) {
        expect((await act(tenant, by)).errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
      }
      for (const by of [{ id: foreign.id }, { code: "FOREIGN" }, { code: "none" }, { id: "none" }]) {
        expect((await act(tenant, by)).errors).toMatchObject([
          { message: "Customer not found.", extensions: { code: "NOT_FOUND" } },
        ]);
      }
    }
    expect((await restore(other, { id: foreign.id })).data.done.id).toBe(foreign.id);
  });
});

describe("purgeCustomer", () => {
  test("erases every row of the customer in every table, and no other", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const stays = await withWork(tenant, { ...FULL_INPUT, code: "STAYS", phones: ["+84912345699"] });
    const before = await digest(gateway.database, { without: ["code_counters"] });
    const goes = await withWork(tenant, { ...FULL_INPUT, code: "A-1" });
    await tenant.run(`mutation { changeCustomerCode(from: "A-1", to: "A-2") { id } }`);
    const { id } = await aCustomer(tenant);
    await tenant.run('mutation($id: ID!) { mergeCustomers(keep: { code: "A-2" }, from: [{ id: $id }]) { id } }', {
      id,
    });
    await remove(tenant, { code: "A-2" });
    const ofCustomer = await stored(
      gateway.database,
      `select table_name as name from information_schema.columns
       where column_name = 'customer_id' and table_schema = 'public' and table_name <> '${REVEALS}' order by 1`,
    );
    const rowsOf = async (customerId: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        await Promise.all(
          ofCustomer.map(async ({ name }) => {
            const rows = await stored(gateway.database, `select 1 from ${name} where customer_id = $1`, [customerId]);
            return [name, rows.length];
          }),
        ),
      );
    expect(Object.entries(await rowsOf(goes.id)).filter(([, rows]) => rows === 0)).toEqual([]);

    const { data } = await purge(tenant, { id: goes.id });

    expect(data.done).toBe(goes.id);
    expect(Object.entries(await rowsOf(goes.id)).filter(([, rows]) => rows > 0)).toEqual([]);
    expect(await readCustomer(tenant, { id: stays.id })).toMatchObject({ code: "STAYS" });
    // The one that had been merged into it is still in the trash, of its own now.
    const { customers } = await tenant.run("{ customers(filter: { trash: ONLY }) { nodes { id mergedInto { id } } } }");
    expect(customers.nodes).toEqual([{ id, mergedInto: null }]);
    await purge(tenant, { id });
    expect(await digest(gateway.database, { without: ["code_counters"] })).toEqual(before);
  });

  test("nothing of the customer is left in any column of any table", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await withWork(tenant, {
      name: "Unmistakable Name",
      notes: "Unmistakable note",
      code: "UNMISTAKABLE",
    });
    const tables = (await tenantTables(gateway.database)).filter((table) => table !== REVEALS);
    const mentions = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const table of tables) {
        const sql = `select 1 from ${table} t where t::text ilike '%unmistakable%' or t::text like $1`;
        if ((await stored(gateway.database, sql, [`%${id}%`])).length > 0) found.push(table);
      }
      return found;
    };
    expect(await mentions()).toContain("customers");
    await remove(tenant, { id });
    await purge(tenant, { id });
    expect(await mentions()).toEqual([]);
  });

  test("needs its own scope, and leaves the code free", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant, { code: "A-1" });
    await remove(tenant, { id });
    const writer = await tenant.withScopes("customers:read", "customers:write");
    expect((await purge(writer, { id })).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    const purger = await tenant.withScopes("customers:purge");
    expect((await purge(purger, { id })).data).toEqual({ done: id });
    expect((await purge(purger, { id })).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
    expect((await aCustomer(tenant, { code: "A-1" })).id).not.toBe(id);
  });
});
