import { aCustomer, aTaxonomy, FULL_INPUT, readCustomer, WHOLE_CUSTOMER } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

const duplicates = async (tenant: TestTenant, by: object): Promise<[id: string, reasons: string[]][]> => {
  const { customerDuplicates } = await tenant.run(
    "query($by: CustomerKey!) { customerDuplicates(by: $by) { customer { id } reasons } }",
    { by },
  );
  return customerDuplicates.map(({ customer, reasons }: any) => [customer.id, reasons]);
};

const merge = (tenant: TestTenant, keep: object, from: readonly object[], more: object = {}): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($keep: CustomerKey!, $from: [CustomerKey!]!, $expectedVersions: [ExpectedVersion!], $validateOnly: Boolean! = false) {
      merged: mergeCustomers(keep: $keep, from: $from, expectedVersions: $expectedVersions, validateOnly: $validateOnly) {
        ${WHOLE_CUSTOMER}
        assets { nodes { code } } workOrders { nodes { code } } contracts { nodes { code } } invoices { nodes { code } }
        history(first: 100) { nodes { action credential fields { path before after } } }
      }
    }`,
    { keep, from, ...more },
  );

/** Something of each kind, told by its code. */
async function addWork(tenant: TestTenant, id: string, mark: string): Promise<void> {
  await tenant.run(
    `mutation($by: CustomerKey!) {
      createAsset(customer: $by, input: { code: "A-${mark}", name: "n" }) { id }
      createWorkOrder(customer: $by, input: { code: "WO-${mark}", title: "t" }) { id }
      createContract(customer: $by, input: { code: "CT-${mark}", title: "t", status: ACTIVE }) { id }
      createInvoice(customer: $by, input: { code: "INV-${mark}", amount: "1", currency: "EUR", status: PENDING }) { id }
    }`,
    { by: { id } },
  );
}

describe("customerDuplicates", () => {
  test("names each customer that may be the same, with every reason, those with most first", async () => {
    const tenant = await gateway.aTenant();
    const ada = await aCustomer(tenant, {
      name: "Nguyễn Văn Đức",
      email: "Ada@Example.com",
      phones: ["+84912345678", "+84912345679"],
      taxId: "DE-1a",
    });
    const byName = await aCustomer(tenant, { name: "NGUYEN VAN DUC" });
    const byPhone = await aCustomer(tenant, { phones: ["+49301234567", "+84912345679"] });
    const byAll = await aCustomer(tenant, {
      name: "nguyen van duc",
      email: "ada@example.COM",
      phones: ["+84912345679"],
      taxId: "de-1A",
    });
    const byEmail = await aCustomer(tenant, { name: "other", email: "ADA@example.com" });
    const byTaxId = await aCustomer(tenant, { taxId: "DE-1A" });
    await aCustomer(tenant, { name: "other", email: "bo@example.com", phones: ["+84912345670"], taxId: "DE-1" });
    expect(await duplicates(tenant, { id: ada.id })).toEqual([
      [byAll.id, ["EMAIL", "NAME", "PHONE", "TAX_ID"]],
      [byName.id, ["NAME"]],
      [byPhone.id, ["PHONE"]],
      [byEmail.id, ["EMAIL"]],
      [byTaxId.id, ["TAX_ID"]],
    ]);
  });

  test("what is absent is no reason; those in the trash and other tenants' are none", async () => {
    const tenant = await gateway.aTenant();
    const other = await gateway.aTenant();
    const same = { name: "Ada", email: "ada@example.com", phones: ["+84912345678"], taxId: "1" };
    await aCustomer(other, same);
    const gone = await aCustomer(tenant, same);
    await tenant.run("mutation($id: ID!) { deleteCustomer(by: { id: $id }) { id } }", { id: gone.id });
    const { code } = await aCustomer(tenant, same);
    await aCustomer(tenant);
    const bare = await aCustomer(tenant, { name: "One" });
    await aCustomer(tenant, { name: "Two" });
    expect(await duplicates(tenant, { id: bare.id })).toEqual([]);
    const [[, reasons] = []] = await duplicates(tenant, { code });
    expect(reasons).toEqual(["NAME"]); // the plain Ada alone
  });

  test("tells fifty at most, and takes one statement beside the customer's own", async () => {
    const tenant = await gateway.aTenant();
    const rows = Array.from({ length: 52 }, () => ({ name: "Ada" }));
    await tenant.run("mutation($rows: [CustomerInput!]!) { upsertCustomers(input: $rows) { id } }", { rows });
    const { data, statements } = await tenant.execute(
      `{ customerDuplicates(by: { code: "C-10001" }) { customer { code } reasons } }`,
    );
    expect(data.customerDuplicates).toHaveLength(50);
    expect(statements).toHaveLength(2);
  });
});

describe("mergeCustomers", () => {
  test("moves all that the others have to the one kept, and their codes become previous ones", async () => {
    const tenant = await gateway.aTenant();
    const keep = await aCustomer(tenant, {
      code: "KEEP",
      contacts: [{ name: "Bo", isPrimary: true }],
      bankAccounts: [{ accountNumber: "11111111" }],
    });
    const one = await aCustomer(tenant, {
      code: "ONE-OLD",
      contacts: [{ name: "Cy" }, { name: "Di", isPrimary: true }],
      bankAccounts: [{ accountNumber: "22222222" }],
    });
    await tenant.run(`mutation { changeCustomerCode(from: "ONE-OLD", to: "ONE") { id } }`);
    const two = await aCustomer(tenant, { code: "TWO", contacts: [{ name: "Ed", isPrimary: true }] });
    for (const [customer, mark] of [
      [keep, "k"],
      [one, "1"],
      [two, "2"],
    ])
      await addWork(tenant, customer.id, mark);

    const { data, errors } = await merge(tenant, { code: "keep" }, [{ id: one.id }, { code: "TWO" }]);

    expect(errors).toBeUndefined();
    const { merged } = data;
    expect(merged).toMatchObject({ id: keep.id, code: "KEEP", version: 2, deletedAt: null });
    expect([...merged.previousCodes].sort()).toEqual(["ONE", "ONE-OLD", "TWO"]);
    expect(merged.contacts.map(({ name, isPrimary }: any) => [name, isPrimary])).toEqual([
      ["Bo", true],
      ["Cy", false],
      ["Di", false],
      ["Ed", false],
    ]);
    expect(merged.bankAccounts.map(({ accountNumber }: any) => accountNumber)).toEqual(["11111111", "22222222"]);
    for (const list of ["assets", "workOrders", "contracts", "invoices"]) {
      expect(merged[list].nodes.map(({ code }: any) => code.slice(-1)).sort()).toEqual(["1", "2", "k"]);
    }
    for (const code of ["one", "ONE-OLD", "two"]) {
      expect(await readCustomer(tenant, { code })).toMatchObject({ id: keep.id });
    }
    const { customers, trash } = await tenant.run(`{
      customers { nodes { id mergedInto { id } } }
      trash: customers(filter: { trash: ONLY }) {
        nodes { id code previousCodes version deletedAt mergedInto { id code } contacts { id } bankAccounts { id } workOrders { totalCount } }
      }
    }`);
    expect(customers.nodes).toEqual([{ id: keep.id, mergedInto: null }]);
    const gone = {
      previousCodes: [],
      deletedAt: expect.any(String),
      mergedInto: { id: keep.id, code: "KEEP" },
      contacts: [],
      bankAccounts: [],
      workOrders: { totalCount: 0 },
    };
    expect(trash.nodes).toEqual([
      { id: one.id, code: "ONE", version: 3, ...gone },
      { id: two.id, code: "TWO", version: 2, ...gone },
    ]);
  });

  test("takes the first of the others' primary contacts where the one kept has none", async () => {
    const tenant = await gateway.aTenant();
    const keep = await aCustomer(tenant, { contacts: [{ name: "Bo" }] });
    const one = await aCustomer(tenant, { contacts: [{ name: "Cy" }] });
    const two = await aCustomer(tenant, { contacts: [{ name: "Di", isPrimary: true }] });
    const three = await aCustomer(tenant, { contacts: [{ name: "Ed", isPrimary: true }] });
    const { data } = await merge(tenant, { id: keep.id }, [{ id: one.id }, { id: three.id }, { id: two.id }]);
    expect(data.merged.primaryContact).toEqual({ id: three.contacts[0].id });
    expect(data.merged.contacts.filter(({ isPrimary }: any) => isPrimary)).toHaveLength(1);
    const demoted = { path: ["contacts", two.contacts[0].id, "isPrimary"], before: true, after: false };
    expect(data.merged.history.nodes[0].fields).toContainEqual(demoted);
  });

  test("fills what is empty from the others in the order given; what is there stays, lists are joined", async () => {
    const tenant = await gateway.aTenant();
    await aTaxonomy(tenant);

    const keep = await aCustomer(tenant, {
      kind: "PERSONAL",
      name: "Kept",
      email: "kept@example.com",
      phones: ["+84900000001"],
      tags: ["VIP"],
      status: "ACTIVE",
      customFields: [{ field: "vip", value: false }],
    });
    const one = await aCustomer(tenant, {
      name: "One",
      notes: "from one",
      phones: ["+84900000002", "+84900000001"],
      tags: ["vip", "one"],
      customFields: [
        { field: "vip", value: true },
        { field: "employees", value: 1 },
      ],
    });
    const two = await aCustomer(tenant, {
      ...FULL_INPUT,
      contacts: [],
      bankAccounts: [],
      customFields: [
        { field: "employees", value: 2 },
        { field: "industry", value: "Steel" },
      ],
    });

    const { data } = await merge(tenant, { id: keep.id }, [{ id: one.id }, { id: two.id }]);

    expect(data.merged).toMatchObject({
      kind: "PERSONAL",
      name: "Kept",
      email: "kept@example.com",
      phones: ["+84900000001", "+84900000002", "+84912345678", "+49301234567"],
      tags: ["VIP", "one", "north"],
      status: { code: "ACTIVE" },
      notes: "from one",
      company: "Acme GmbH",
      firstName: "Ada",
      lastName: "Lovelace",
      fax: FULL_INPUT.fax,
      website: FULL_INPUT.website,
      taxId: FULL_INPUT.taxId,
      paymentTerms: "net30",
      address: FULL_INPUT.address,
      billingAddress: FULL_INPUT.billingAddress,
      branch: { code: "HN" },
      type: { code: "RETAIL" },
      group: { code: "KEY" },
      customFields: [
        { field: { code: "industry" }, value: "Steel" },
        { field: { code: "employees" }, value: 1 },
        { field: { code: "vip" }, value: false },
      ],
    });
    const found = [
      `phone: "+84912345678"`,
      `tag: ["north"]`,
      `customFields: [{ field: "employees", eq: 1 }]`,
      `search: "DE123456789"`,
    ];
    for (const filter of found) {
      const { customers } = await tenant.run(`{ customers(filter: { ${filter} }) { nodes { id } } }`);
      expect([filter, customers.nodes]).toEqual([filter, [{ id: keep.id }]]);
    }
  });

  test("a name that was never given follows what was filled", async () => {
    const tenant = await gateway.aTenant();
    const keep = await aCustomer(tenant, { phones: ["+84912345678"] });
    const one = await aCustomer(tenant, { name: "Given", firstName: "Ada", lastName: "Lovelace" });
    const { data } = await merge(tenant, { id: keep.id }, [{ id: one.id }]);
    expect(data.merged.name).toBe("Ada Lovelace");
    const { customers } = await tenant.run(`{ customers(filter: { name: { eq: "Ada Lovelace" } }) { nodes { id } } }`);
    expect(customers.nodes).toEqual([{ id: keep.id }]);
    const patch = 'mutation($id: ID!) { updateCustomer(by: { id: $id }, input: { notes: "n" }) { name } }';
    expect(await tenant.run(patch, { id: keep.id })).toEqual({ updateCustomer: { name: "Ada Lovelace" } });
  });

  test("joins the histories, newest first", async () => {
    const tenant = await gateway.aTenant();
    const keep = await aCustomer(tenant, { code: "KEEP" });
    const one = await aCustomer(tenant, { code: "ONE", email: "one@example.com" });
    await tenant.run(`mutation { updateCustomer(by: { code: "ONE" }, input: { notes: "n" }) { id } }`);

    const { data } = await merge(tenant, { id: keep.id }, [{ id: one.id }]);

    const { nodes } = data.merged.history;
    expect(nodes.map(({ action }: any) => action)).toEqual(["MERGED", "UPDATED", "CREATED", "CREATED"]);
    expect(nodes[0].fields).toEqual(
      expect.arrayContaining([
        { path: ["mergedFrom"], before: null, after: [one.id] },
        { path: ["previousCodes"], before: null, after: ["ONE"] },
        { path: ["email"], before: null, after: "one@example.com" },
      ]),
    );
    const { customers } = await tenant.run(
      "{ customers(filter: { trash: ONLY }) { nodes { history { nodes { action fields { path after } } } } } }",
    );
    expect(customers.nodes[0].history.nodes).toEqual([
      {
        action: "MERGED_AWAY",
        fields: expect.arrayContaining([{ path: ["mergedInto"], after: keep.id }]),
      },
    ]);
  });

  test("what was merged can be brought back, bare, with its own code; or erased", async () => {
    const tenant = await gateway.aTenant();
    const keep = await aCustomer(tenant, { code: "KEEP" });
    const one = await aCustomer(tenant, { code: "ONE", contacts: [{ name: "Bo" }] });
    const two = await aCustomer(tenant, { code: "TWO" });
    await merge(tenant, { id: keep.id }, [{ id: one.id }, { id: two.id }]);

    const { restoreCustomer } = await tenant.run(
      `mutation { restoreCustomer(by: { code: "ONE" }) { id deletedAt mergedInto { id } contacts { id } } }`,
    );

    expect(restoreCustomer).toEqual({ id: one.id, deletedAt: null, mergedInto: null, contacts: [] });
    expect(await readCustomer(tenant, { code: "ONE" })).toMatchObject({ id: one.id });
    expect(await readCustomer(tenant, { id: keep.id })).toMatchObject({ previousCodes: ["TWO"] });
    await tenant.run(`mutation { purgeCustomer(by: { code: "TWO" }) }`);
    expect(await readCustomer(tenant, { code: "TWO" })).toMatchObject({ id: keep.id });
  });

  test("merges what was merged into before, and points on", async () => {
    const tenant = await gateway.aTenant();
    const [a, b, c] = [await aCustomer(tenant), await aCustomer(tenant), await aCustomer(tenant)];
    await merge(tenant, { id: b.id }, [{ id: a.id }]);
    const { data } = await merge(tenant, { id: c.id }, [{ id: b.id }]);
    expect([...data.merged.previousCodes].sort()).toEqual([a.code, b.code]);
    for (const { code } of [a, b]) expect(await readCustomer(tenant, { code })).toMatchObject({ id: c.id });
  });

  test("validateOnly answers with the customer as it would be, and keeps nothing", async () => {
    const tenant = await gateway.aTenant();
    const keep = await aCustomer(tenant, { code: "KEEP" });
    const one = await aCustomer(tenant, {
      code: "ONE",
      email: "one@example.com",
      contacts: [{ name: "Bo", isPrimary: true }],
    });
    await addWork(tenant, one.id, "1");
    const before = await digest(gateway.database);

    const validated = await merge(tenant, { id: keep.id }, [{ id: one.id }], { validateOnly: true });

    expect(validated.data.merged).toMatchObject({ email: "one@example.com", previousCodes: ["ONE"], version: 2 });
    expect(validated.data.merged.workOrders.nodes).toEqual([{ code: "WO-1" }]);
    expect(await digest(gateway.database)).toEqual(before);
    const { data } = await merge(tenant, { id: keep.id }, [{ id: one.id }]);
    expect({ ...data.merged, updatedAt: "" }).toEqual({ ...validated.data.merged, updatedAt: "" });
  });

  test("knows each stale version, and versions of customers that are not named", async () => {
    const tenant = await gateway.aTenant();
    const [keep, one, other] = [await aCustomer(tenant), await aCustomer(tenant), await aCustomer(tenant)];
    await tenant.run('mutation($id: ID!) { updateCustomer(by: { id: $id }, input: { notes: "n" }) { id } }', {
      id: one.id,
    });
    const before = await digest(gateway.database);
    const at = (...expectedVersions: [id: string, version: number][]): Promise<Answer<any>> =>
      merge(tenant, { id: keep.id }, [{ id: one.id }], {
        expectedVersions: expectedVersions.map(([id, version]) => ({ id, version })),
      });
    expect((await at([keep.id, 1], [one.id, 1])).errors).toMatchObject([
      { extensions: { code: "CONFLICT", currentVersion: 2 } },
    ]);
    expect((await at([keep.id, 2])).errors).toMatchObject([{ extensions: { code: "CONFLICT", currentVersion: 1 } }]);
    expect((await at([other.id, 1])).errors).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT", problems: [{ path: ["expectedVersions", 0, "id"] }] } },
    ]);
    expect((await at([keep.id, 1], [one.id, 0])).errors).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT", problems: [{ path: ["expectedVersions", 1, "version"] }] } },
    ]);
    expect(await digest(gateway.database)).toEqual(before);
    expect((await at([keep.id, 1], [one.id, 2])).errors).toBeUndefined();
  });

  test("refuses nobody, too many, itself, and the same twice", async () => {
    const tenant = await gateway.aTenant();
    const [keep, one] = [await aCustomer(tenant), await aCustomer(tenant)];
    const many = Array.from({ length: 21 }, (_, index) => ({ code: `X-${index}` }));
    const before = await digest(gateway.database);
    for (const [from, path, code] of [
      [[], ["from"], "TOO_FEW"],
      [many, ["from"], "TOO_MANY"],
      [[{ code: keep.code }], ["from"], "MERGE_WITH_ITSELF"],
      [[{ id: one.id }, { code: one.code }], ["from"], "MERGE_WITH_ITSELF"],
      [[{ id: one.id }, {}], ["from", 1], "EXACTLY_ONE"],
    ] as const) {
      const { errors } = await merge(tenant, { id: keep.id }, from);
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", problems: [{ path, code }] } }]);
    }
    expect(await digest(gateway.database)).toEqual(before);
  });

  test("never reaches into another tenant, on either side", async () => {
    const tenant = await gateway.aTenant();
    const other = await gateway.aTenant();
    const mine = await aCustomer(tenant, { code: "MINE" });
    const foreign = await aCustomer(other, { code: "FOREIGN" });
    const before = await digest(gateway.database);
    for (const [keep, from] of [
      [mine, foreign],
      [foreign, mine],
    ]) {
      for (const key of ["id", "code"]) {
        const { errors } = await merge(tenant, { [key]: keep[key] }, [{ [key]: from[key] }]);
        expect(errors).toMatchObject([{ message: "Customer not found.", extensions: { code: "NOT_FOUND" } }]);
      }
    }
    expect(await digest(gateway.database)).toEqual(before);
    // The same codes in two tenants are two customers.
    await aCustomer(other, { code: "MINE", name: "theirs" });
    await merge(other, { id: foreign.id }, [{ code: "MINE" }]);
    expect(await readCustomer(tenant, { code: "MINE" })).toEqual(mine);
  });

  test("takes as many statements however much moves", async () => {
    const tenant = await gateway.aTenant();
    const measure = async (contacts: number): Promise<number> => {
      const part = {
        contacts: Array.from({ length: contacts }, (_, index) => ({ name: `n${index}`, isPrimary: index === 0 })),
      };
      const [keep, one, two] = [
        await aCustomer(tenant, part),
        await aCustomer(tenant, part),
        await aCustomer(tenant, part),
      ];
      const { statements } = await merge(tenant, { id: keep.id }, [{ id: one.id }, { id: two.id }]);
      return statements.length;
    };
    expect(await measure(30)).toBe(await measure(1));
  });
});

test("asks for a contact of a company where the tenant does", async () => {
  const tenant = await gateway.aTenant();
  await tenant.run(`mutation { a: createCustomer(input: { code: "A", company: "Ada Ltd" }) { id }
    b: createCustomer(input: { code: "B", name: "Bo" }) { id }
    c: createCustomer(input: { code: "C", name: "Cy", contacts: [{ name: "Di" }] }) { id } }`);
  await tenant.run(`mutation { updateSettings(input: { companyNeedsContact: true }) { companyNeedsContact } }`);
  const merge = (from: string): string =>
    `mutation { mergeCustomers(keep: { code: "A" }, from: [{ code: "${from}" }]) { contacts { name } } }`;
  const refused = await tenant.execute(merge("B"));
  expect(refused.errors?.[0]?.extensions.problems).toMatchObject([{ path: ["keep"], code: "CONTACT_REQUIRED" }]);
  expect((await tenant.run(merge("C"))).mergeCustomers.contacts).toEqual([{ name: "Di" }]);
});
