import { aCustomer, aTaxonomy, FULL_INPUT, readCustomer, WHOLE_CUSTOMER } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

interface Options {
  readonly expectedVersion?: number;
  readonly validateOnly?: boolean;
}

const write =
  (mutation: string, patch: string) =>
  (tenant: TestTenant, by: object, input: object, { expectedVersion, validateOnly = false }: Options = {}) =>
    tenant.execute(
      `mutation($by: CustomerKey!, $input: ${patch}!, $expectedVersion: Int, $validateOnly: Boolean!) {
        customer: ${mutation}(by: $by, input: $input, expectedVersion: $expectedVersion, validateOnly: $validateOnly) {
          ${WHOLE_CUSTOMER}
        }
      }`,
      { by, input, expectedVersion, validateOnly },
    );
const update = write("updateCustomer", "CustomerPatch");
const replace = write("replaceCustomer", "CustomerInput");

const changeCode = (tenant: TestTenant, from: string, to: string): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($from: String!, $to: String!) { customer: changeCustomerCode(from: $from, to: $to) { ${WHOLE_CUSTOMER} } }`,
    { from, to },
  );

const upsert = (tenant: TestTenant, input: readonly object[], validateOnly = false): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($input: [CustomerInput!]!, $validateOnly: Boolean!) {
      customers: upsertCustomers(input: $input, validateOnly: $validateOnly) { id code name version contacts { name } }
    }`,
    { input, validateOnly },
  );

/** The problems of an answer, each as its path and code. */
const problemsOf = ({ errors }: Answer<any>): unknown =>
  errors?.[0]?.extensions.problems?.map(({ path, code }) => [path, code]);

const count = async (tenant: TestTenant): Promise<number> => {
  const { customers } = await tenant.run("{ customers(filter: { trash: INCLUDE }) { totalCount } }");
  return customers.totalCount;
};

