import { aCustomer, readCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

/** The four kinds of term: type, list, and the customer's field. */
const KINDS = [
  ["CustomerStatus", "customerStatuses", "status"],
  ["CustomerType", "customerTypes", "type"],
  ["CustomerGroup", "customerGroups", "group"],
  ["Branch", "branches", "branch"],
] as const;

const TERM = "id code name description customerCount";

const create = (tenant: TestTenant, kind: string, input: object): Promise<Answer<any>> =>
  tenant.execute(`mutation($input: TaxonomyTermInput!) { term: create${kind}(input: $input) { ${TERM} } }`, { input });
const update = (tenant: TestTenant, kind: string, code: string, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($code: String!, $input: TaxonomyTermPatch!) { term: update${kind}(code: $code, input: $input) { ${TERM} } }`,
    { code, input },
  );
const changeCode = (tenant: TestTenant, kind: string, from: string, to: string): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($from: String!, $to: String!) { term: change${kind}Code(from: $from, to: $to) { ${TERM} } }`,
    { from, to },
  );
const remove = (tenant: TestTenant, kind: string, code: string, reassignTo?: string): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($code: String!, $reassignTo: String) { id: delete${kind}(code: $code, reassignTo: $reassignTo) }`,
    { code, reassignTo },
  );

describe.each(KINDS)("%s", (kind, many, field) => {
  const list = async (tenant: TestTenant): Promise<any[]> => (await tenant.run(`{ ${many} { ${TERM} } }`))[many];

  test("is made, changed, and listed by code", async () => {
    const tenant = await gateway.aTenant();
    const b = await create(tenant, kind, { code: " b-1 ", name: "Second  one" });
    const a = await create(tenant, kind, { code: "A-1", name: "First", description: "d" });
    expect(b.data.term).toEqual({
      id: expect.any(String),
      code: "b-1",
      name: "Second one",
      description: null,
      customerCount: 0,
    });
    const changed = await update(tenant, kind, "a-1", { description: "" });
    expect(changed.data.term).toEqual({ ...a.data.term, description: null });
    const renamed = await update(tenant, kind, "A-1", { name: "1st" });
    expect(renamed.data.term).toEqual({ ...a.data.term, name: "1st", description: null });
    expect(await list(tenant)).toEqual([renamed.data.term, b.data.term]);
  });

  test("has a code that is unique in its kind, without regard to case", async () => {
    const tenant = await gateway.aTenant();
    const first = await create(tenant, kind, { code: "Same", name: "n" });
    const second = await create(tenant, kind, { code: "other", name: "n" });
    const existing = { id: first.data.term.id, code: "Same" };
    for (const answer of [
      await create(tenant, kind, { code: "SAME", name: "n" }),
      await changeCode(tenant, kind, "OTHER", "sAME"),
    ]) {
      expect(answer.errors).toMatchObject([{ extensions: { code: "CONFLICT", existing } }]);
    }
    expect((await list(tenant)).map(({ code }) => code)).toEqual(["other", "Same"]);
    for (const [otherKind] of KINDS.filter(([name]) => name !== kind)) {
      expect((await create(tenant, otherKind, { code: "same", name: "n" })).errors).toBeUndefined();
    }
    const other = await gateway.aTenant();
    expect((await create(other, kind, { code: "same", name: "n" })).data.term.id).not.toBe(second.data.term.id);
  });

  test("changes its code; customers keep carrying it", async () => {
    const tenant = await gateway.aTenant();
    await create(tenant, kind, { code: "OLD", name: "n" });
    const { id } = await aCustomer(tenant, { [field]: "old" });
    const { data } = await changeCode(tenant, kind, "old", "NEW");
    expect(data.term).toMatchObject({ code: "NEW", customerCount: 1 });
    expect(await readCustomer(tenant, { id })).toMatchObject({ [field]: { code: "NEW" }, version: 1 });
    const found = await tenant.run(
      `{ old: customers(filter: { ${field}: ["OLD"] }) { totalCount } new: customers(filter: { ${field}: ["new"] }) { totalCount } }`,
    );
    expect(found).toEqual({ old: { totalCount: 0 }, new: { totalCount: 1 } });
    expect((await changeCode(tenant, kind, "new", "new")).data.term).toMatchObject({ code: "new" }); // case alone
    expect((await changeCode(tenant, kind, "OLD", "x")).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
  });

  test("is not deleted while customers carry it, unless they are given another one", async () => {
    const tenant = await gateway.aTenant();
    await create(tenant, kind, { code: "GOES", name: "n" });
    const heir = await create(tenant, kind, { code: "Heir", name: "n" });
    await create(tenant, kind, { code: "IDLE", name: "n" });
    const carriers = [await aCustomer(tenant, { [field]: "GOES" }), await aCustomer(tenant, { [field]: "goes" })];
    const other = await aCustomer(tenant, { [field]: "heir" });
    const before = await digest(gateway.database);

    const refused = await remove(tenant, kind, "goes");
    expect(refused.errors).toMatchObject([
      { message: expect.stringMatching(/^2 customers .*reassignTo/), extensions: { code: "CONFLICT" } },
    ]);
    for (const [reassignTo, code] of [
      ["GOES", "SAME_TERM"],
      ["hier", "UNKNOWN_CODE"],
    ] as const) {
      const { errors } = await remove(tenant, kind, "goes", reassignTo);
      expect(errors).toMatchObject([
        {
          extensions: {
            code: "BAD_USER_INPUT",
            problems: [
              { path: ["reassignTo"], code, message: expect.stringContaining(code === "UNKNOWN_CODE" ? '"Heir"' : "") },
            ],
          },
        },
      ]);
    }
    expect(await digest(gateway.database)).toEqual(before);

    const [{ id: termId }] = (await list(tenant)).filter(({ code }) => code === "GOES");
    const { data } = await remove(tenant, kind, "goes", "HEIR");

    expect(data.id).toBe(termId);
    for (const { id } of carriers) {
      expect(await readCustomer(tenant, { id })).toMatchObject({ [field]: { code: "Heir" }, version: 2 });
    }
    expect(await readCustomer(tenant, { id: other.id })).toMatchObject({ version: 1 });
    expect((await remove(tenant, kind, "IDLE")).errors).toBeUndefined();
    expect(await list(tenant)).toEqual([{ ...heir.data.term, customerCount: 3 }]);
  });

  test("customers in the trash do not hold it: theirs is cleared", async () => {
    const tenant = await gateway.aTenant();
    await create(tenant, kind, { code: "GOES", name: "n" });
    await create(tenant, kind, { code: "HEIR", name: "n" });
    const [gone, live] = [await aCustomer(tenant, { [field]: "GOES" }), await aCustomer(tenant, { [field]: "GOES" })];
    await tenant.run("mutation($id: ID!) { deleteCustomer(by: { id: $id }) { id } }", { id: gone.id });

    expect((await remove(tenant, kind, "GOES", "HEIR")).errors).toBeUndefined();

    await tenant.run("mutation($id: ID!) { restoreCustomer(by: { id: $id }) { id } }", { id: gone.id });
    expect(await readCustomer(tenant, { id: gone.id })).toMatchObject({ [field]: null });
    expect(await readCustomer(tenant, { id: live.id })).toMatchObject({ [field]: { code: "HEIR" } });
  });

  test("tells each customer's history what became of it", async () => {
    const tenant = await gateway.aTenant();
    await create(tenant, kind, { code: "GOES", name: "n" });
    await create(tenant, kind, { code: "HEIR", name: "n" });
    const [gone, live] = [await aCustomer(tenant, { [field]: "GOES" }), await aCustomer(tenant, { [field]: "GOES" })];
    await tenant.run("mutation($id: ID!) { deleteCustomer(by: { id: $id }) { id } }", { id: gone.id });
    await remove(tenant, kind, "GOES", "HEIR");
    const { customers } = await tenant.run(
      "{ customers(filter: { trash: INCLUDE }) { nodes { id history(first: 1) { nodes { action credential fields { path before after } } } } } }",
    );
    const told = (after: string | null): object => ({
      nodes: [{ action: "UPDATED", credential: "test", fields: [{ path: [field], before: "GOES", after }] }],
    });
    expect(customers.nodes).toEqual([
      { id: gone.id, history: told(null) },
      { id: live.id, history: told("HEIR") },
    ]);
  });

  test("names every problem at once", async () => {
    const tenant = await gateway.aTenant();
    const problems = ({ errors }: Answer<any>): unknown =>
      errors?.[0]?.extensions.problems?.map(({ path, code }) => [path.join("."), code]);
    const bad = { code: "c\u0007", name: " ", description: "d".repeat(2001) };
    expect(problems(await create(tenant, kind, bad))).toEqual([
      ["input.code", "CONTROL_CHARACTERS"],
      ["input.name", "REQUIRED"],
      ["input.description", "TOO_LONG"],
    ]);
    await create(tenant, kind, { code: "C", name: "n" });
    expect(problems(await update(tenant, kind, "C", { name: null }))).toEqual([["input.name", "REQUIRED"]]);
    expect(problems(await changeCode(tenant, kind, "C", " "))).toEqual([["to", "REQUIRED"]]);
    expect(problems(await changeCode(tenant, kind, "", "c".repeat(65)))).toEqual(
      expect.arrayContaining([["from", "REQUIRED"]]),
    );
  });

  test("another tenant's is as unknown as one that never was, also as an heir", async () => {
    const tenant = await gateway.aTenant();
    const other = await gateway.aTenant();
    await create(other, kind, { code: "FOREIGN", name: "n" });
    await create(tenant, kind, { code: "MINE", name: "n" });
    for (const answer of [
      await update(tenant, kind, "FOREIGN", { name: "x" }),
      await changeCode(tenant, kind, "FOREIGN", "X"),
      await remove(tenant, kind, "FOREIGN"),
    ]) {
      expect(answer.errors).toMatchObject([{ message: `${kind} not found.`, extensions: { code: "NOT_FOUND" } }]);
    }
    const heir = await remove(tenant, kind, "MINE", "FOREIGN");
    expect(heir.errors?.[0]?.extensions.problems).toMatchObject([{ path: ["reassignTo"], code: "UNKNOWN_CODE" }]);
    expect(heir.errors?.[0]?.extensions.problems?.[0]?.message).not.toContain("FOREIGN");
    expect(await list(other)).toMatchObject([{ code: "FOREIGN", name: "n" }]);
  });

  test("needs the scope taxonomy:write", async () => {
    const tenant = await gateway.aTenant();
    await create(tenant, kind, { code: "C", name: "n" });
    const writer = await tenant.withScopes("customers:read", "customers:write", "settings:write", "work:write");
    for (const answer of [
      await create(writer, kind, { code: "D", name: "n" }),
      await update(writer, kind, "C", { name: "x" }),
      await changeCode(writer, kind, "C", "D"),
      await remove(writer, kind, "C"),
    ]) {
      expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    }
    expect(await list(tenant)).toMatchObject([{ code: "C", name: "n" }]);
  });
});

test("the default status follows the one that is deleted: to the heir, else to none", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, "CustomerStatus", { code: "A", name: "n" });
  await create(tenant, "CustomerStatus", { code: "B", name: "n" });
  const defaultStatus = async (): Promise<unknown> =>
    (await tenant.run("{ settings { defaultStatus } }")).settings.defaultStatus;
  await tenant.run(`mutation { updateSettings(input: { defaultStatus: "A" }) { defaultStatus } }`);
  await changeCode(tenant, "CustomerStatus", "A", "A-2");
  expect(await defaultStatus()).toBe("A-2");
  await remove(tenant, "CustomerStatus", "A-2", "B");
  expect(await defaultStatus()).toBe("B");
  expect(await aCustomer(tenant)).toMatchObject({ status: { code: "B" } });
  await tenant.run(`mutation { deleteCustomer(by: { code: "C-10001" }) { id } }`);
  await remove(tenant, "CustomerStatus", "B");
  expect(await defaultStatus()).toBeNull();
  expect(await aCustomer(tenant)).toMatchObject({ status: null });
});

test("gives hundreds of customers another term in as many statements as two", async () => {
  const tenant = await gateway.aTenant();
  const measure = async (customers: number): Promise<number> => {
    await create(tenant, "Branch", { code: "GOES", name: "n" });
    const rows = Array.from({ length: customers }, () => ({ branch: "GOES" }));
    await tenant.run("mutation($rows: [CustomerInput!]!) { upsertCustomers(input: $rows) { id } }", { rows });
    const { statements } = await remove(tenant, "Branch", "GOES", "HEIR");
    return statements.length;
  };
  await create(tenant, "Branch", { code: "HEIR", name: "n" });
  expect(await measure(300)).toBe(await measure(2));
  const rows = await stored(
    gateway.database,
    "select 1 from customer_changes where tenant_id = $1 and action = 'UPDATED'",
    [tenant.id],
  );
  expect(rows).toHaveLength(302);
});