describe("updateCustomer", () => {
  test("leaves as it is what the patch leaves out", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const before = await aCustomer(tenant, FULL_INPUT);

    const { data } = await update(tenant, { id: before.id }, { notes: "Rings once." });

    const { updatedAt } = data.customer;
    expect(data.customer).toEqual({ ...before, notes: "Rings once.", version: 2, updatedAt });
    expect(await readCustomer(tenant, { id: before.id })).toEqual(data.customer);
  });

  test("clears each part that is null, or a blank text", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const cleared = {
      company: null,
      firstName: "",
      lastName: "  ",
      email: null,
      phones: null,
      fax: "",
      website: "",
      taxId: null,
      paymentTerms: "",
      notes: null,
      tags: null,
      address: null,
      billingAddress: { city: " " },
      branch: null,
      status: null,
      type: "",
      group: null,
      contacts: null,
      bankAccounts: null,
    };
    const { code, id } = await aCustomer(tenant, { ...FULL_INPUT, code: "ACME" });

    const { data } = await update(tenant, { code }, cleared);

    const nothing = Object.fromEntries(Object.keys(cleared).map((name) => [name, null]));
    expect(data.customer).toMatchObject({
      ...nothing,
      id,
      code,
      kind: "COMPANY",
      name: "Acme",
      phones: [],
      phone: null,
      tags: [],
      contacts: [],
      primaryContact: null,
      bankAccounts: [],
    });
    expect(data.customer.customFields).toHaveLength(6);
  });

  test("replaces contacts whole: an id changes that one, none adds one, those not listed go", async () => {
    const tenant = await gateway.aTenant();
    const { id, contacts } = await aCustomer(tenant, {
      contacts: [
        { name: "Bo", title: "CEO", email: "bo@example.com", isPrimary: true },
        { name: "Cy" },
        { name: "Di" },
      ],
    });
    const [bo, cy] = contacts;

    const { data } = await update(
      tenant,
      { id },
      {
        contacts: [{ id: cy.id, name: "Cyd", isPrimary: true }, { name: "Ed" }, { id: bo.id, name: "Bo", email: null }],
      },
    );

    expect(data.customer.contacts).toEqual([
      { ...cy, name: "Cyd", isPrimary: true, updatedAt: expect.any(String) },
      { ...bo, email: null, isPrimary: false, updatedAt: expect.any(String) },
      expect.objectContaining({ name: "Ed", isPrimary: false }),
    ]);
    expect(data.customer).toMatchObject({ primaryContact: { id: cy.id }, version: 2 });
  });

  test("an account that is listed by its id keeps its number where none is given", async () => {
    const tenant = await gateway.aTenant();
    const { id, bankAccounts } = await aCustomer(tenant, {
      bankAccounts: [{ accountNumber: "0011002233445", bankName: "Vietcombank" }, { accountNumber: "55667788" }],
    });

    const { data } = await update(
      tenant,
      { id },
      { bankAccounts: [{ id: bankAccounts[0].id, bankCode: "VCB" }, { accountNumber: "1234" }] },
    );

    expect(data.customer.bankAccounts).toMatchObject([
      { id: bankAccounts[0].id, bankCode: "VCB", bankName: "Vietcombank", accountNumber: "0011002233445" },
      { accountNumber: "1234", maskedAccountNumber: "****" },
    ]);
  });

  test("refuses entries that mean none of the customer's own, the same twice, or two primary ones", async () => {
    const tenant = await gateway.aTenant();
    const part = { contacts: [{ name: "Bo" }], bankAccounts: [{ accountNumber: "12345678" }] };
    const other = await aCustomer(tenant, part);
    const { id, contacts, bankAccounts } = await aCustomer(tenant, part);
    const before = await digest(gateway.database);

    const answer = await update(
      tenant,
      { id },
      {
        contacts: [
          { id: other.contacts[0].id, name: "Bo", isPrimary: true },
          { id: contacts[0].id, name: "Bo", isPrimary: true },
          { id: contacts[0].id, name: "Bo" },
          { id: "7", name: "Bo" },
        ],
        bankAccounts: [
          { bankCode: "VCB" },
          { id: bankAccounts[0].id, accountNumber: null },
          { id: bankAccounts[0].id, bankCode: "VCB" },
          { id: other.bankAccounts[0].id },
        ],
      },
    );

    expect(problemsOf(answer)).toEqual([
      [["input", "contacts", 0, "id"], "UNKNOWN_REFERENCE"],
      [["input", "contacts", 1, "isPrimary"], "SECOND_PRIMARY"],
      [["input", "contacts", 3, "id"], "UNKNOWN_REFERENCE"],
      [["input", "contacts", 2, "id"], "DUPLICATE"],
      [["input", "bankAccounts", 0, "accountNumber"], "REQUIRED"],
      [["input", "bankAccounts", 1, "accountNumber"], "REQUIRED"],
      [["input", "bankAccounts", 3, "id"], "UNKNOWN_REFERENCE"],
      [["input", "bankAccounts", 2, "id"], "DUPLICATE"],
    ]);
    expect(await digest(gateway.database)).toEqual(before);
  });

  test("changes only the custom fields that are named, and clears one with null", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id } = await aCustomer(tenant, FULL_INPUT);

    const { data } = await update(
      tenant,
      { id },
      {
        customFields: [
          { field: "INDUSTRY", value: "Iron" },
          { field: "vip", value: null },
          { field: "colours", value: [] },
          { field: "since" },
        ],
      },
    );

    expect(data.customer.customFields).toEqual([
      { field: { code: "industry" }, value: "Iron" },
      { field: { code: "employees" }, value: 250 },
      { field: { code: "size" }, value: "M" },
    ]);
  });

  test("a name that was never given follows what it is made of; one that was given stays", async () => {
    const tenant = await gateway.aTenant();
    const { id, name } = await aCustomer(tenant, { code: "X-1", phones: ["+84912345678"] });
    expect(name).toBe("+84912345678");
    const steps: [patch: object, name: string][] = [
      [{ email: "ada@example.com" }, "ada@example.com"],
      [{ firstName: "Ada" }, "Ada"],
      [{ lastName: "Lovelace" }, "Ada Lovelace"],
      [{ company: "Acme" }, "Acme"],
      [{ name: "The customer" }, "The customer"],
      [{ company: "Acme 2" }, "The customer"],
      [{ name: null }, "Acme 2"],
      [{ company: null, firstName: null, lastName: null, email: null }, "+84912345678"],
      [{ phones: [] }, "X-1"],
    ];
    for (const [patch, expected] of steps) {
      const { data } = await update(tenant, { id }, patch);
      expect(data.customer.name).toBe(expected);
    }
    const { data } = await changeCode(tenant, "X-1", "X-2");
    expect(data.customer).toMatchObject({ code: "X-2", name: "X-2" });
    const { customers } = await tenant.run(`{ customers(filter: { name: { eq: "X-2" } }) { nodes { id } } }`);
    expect(customers.nodes).toEqual([{ id }]);
  });

  test("is found by what it has now, and no longer by what it had", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id } = await aCustomer(tenant, FULL_INPUT);
    await update(
      tenant,
      { id },
      {
        name: "Zeta",
        email: "zeta@example.com",
        phones: ["+84987654321"],
        taxId: "NL1",
        tags: ["south"],
        address: { country: "NL" },
        status: "active",
        customFields: [
          { field: "industry", value: "Iron" },
          { field: "colours", value: ["green"] },
          { field: "employees", value: 7 },
        ],
      },
    );
    const now = [
      `search: "zeta"`,
      `email: { eq: "ZETA@example.com" }`,
      `phone: "+84987654321"`,
      `taxId: { eq: "NL1" }`,
      `tag: ["South"]`,
      `country: ["NL"]`,
      `status: ["ACTIVE"]`,
      `customFields: [{ field: "industry", eq: "Iron" }]`,
      `customFields: [{ field: "colours", eq: "green" }]`,
      `customFields: [{ field: "employees", lt: 8 }]`,
    ];
    const before = [
      `search: "acme"`,
      `email: { eq: "ada@example.com" }`,
      `phone: "+84912345678"`,
      `taxId: { eq: "DE123456789" }`,
      `tag: ["vip"]`,
      `country: ["VN"]`,
      `status: ["LEAD"]`,
      `customFields: [{ field: "industry", eq: "Steel" }]`,
      `customFields: [{ field: "colours", eq: "red" }]`,
      `customFields: [{ field: "employees", gte: 8 }]`,
    ];
    const found = async (filters: readonly string[]): Promise<unknown[]> => {
      const answers = filters.map((filter) => tenant.run(`{ customers(filter: { ${filter} }) { totalCount } }`));
      return (await Promise.all(answers)).map(({ customers }) => customers.totalCount);
    };
    expect(await found(now)).toEqual(now.map(() => 1));
    expect(await found(before)).toEqual(before.map(() => 0));
  });

  test("keeps phones and tags in the order given, each once", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const { data } = await update(
      tenant,
      { id },
      { phones: ["+84 912 345 678", "+49 30 1234567", "0912345678"], phoneRegion: "VN", tags: ["B", "a", "c", "b"] },
    );
    expect(data.customer).toMatchObject({ phones: ["+84912345678", "+49301234567"], tags: ["B", "a", "c"] });
  });

  test.each([
    ["NAME", { name: null }, "name"],
    ["EMAIL", { email: "" }, "email"],
    ["PHONES", { phones: [] }, "phones"],
    ["TAX_ID", { taxId: null }, "taxId"],
    ["ADDRESS", { address: { city: " " } }, "address"],
    ["STATUS", { status: null }, "status"],
    ["TYPE", { type: null }, "type"],
    ["GROUP", { group: null }, "group"],
    ["BRANCH", { branch: null }, "branch"],
  ])("refuses to clear %s where the tenant requires it", async (field, patch, at) => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id, version } = await aCustomer(tenant, FULL_INPUT);
    const bare = await aCustomer(tenant, {});
    await tenant.run(`mutation { updateSettings(input: { requiredFields: [${field}] }) { requiredFields } }`);

    const answer = await update(tenant, { id }, patch);

    expect(problemsOf(answer)).toEqual([[["input", at], "REQUIRED"]]);
    expect(await readCustomer(tenant, { id })).toMatchObject({ version });
    // What lacks it already can be changed in other ways.
    expect((await update(tenant, { id: bare.id }, { notes: "n" })).errors).toBeUndefined();
  });

  test("refuses to clear a custom field that is required, but not to change a customer that lacks it", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id } = await aCustomer(tenant, FULL_INPUT);
    const bare = await aCustomer(tenant, {});
    await tenant.run(`mutation { updateCustomerField(code: "industry", input: { required: true }) { id } }`);

    for (const value of [null, "", "  "]) {
      const answer = await update(
        tenant,
        { id },
        {
          customFields: [
            { field: "vip", value: false },
            { field: "Industry", value },
          ],
        },
      );
      expect(problemsOf(answer)).toEqual([[["input", "customFields", 1, "value"], "REQUIRED"]]);
    }
    expect((await update(tenant, { id: bare.id }, { notes: "n" })).errors).toBeUndefined();
    const other = await update(tenant, { id: bare.id }, { customFields: [{ field: "vip", value: false }] });
    expect(other.errors).toBeUndefined();
  });

  test("a company needs a contact where the tenant says so, whatever is written", async () => {
    const tenant = await gateway.aTenant();
    const person = await aCustomer(tenant, { firstName: "Ada" });
    const company = await aCustomer(tenant, { company: "Acme", contacts: [{ name: "Bo" }] });
    const bare = await aCustomer(tenant, { company: "Bare" });
    await tenant.run("mutation { updateSettings(input: { companyNeedsContact: true }) { companyNeedsContact } }");

    const refused = [["input", "contacts"], "CONTACT_REQUIRED"];
    expect(problemsOf(await update(tenant, { id: company.id }, { contacts: [] }))).toEqual([refused]);
    expect(problemsOf(await update(tenant, { id: person.id }, { kind: "COMPANY" }))).toEqual([refused]);
    expect(problemsOf(await update(tenant, { id: bare.id }, { notes: "n" }))).toEqual([refused]);
    expect(problemsOf(await replace(tenant, { id: company.id }, { company: "Acme" }))).toEqual([refused]);
    expect(problemsOf(await upsert(tenant, [{ code: bare.code, notes: "n" }]))).toEqual([
      [["input", 0, "contacts"], "CONTACT_REQUIRED"],
    ]);
    const both = await update(tenant, { id: person.id }, { kind: "COMPANY", contacts: [{ name: "Cy" }] });
    expect(both.data.customer).toMatchObject({ kind: "COMPANY", version: 2 });
    expect((await update(tenant, { id: company.id }, { notes: "n" })).errors).toBeUndefined();
  });

  test("a stale expectedVersion is a CONFLICT that tells the current one", async () => {
    const tenant = await gateway.aTenant();
    const { id, code } = await aCustomer(tenant);
    await update(tenant, { id }, { notes: "one" }, { expectedVersion: 1 });
    const before = await digest(gateway.database);

    for (const answer of [
      await update(tenant, { id }, { notes: "two" }, { expectedVersion: 1 }),
      await update(tenant, { id }, { notes: "one" }, { expectedVersion: 3 }),
      await update(tenant, { id }, { notes: "two" }, { expectedVersion: 1, validateOnly: true }),
      await replace(tenant, { code }, { notes: "two" }, { expectedVersion: 1 }),
    ]) {
      expect(answer.data).toBeNull();
      expect(answer.errors).toMatchObject([
        { path: ["customer"], extensions: { code: "CONFLICT", currentVersion: 2 } },
      ]);
    }
    expect(await digest(gateway.database)).toEqual(before);
    const { data } = await update(tenant, { id }, { notes: "two" }, { expectedVersion: 2 });
    expect(data.customer).toMatchObject({ notes: "two", version: 3 });
  });

  test("changing nothing keeps version, times and history", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const before = await aCustomer(tenant, FULL_INPUT);
    const state = await digest(gateway.database);
    const contacts = before.contacts.map(({ createdAt: _c, updatedAt: _u, ...contact }: any) => contact);
    const accounts = before.bankAccounts.map(({ id, accountNumber }: any) => ({ id, accountNumber }));

    for (const patch of [
      {},
      { ...FULL_INPUT, contacts, bankAccounts: accounts },
      { email: " ada@example.com ", status: "lead", phones: ["+84 912 345 678", "+49 30 1234567"] },
      { customFields: [] },
    ]) {
      const { data } = await update(tenant, { id: before.id }, patch);
      expect(data.customer).toEqual(before);
    }
    expect(await digest(gateway.database)).toEqual(state);
  });

  test("the version grows by one with each change, however much changes at once", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id } = await aCustomer(tenant);
    const whole = await update(tenant, { id }, FULL_INPUT);
    expect(whole.data.customer.version).toBe(2);
    const contacts = Array.from({ length: 20 }, (_, index) => ({ name: `Contact ${index}` }));
    const nested = await update(tenant, { id }, { contacts, bankAccounts: [] });
    expect(nested.data.customer.version).toBe(3);
  });

  test("takes as many statements for fifty nested rows as for one", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id } = await aCustomer(tenant);
    const parts = (length: number, from: number): object => ({
      contacts: Array.from({ length }, (_, index) => ({ name: `Contact ${from + index}` })),
      bankAccounts: Array.from({ length }, (_, index) => ({ accountNumber: `1000${from + index}` })),
      tags: Array.from({ length: Math.min(length, 50) }, (_, index) => `tag ${from + index}`),
      phones: Array.from({ length: Math.min(length, 20) }, (_, index) => `+849123${40000 + from + index}`),
    });
    await update(tenant, { id }, parts(1, 0));
    const one = await update(tenant, { id }, parts(1, 1));
    await update(tenant, { id }, parts(50, 100));
    const many = await update(tenant, { id }, parts(50, 200));
    expect(many.data.customer.contacts).toHaveLength(50);
    expect(many.statements).toHaveLength(one.statements.length);
    expect(one.statements.length).toBeLessThan(22);
  });

  test("names every problem of a patch at once", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id } = await aCustomer(tenant);
    const answer = await update(
      tenant,
      { id },
      {
        kind: null,
        name: "n".repeat(301),
        email: "ada",
        phones: ["+84912345678", "12"],
        phoneRegion: "Atlantis",
        fax: "x",
        website: "ftp://example.com",
        address: { country: "Atlantis" },
        status: "LAED",
        contacts: [{ name: " ", email: "b", phone: "1" }],
        bankAccounts: [{ bankCode: "b".repeat(65) }],
        customFields: [
          { field: "industri", value: "x" },
          { field: "vip", value: "yes" },
          { field: "employees", value: "7" },
          { field: "since", value: "2023-02-30" },
          { field: "size", value: "XL" },
          { field: "colours", value: ["red", "red"] },
          { field: "VIP", value: true },
        ],
      },
    );
    const paths = [
      ["kind"],
      ["name"],
      ["email"],
      ["phones", 1],
      ["phoneRegion"],
      ["fax"],
      ["website"],
      ["address", "country"],
      ["status"],
      ["contacts", 0, "name"],
      ["contacts", 0, "email"],
      ["contacts", 0, "phone"],
      ["bankAccounts", 0, "bankCode"],
      ["bankAccounts", 0, "accountNumber"],
      ["customFields", 0, "field"],
      ["customFields", 1, "value"],
      ["customFields", 2, "value"],
      ["customFields", 3, "value"],
      ["customFields", 4, "value"],
      ["customFields", 5, "value"],
      ["customFields", 6, "field"],
    ];
    const named = answer.errors?.[0]?.extensions.problems?.map(({ path }) => path.slice(1));
    expect(named).toHaveLength(paths.length);
    expect(named).toEqual(expect.arrayContaining(paths));
    const unknown = answer.errors?.[0]?.extensions.problems?.find(({ path }) => path[1] === "status");
    expect(unknown?.message).toContain('"LEAD"');
  });

  test("another tenant's customer is as unknown as one that never was, and one in the trash", async () => {
    const tenant = await gateway.aTenant();
    const other = await gateway.aTenant();
    const foreign = await aCustomer(other, { code: "FOREIGN" });
    const { id } = await aCustomer(tenant);
    await tenant.run("mutation($id: ID!) { deleteCustomer(by: { id: $id }) { id } }", { id });
    for (const by of [
      { id: foreign.id },
      { code: "FOREIGN" },
      { id: "0197c3a0-0000-7000-8000-000000000000" },
      { id: "x" },
      { id },
    ]) {
      for (const answer of [await update(tenant, by, { notes: "n" }), await replace(tenant, by, { notes: "n" })]) {
        expect(answer.data).toBeNull();
        expect(answer.errors).toMatchObject([{ message: "Customer not found.", extensions: { code: "NOT_FOUND" } }]);
      }
    }
    expect(await readCustomer(other, { id: foreign.id })).toEqual(foreign);
  });

  test.each([[{}], [{ id: "1", code: "C" }], [{ id: null }]])(
    "refuses the key %j, which is not one of the two",
    async (by) => {
      const tenant = await gateway.aTenant();
      expect(problemsOf(await update(tenant, by, {}))).toEqual([[["by"], "EXACTLY_ONE"]]);
    },
  );
});

describe("replaceCustomer", () => {
  test("clears all that is left out, contacts and accounts included; id, code and birth stay", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    await tenant.run(`mutation { updateSettings(input: { defaultStatus: "ACTIVE" }) { defaultStatus } }`);
    const before = await aCustomer(tenant, { ...FULL_INPUT, code: "ACME" });

    const { data } = await replace(tenant, { code: "acme" }, { firstName: "Bo" });

    const bare = await aCustomer(tenant, { firstName: "Bo" });
    const { id, code, createdAt } = before;
    const { updatedAt } = data.customer;
    // The default status is for creation alone.
    expect(data.customer).toEqual({ ...bare, id, code, createdAt, updatedAt, status: null, version: 2 });
    const { customers } = await tenant.run(`{ customers(filter: { tag: ["vip"] }) { totalCount } }`);
    expect(customers.totalCount).toBe(0);
  });

  test("an entry with an id stays the one it is, but what it leaves out is cleared; an account keeps its number", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const before = await aCustomer(tenant, FULL_INPUT);
    const [contact] = before.contacts;
    const [account] = before.bankAccounts;

    const { data } = await replace(
      tenant,
      { id: before.id },
      { contacts: [{ id: contact.id, name: "Bob" }], bankAccounts: [{ id: account.id, bankCode: "TCB" }] },
    );

    expect(data.customer.contacts).toEqual([
      {
        ...contact,
        name: "Bob",
        title: null,
        email: null,
        phone: null,
        isPrimary: false,
        updatedAt: expect.any(String),
      },
    ]);
    expect(data.customer.bankAccounts).toEqual([
      { ...account, bankCode: "TCB", bankName: null, accountHolderName: null, updatedAt: expect.any(String) },
    ]);
  });

  test("with another code it renames, and a derived name follows", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant, { code: "OLD" });
    const renamed = await replace(tenant, { id }, { code: "NEW" });
    expect(renamed.data.customer).toMatchObject({ id, code: "NEW", name: "NEW", previousCodes: ["OLD"], version: 2 });
    const recased = await replace(tenant, { code: "old" }, { code: "new" });
    expect(recased.data.customer).toMatchObject({ id, code: "new", name: "new", previousCodes: ["OLD"], version: 3 });
    const kept = await replace(tenant, { code: "new" }, { code: "new" });
    expect(kept.data.customer).toEqual(recased.data.customer);
  });

  test("refuses a code that another customer has, and tells which", async () => {
    const tenant = await gateway.aTenant();
    const taken = await aCustomer(tenant, { code: "Taken" });
    const { id } = await aCustomer(tenant, { code: "MINE" });
    const before = await digest(gateway.database);
    const { errors } = await replace(tenant, { id }, { code: "TAKEN", notes: "n" });
    expect(errors).toMatchObject([{ extensions: { code: "CONFLICT", existing: { id: taken.id, code: "Taken" } } }]);
    expect(await digest(gateway.database)).toEqual(before);
  });

  test("asks for all that the tenant requires, but for the code, which stays", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const { id } = await aCustomer(tenant, FULL_INPUT);
    await tenant.run(`mutation {
      updateSettings(input: { requiredFields: [CODE, NAME, EMAIL, PHONES, TAX_ID, ADDRESS, STATUS, TYPE, GROUP, BRANCH] }) { requiredFields }
      updateCustomerField(code: "vip", input: { required: true }) { required }
    }`);
    const bare = await replace(tenant, { id }, { company: "Acme" });
    const paths = ["name", "email", "phones", "taxId", "address", "status", "type", "group", "branch", "customFields"];
    expect(problemsOf(bare)).toEqual(paths.map((path) => [["input", path], "REQUIRED"]));
    expect((await replace(tenant, { id }, FULL_INPUT)).errors).toBeUndefined();
  });

  test("replacing with the same keeps the version", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant, { name: "Ada", tags: ["a"], address: { city: "Hanoi" } });
    const { data } = await replace(tenant, { id }, { name: "Ada", tags: ["a"], address: { city: "Hanoi" } });
    expect(data.customer.version).toBe(1);
  });
});

describe("validateOnly", () => {
  /** What differs between two writes of the same. */
  const timeless = (customer: any): unknown =>
    JSON.parse(JSON.stringify(customer), (key, value) => (/^(id|\w+At)$/.test(key) ? typeof value : value));

  test("createCustomer answers with the customer as it would be, and keeps nothing", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const create = `mutation($input: CustomerInput!, $validateOnly: Boolean!) {
      createCustomer(input: $input, validateOnly: $validateOnly) { ${WHOLE_CUSTOMER} history { nodes { action } totalCount } } }`;
    const before = await digest(gateway.database);

    const validated = await tenant.run(create, { input: FULL_INPUT, validateOnly: true });

    expect(await digest(gateway.database)).toEqual(before);
    expect(await readCustomer(tenant, { id: validated.createCustomer.id })).toBeNull();
    const created = await tenant.run(create, { input: FULL_INPUT, validateOnly: false });
    expect(created.createCustomer.code).toBe("C-10001");
    expect(timeless(created)).toEqual(timeless(validated));
  });

  test.each([
    ["updateCustomer", update],
    ["replaceCustomer", replace],
  ])("%s answers with the customer as it would be, and keeps nothing", async (mutation, change) => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const customer = await aCustomer(tenant, { code: "A-1", contacts: [{ name: "Bo", isPrimary: true }], tags: ["x"] });
    const input = { ...FULL_INPUT, ...(mutation === "replaceCustomer" && { code: "A-2" }) };
    const before = await digest(gateway.database);

    const validated = await change(tenant, { id: customer.id }, input, { expectedVersion: 1, validateOnly: true });

    expect(validated.errors).toBeUndefined();
    expect(await digest(gateway.database)).toEqual(before);
    expect(await readCustomer(tenant, { code: "A-1" })).toEqual(customer);
    const written = await change(tenant, { id: customer.id }, input, { expectedVersion: 1 });
    expect(written.data.customer.version).toBe(2);
    expect(timeless(written.data)).toEqual(timeless(validated.data));
  });

  test("upsertCustomers answers with the customers as they would be, and keeps nothing", async () => {
    const tenant = await gateway.aTenant();
    await aCustomer(tenant, { code: "A-1" });
    const rows = [{ code: "a-1", name: "Ada" }, { name: "Bo", contacts: [{ name: "Cy" }] }, { name: "Di" }];
    const before = await digest(gateway.database);

    const validated = await upsert(tenant, rows, true);

    expect(await digest(gateway.database)).toEqual(before);
    expect(validated.data.customers).toMatchObject([
      { code: "A-1", name: "Ada", version: 2 },
      { code: "C-10001", name: "Bo", version: 1, contacts: [{ name: "Cy" }] },
      { code: "C-10002", name: "Di", version: 1 },
    ]);
    const written = await upsert(tenant, rows);
    expect(timeless(written.data)).toEqual(timeless(validated.data));
  });

  test("refuses what would be refused", async () => {
    const tenant = await gateway.aTenant();
    const { id, code } = await aCustomer(tenant, { code: "TAKEN" });
    const other = await aCustomer(tenant);
    const before = await digest(gateway.database);
    const create = await tenant.execute(
      `mutation { createCustomer(input: { code: "taken" }, validateOnly: true) { id } }`,
    );
    expect(create.errors).toMatchObject([{ extensions: { code: "CONFLICT", existing: { id, code } } }]);
    const renamed = await replace(tenant, { id: other.id }, { code: "taken" }, { validateOnly: true });
    expect(renamed.errors).toMatchObject([{ extensions: { code: "CONFLICT", existing: { id } } }]);
    const patched = await update(tenant, { id }, { email: "x" }, { validateOnly: true });
    expect(problemsOf(patched)).toEqual([[["input", "email"], "INVALID_EMAIL"]]);
    expect(problemsOf(await upsert(tenant, [{ email: "x" }], true))).toEqual([
      [["input", 0, "email"], "INVALID_EMAIL"],
    ]);
    expect(await digest(gateway.database)).toEqual(before);
  });

  test("undoes only itself among the fields of one mutation, and later fields do not see it", async () => {
    const tenant = await gateway.aTenant();
    const data = await tenant.run(`mutation {
      first: createCustomer(input: { code: "A-1", name: "first" }) { name }
      tried: createCustomer(input: { code: "A-2", name: "tried" }, validateOnly: true) { name contacts { id } }
      changed: updateCustomer(by: { code: "A-1" }, input: { name: "tried" }, validateOnly: true) { name version }
      second: createCustomer(input: { code: "A-2", name: "second" }) { name }
      third: updateCustomer(by: { code: "A-1" }, input: { notes: "kept" }) { name notes version }
    }`);
    expect(data).toEqual({
      first: { name: "first" },
      tried: { name: "tried", contacts: [] },
      changed: { name: "tried", version: 2 },
      second: { name: "second" },
      third: { name: "first", notes: "kept", version: 2 },
    });
    expect(await count(tenant)).toBe(2);
  });
});

describe("changeCustomerCode", () => {
  test("gives another code; the old one keeps finding the customer", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant, { code: "A-1", name: "Ada" });
    const { data } = await changeCode(tenant, "a-1", " B-1 ");
    expect(data.customer).toMatchObject({ id, code: "B-1", name: "Ada", previousCodes: ["A-1"], version: 2 });
    await changeCode(tenant, "B-1", "C-1");
    for (const code of ["a-1", "B-1", "c-1"]) {
      expect(await readCustomer(tenant, { code })).toMatchObject({ id, previousCodes: ["A-1", "B-1"] });
    }
    const { customers } = await tenant.run(`{ customers(filter: { code: { eq: "c-1" } }) { totalCount } }`);
    expect(customers.totalCount).toBe(1);
  });

  const takers: [how: string, take: (tenant: TestTenant, code: string) => Promise<any>][] = [
    ["created", (tenant, code) => aCustomer(tenant, { code })],
    ["upserted", async (tenant, code) => (await upsert(tenant, [{ code }])).data.customers[0]],
    ["renamed", async (tenant, code) => (await changeCode(tenant, (await aCustomer(tenant)).code, code)).data.customer],
    [
      "replaced",
      async (tenant, code) => (await replace(tenant, { id: (await aCustomer(tenant)).id }, { code })).data.customer,
    ],
  ];
  test.each(takers)(
    "a code given up means the customer that is %s with it, and is listed no more",
    async (_how, take) => {
      const tenant = await gateway.aTenant();
      const first = await aCustomer(tenant, { code: "A-1" });
      await changeCode(tenant, "A-1", "A-2");
      await changeCode(tenant, "A-2", "A-3");
      const taker = await take(tenant, "a-1");
      expect(await readCustomer(tenant, { code: "A-1" })).toMatchObject({
        id: taker.id,
        code: "a-1",
        previousCodes: taker.previousCodes ?? [],
      });
      expect(await readCustomer(tenant, { id: first.id })).toMatchObject({ code: "A-3", previousCodes: ["A-2"] });
    },
  );

  test("goes back to one of its own, which is then no previous one", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant, { code: "A-1" });
    await changeCode(tenant, "A-1", "A-2");
    const { data } = await changeCode(tenant, "A-2", "a-1");
    expect(data.customer).toMatchObject({ id, code: "a-1", previousCodes: ["A-2"], version: 3 });
  });

  test("changes case, which leaves no previous code; the same code changes nothing", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant, { code: "Straße-é" });
    const recased = await changeCode(tenant, "STRAßE-É", "STRAßE-É");
    expect(recased.data.customer).toMatchObject({ id, code: "STRAßE-É", previousCodes: [], version: 2 });
    const same = await changeCode(tenant, "straße-é", "STRAßE-E\u0301");
    expect(same.data.customer).toEqual(recased.data.customer);
  });

  test("refuses a code that another customer has now, and tells which", async () => {
    const tenant = await gateway.aTenant();
    const taken = await aCustomer(tenant, { code: "Taken" });
    await aCustomer(tenant, { code: "MINE" });
    const { errors } = await changeCode(tenant, "mine", "TAKEN");
    expect(errors).toMatchObject([{ extensions: { code: "CONFLICT", existing: { id: taken.id, code: "Taken" } } }]);
    expect(await readCustomer(tenant, { code: "mine" })).toMatchObject({ code: "MINE", version: 1 });
  });

  test("takes the code of one in the trash", async () => {
    const tenant = await gateway.aTenant();
    await aCustomer(tenant, { code: "GONE" });
    await tenant.run(`mutation { deleteCustomer(by: { code: "GONE" }) { id } }`);
    const { id } = await aCustomer(tenant, { code: "MINE" });
    expect((await changeCode(tenant, "MINE", "gone")).data.customer).toMatchObject({ id, code: "gone" });
  });

  test("finds nothing by a code that was given up, or another tenant's", async () => {
    const tenant = await gateway.aTenant();
    const other = await gateway.aTenant();
    await aCustomer(other, { code: "FOREIGN" });
    await aCustomer(tenant, { code: "A-1" });
    await changeCode(tenant, "A-1", "A-2");
    for (const from of ["A-1", "FOREIGN", "never"]) {
      expect((await changeCode(tenant, from, "A-3")).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
    }
    // What other tenants have is in nobody's way.
    expect((await changeCode(tenant, "A-2", "FOREIGN")).data.customer.code).toBe("FOREIGN");
  });

  test("refuses what is no code, in both arguments at once", async () => {
    const tenant = await gateway.aTenant();
    const answer = await changeCode(tenant, "a\u0000", "  ");
    expect(problemsOf(answer)).toEqual([
      [["to"], "REQUIRED"],
      [["from"], "INVALID_TEXT"],
    ]);
    expect(problemsOf(await changeCode(tenant, "x", "a\nb"))).toEqual([[["to"], "CONTROL_CHARACTERS"]]);
    expect(problemsOf(await changeCode(tenant, "x", "x".repeat(65)))).toEqual([[["to"], "TOO_LONG"]]);
  });
});

describe("upsertCustomers", () => {
  test("changes those whose code a customer has now, creates the others, and answers in order", async () => {
    const tenant = await gateway.aTenant();
    const there = await aCustomer(tenant, { code: "Stored-1", name: "Ada", notes: "stay", contacts: [{ name: "Bo" }] });
    const { data } = await upsert(tenant, [
      { name: "new without a code" },
      { code: "STORED-1", name: "Ada 2" },
      { code: "NEW-1", contacts: [{ name: "Cy" }] },
    ]);
    expect(data.customers).toEqual([
      { id: expect.any(String), code: "C-10001", name: "new without a code", version: 1, contacts: [] },
      { id: there.id, code: "Stored-1", name: "Ada 2", version: 2, contacts: [{ name: "Bo" }] },
      { id: expect.any(String), code: "NEW-1", name: "NEW-1", version: 1, contacts: [{ name: "Cy" }] },
    ]);
    expect(await readCustomer(tenant, { id: there.id })).toMatchObject({ notes: "stay" });
  });

  test("a code that was given up, or that one in the trash has, creates a customer", async () => {
    const tenant = await gateway.aTenant();
    const first = await aCustomer(tenant, { code: "A-1" });
    await changeCode(tenant, "A-1", "A-2");
    const second = await aCustomer(tenant, { code: "B-1" });
    await tenant.run(`mutation { deleteCustomer(by: { code: "B-1" }) { id } }`);
    const { data } = await upsert(tenant, [{ code: "a-1" }, { code: "b-1" }]);
    expect(data.customers).toMatchObject([{ code: "a-1" }, { code: "b-1" }]);
    expect(data.customers.map(({ id }: any) => id)).not.toEqual(expect.arrayContaining([first.id]));
    expect(data.customers.map(({ id }: any) => id)).not.toEqual(expect.arrayContaining([second.id]));
    expect(await readCustomer(tenant, { code: "A-2" })).toMatchObject({ previousCodes: [] });
  });

  test("one bad row rejects the whole list, and each bad row is named", async () => {
    const tenant = await gateway.aTenant();
    await aCustomer(tenant, { code: "THERE" });
    const before = await digest(gateway.database, { without: ["code_counters"] });
    const answer = await upsert(tenant, [
      { name: "good" },
      { code: "THERE", email: "bad", status: "UNKNOWN" },
      { code: "NEW", phones: ["1"], contacts: [{ name: "" }] },
      { code: "TWICE" },
      { code: "THERE", name: "again" },
      { code: "twice", website: "bad" },
      { customFields: [{ field: "none", value: 1 }] },
    ]);
    expect(answer.data).toBeNull();
    expect(answer.errors).toHaveLength(1);
    const expected = [
      [["input", 1, "email"], "INVALID_EMAIL"],
      [["input", 1, "status"], "UNKNOWN_CODE"],
      [["input", 2, "contacts", 0, "name"], "REQUIRED"],
      [["input", 2, "phones", 0], "INVALID_PHONE"],
      [["input", 4, "code"], "DUPLICATE"],
      [["input", 5, "code"], "DUPLICATE"],
      [["input", 5, "website"], "INVALID_URL"],
      [["input", 6, "customFields", 0, "field"], "UNKNOWN_FIELD"],
    ];
    expect(problemsOf(answer)).toHaveLength(expected.length);
    expect(problemsOf(answer)).toEqual(expect.arrayContaining(expected));
    expect(await digest(gateway.database, { without: ["code_counters"] })).toEqual(before);
  });

  test("takes 500 rows, refuses 501, and an empty list does nothing", async () => {
    const tenant = await gateway.aTenant();
    const rows = Array.from({ length: 501 }, (_, index) => ({ code: `R-${index}` }));
    expect(problemsOf(await upsert(tenant, rows))).toEqual([[["input"], "TOO_MANY"]]);
    expect(await count(tenant)).toBe(0);
    expect((await upsert(tenant, [])).data).toEqual({ customers: [] });
    const { data } = await upsert(tenant, rows.slice(1));
    expect(data.customers.map(({ code }: any) => code)).toEqual(rows.slice(1).map(({ code }) => code));
    expect(await count(tenant)).toBe(500);
  });

  test("takes as many statements for fifty rows as for five", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);
    const rows = (length: number, round: number): object[] =>
      Array.from({ length }, (_, index) => ({
        ...FULL_INPUT,
        ...(index % 3 > 0 && { code: `S-${length}-${index % 3 === 1 ? index : `${round}-${index}`}` }),
        notes: `round ${round}`,
        phones: [`+849${10_000_000 + round * 1000 + index}`],
        tags: [`tag ${round}`],
        customFields: [{ field: "employees", value: round }],
      }));
    await upsert(tenant, rows(5, 1));
    const five = await upsert(tenant, rows(5, 2));
    await upsert(tenant, rows(50, 1));
    const fifty = await upsert(tenant, rows(50, 2));
    expect(fifty.errors).toBeUndefined();
    expect(fifty.data.customers.filter(({ version }: any) => version === 2)).toHaveLength(17);
    expect(fifty.statements).toEqual(five.statements);
  });

  test("writes into its own tenant only, whatever codes others have", async () => {
    const tenant = await gateway.aTenant();
    const other = await gateway.aTenant();
    const foreign = await aCustomer(other, { code: "SAME", name: "theirs" });
    const { data } = await upsert(tenant, [{ code: "SAME", name: "ours" }]);
    expect(data.customers).toMatchObject([{ code: "SAME", name: "ours", version: 1 }]);
    expect(await readCustomer(other, { code: "SAME" })).toEqual(foreign);
  });
});
