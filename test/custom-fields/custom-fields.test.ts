import { aCustomer, readCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

const FIELD = "id code name description type options required";

const create = (tenant: TestTenant, input: object): Promise<Answer<any>> =>
  tenant.execute(`mutation($input: CustomerFieldInput!) { field: createCustomerField(input: $input) { ${FIELD} } }`, {
    input: { name: "n", ...input },
  });
const update = (tenant: TestTenant, code: string, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($code: String!, $input: CustomerFieldPatch!) { field: updateCustomerField(code: $code, input: $input) { ${FIELD} } }`,
    { code, input },
  );
const changeCode = (tenant: TestTenant, from: string, to: string): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($from: String!, $to: String!) { field: changeCustomerFieldCode(from: $from, to: $to) { ${FIELD} } }`,
    { from, to },
  );
const remove = (tenant: TestTenant, code: string, discardValues?: boolean): Promise<Answer<any>> =>
  tenant.execute(
    "mutation($code: String!, $discardValues: Boolean! = false) { id: deleteCustomerField(code: $code, discardValues: $discardValues) }",
    { code, discardValues },
  );
const setValue = (tenant: TestTenant, id: string, field: string, value: unknown): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($id: ID!, $field: String!, $value: JSON) {
      updateCustomer(by: { id: $id }, input: { customFields: [{ field: $field, value: $value }] }) {
        version customFields { field { code } value } customField(code: $field)
      }
    }`,
    { id, field, value },
  );
const trash = (tenant: TestTenant, id: string): Promise<unknown> =>
  tenant.run("mutation($id: ID!) { deleteCustomer(by: { id: $id }) { id } }", { id });
const restore = (tenant: TestTenant, id: string): Promise<unknown> =>
  tenant.run("mutation($id: ID!) { restoreCustomer(by: { id: $id }) { id } }", { id });
const problemsOf = ({ errors }: Answer<any>): unknown =>
  errors?.[0]?.extensions.problems?.map(({ path, code }) => [path.join("."), code]);
const list = async (tenant: TestTenant): Promise<any[]> =>
  (await tenant.run(`{ customerFields { ${FIELD} } }`)).customerFields;

const options = ["S", "M"];
test.each([
  ["TEXT", {}, ["x", "é".repeat(2000), "x".repeat(4000)], [1, true, ["x"], { a: 1 }, "x".repeat(4001)]],
  ["NUMBER", {}, [0, -1.5, 1e300, 0.1], ["1", true, [1]]],
  ["BOOLEAN", {}, [true, false], ["true", 0, [true]]],
  [
    "DATE",
    {},
    ["2024-02-29", "1900-01-01"],
    ["2023-02-29", "2023-1-1", "0000-01-01", "10000-01-01", "2024-02-29T00:00:00Z", 20240229],
  ],
  ["SELECT", { options }, ["S", "M"], ["s", "L", ["S"], 1]],
  ["MULTI_SELECT", { options }, [["S"], ["M", "S"]], ["S", ["L"], ["S", "S"], [["S"]], [null]]],
])("a field of type %s takes its own values only, and gives them back as they came", async (type, more, good, bad) => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "F", type, ...more });
  const { id } = await aCustomer(tenant);
  for (const value of good) {
    const { data } = await setValue(tenant, id, "f", value);
    expect(data.updateCustomer).toMatchObject({ customFields: [{ field: { code: "F" }, value }], customField: value });
  }
  const before = await digest(gateway.database);
  for (const value of bad) {
    const answer = await setValue(tenant, id, "f", value);
    expect([value, problemsOf(answer)]).toEqual([value, [["input.customFields.0.value", "WRONG_FIELD_VALUE"]]]);
  }
  expect(await digest(gateway.database)).toEqual(before);
  const { data } = await setValue(tenant, id, "F", null);
  expect(data.updateCustomer).toMatchObject({ customFields: [], customField: null });
  expect(await stored(gateway.database, "select 1 from customer_field_values where customer_id = $1", [id])).toEqual(
    [],
  );
});

test("is made and changed; those that are there are listed in the order made", async () => {
  const tenant = await gateway.aTenant();
  const b = await create(tenant, { code: "b", name: "B", type: "SELECT", options: ["x", " y "], required: true });
  const a = await create(tenant, { code: "a", name: "A", description: "d" });
  expect(b.data.field).toEqual({
    id: expect.any(String),
    code: "b",
    name: "B",
    description: null,
    type: "SELECT",
    options: ["x", "y"],
    required: true,
  });
  expect(a.data.field).toMatchObject({ type: "TEXT", options: [], required: false });
  const same = await update(tenant, "B", {});
  expect(same.data.field).toEqual(b.data.field);
  const changed = await update(tenant, "B", { name: "Bee", options: ["y", "z"], required: false, description: "d" });
  expect(changed.data.field).toMatchObject({ name: "Bee", options: ["y", "z"], required: false, description: "d" });
  expect((await list(tenant)).map(({ code }) => code)).toEqual(["b", "a"]);
});

test("options belong to choices: needed there, not allowed elsewhere, none twice", async () => {
  const tenant = await gateway.aTenant();
  const at = "input.options";
  expect(problemsOf(await create(tenant, { code: "f", type: "SELECT" }))).toEqual([[at, "OPTIONS_REQUIRED"]]);
  expect(problemsOf(await create(tenant, { code: "f", type: "MULTI_SELECT", options: [" "] }))).toEqual([
    [at, "OPTIONS_REQUIRED"],
  ]);
  expect(problemsOf(await create(tenant, { code: "f", type: "TEXT", options: ["a"] }))).toEqual([
    [at, "OPTIONS_NOT_ALLOWED"],
  ]);
  expect(problemsOf(await create(tenant, { code: "f", type: "SELECT", options: ["a", "a "] }))).toEqual([
    [at, "DUPLICATE"],
  ]);
  expect(problemsOf(await create(tenant, { code: "f", type: "SELECT", options: ["a", "b".repeat(201)] }))).toEqual([
    [at, "TOO_LONG"],
  ]);
  const many = Array.from({ length: 501 }, (_, index) => `o${index}`);
  expect(problemsOf(await create(tenant, { code: "f", type: "SELECT", options: many }))).toEqual([[at, "TOO_MANY"]]);
  expect((await create(tenant, { code: "f", type: "SELECT", options: many.slice(1) })).errors).toBeUndefined();
  expect(problemsOf(await update(tenant, "f", { options: null }))).toEqual([[at, "OPTIONS_REQUIRED"]]);
  expect(problemsOf(await update(tenant, "f", { type: "TEXT", options: ["a"] }))).toEqual([
    [at, "OPTIONS_NOT_ALLOWED"],
  ]);
  const text = await update(tenant, "f", { type: "TEXT" });
  expect(text.data.field).toMatchObject({ type: "TEXT", options: [] });
  expect(problemsOf(await update(tenant, "f", { type: "SELECT" }))).toEqual([[at, "OPTIONS_REQUIRED"]]);
});

test("changes its type only while no customer has a value, those in the trash included", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "f" });
  const { id } = await aCustomer(tenant, { customFields: [{ field: "f", value: "x" }] });
  const refused = async (): Promise<void> => {
    const { errors } = await update(tenant, "f", { type: "NUMBER", name: "x" });
    expect(errors).toMatchObject([{ message: expect.stringContaining("1 "), extensions: { code: "CONFLICT" } }]);
  };
  await refused();
  await trash(tenant, id);
  await refused();
  await restore(tenant, id);
  expect((await update(tenant, "f", { type: "TEXT", name: "Same type" })).errors).toBeUndefined();
  await setValue(tenant, id, "f", null);
  const { data } = await update(tenant, "f", { type: "NUMBER" });
  expect(data.field).toMatchObject({ type: "NUMBER", name: "Same type" });
  expect((await setValue(tenant, id, "f", 7)).data.updateCustomer.customField).toBe(7);
});

test("an option can go only while no customer has it, whatever is added", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "one", type: "SELECT", options: ["a", "b", "c"] });
  await create(tenant, { code: "many", type: "MULTI_SELECT", options: ["a", "b", "c"] });
  const { id } = await aCustomer(tenant, {
    customFields: [
      { field: "one", value: "a" },
      { field: "many", value: ["a", "b"] },
    ],
  });
  for (const [code, left, named] of [
    ["one", ["b", "c"], '"a"'],
    ["many", ["c", "d"], '"a", "b"'],
  ] as const) {
    const { errors } = await update(tenant, code, { options: left });
    expect(errors).toMatchObject([{ message: expect.stringContaining(named), extensions: { code: "CONFLICT" } }]);
  }
  await trash(tenant, id);
  expect((await update(tenant, "one", { options: ["b"] })).errors).toMatchObject([
    { extensions: { code: "CONFLICT" } },
  ]);
  await restore(tenant, id);
  expect((await update(tenant, "one", { options: ["d", "a"] })).data.field.options).toEqual(["d", "a"]);
  expect((await update(tenant, "many", { options: ["b", "a"] })).data.field.options).toEqual(["b", "a"]);
  expect(await readCustomer(tenant, { id })).toMatchObject({ customFields: [{ value: "a" }, { value: ["a", "b"] }] });
});

test("is not deleted while customers have a value, unless these may be lost", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "Goes" });
  await create(tenant, { code: "stays" });
  const customFields = [
    { field: "goes", value: "lost" },
    { field: "stays", value: "kept" },
  ];
  const carriers = [await aCustomer(tenant, { customFields }), await aCustomer(tenant, { customFields })];
  const bare = await aCustomer(tenant, { customFields: [{ field: "stays", value: "kept" }] });
  const before = await digest(gateway.database);
  for (const discardValues of [undefined, false]) {
    const { errors } = await remove(tenant, "GOES", discardValues);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^2 .*discardValues/), extensions: { code: "CONFLICT" } },
    ]);
  }
  expect(await digest(gateway.database)).toEqual(before);
  const [{ id: fieldId }] = await list(tenant);

  const { data } = await remove(tenant, "GOES", true);

  expect(data.id).toBe(fieldId);
  for (const { id } of carriers) {
    expect(await readCustomer(tenant, { id })).toMatchObject({
      customFields: [{ field: { code: "stays" }, value: "kept" }],
      version: 2,
    });
  }
  expect(await readCustomer(tenant, { id: bare.id })).toMatchObject({ version: 1 });
  const { customer } = await tenant.run(
    "query($id: ID!) { customer(by: { id: $id }) { history(first: 1) { nodes { action fields { path before after } } } } }",
    { id: carriers[0].id },
  );
  expect(customer.history.nodes).toEqual([
    { action: "UPDATED", fields: [{ path: ["customFields", "Goes"], before: "lost", after: null }] },
  ]);
  const filter = await tenant.execute(
    `{ customers(filter: { customFields: [{ field: "goes", eq: "lost" }] }) { totalCount } }`,
  );
  expect(problemsOf(filter)).toEqual([["filter.customFields.0.field", "UNKNOWN_FIELD"]]);
  // The code is free, and brings nothing back.
  await create(tenant, { code: "Goes" });
  expect(await readCustomer(tenant, { id: carriers[0].id })).toMatchObject({ customFields: [{ value: "kept" }] });
});

test("values of customers in the trash do not hold a field, and are lost with it", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "goes" });
  const { id } = await aCustomer(tenant, { customFields: [{ field: "goes", value: "x" }] });
  await trash(tenant, id);
  expect((await remove(tenant, "goes")).errors).toBeUndefined();
  await restore(tenant, id);
  expect(await readCustomer(tenant, { id })).toMatchObject({ customFields: [] });
});

test("to choose nothing is to have no value", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "f", type: "MULTI_SELECT", options: ["a"] });
  const none = await aCustomer(tenant, { customFields: [{ field: "f", value: [] }] });
  const { id } = await aCustomer(tenant, { customFields: [{ field: "f", value: ["a"] }] });
  const cleared = await setValue(tenant, id, "f", []);
  expect(cleared.data.updateCustomer).toEqual({ version: 2, customFields: [], customField: null });
  expect(none.customFields).toEqual([]);
  await setValue(tenant, id, "f", ["a"]);
  await update(tenant, "f", { required: true });
  expect(problemsOf(await setValue(tenant, id, "f", []))).toEqual([["input.customFields.0.value", "REQUIRED"]]);
});

test("a change of its code keeps all values, and no customer changes", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "old" });
  const taken = await create(tenant, { code: "Taken" });
  const { id } = await aCustomer(tenant, { customFields: [{ field: "old", value: "x" }] });
  expect((await changeCode(tenant, "old", "TAKEN")).errors).toMatchObject([
    { extensions: { code: "CONFLICT", existing: { id: taken.data.field.id, code: "Taken" } } },
  ]);
  expect((await create(tenant, { code: "OLD" })).errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  expect((await changeCode(tenant, "OLD", " new ")).data.field.code).toBe("new");
  expect(await readCustomer(tenant, { id })).toMatchObject({
    customFields: [{ field: { code: "new" }, value: "x" }],
    version: 1,
  });
  const { customers } = await tenant.run(
    `{ customers(filter: { customFields: [{ field: "NEW", eq: "x" }] }) { totalCount } }`,
  );
  expect(customers.totalCount).toBe(1);
  expect((await changeCode(tenant, "old", "x")).errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
  expect((await changeCode(tenant, "new", "NEW")).data.field.code).toBe("NEW");
});

test("what cannot be null is not cleared, and every problem is named", async () => {
  const tenant = await gateway.aTenant();
  await create(tenant, { code: "f" });
  expect(
    problemsOf(await update(tenant, "f", { name: null, type: null, required: null, description: "d".repeat(2001) })),
  ).toEqual([
    ["input.name", "REQUIRED"],
    ["input.type", "NULL_NOT_ALLOWED"],
    ["input.required", "NULL_NOT_ALLOWED"],
    ["input.description", "TOO_LONG"],
  ]);
  expect(problemsOf(await create(tenant, { code: "", name: "" }))).toEqual([
    ["input.code", "REQUIRED"],
    ["input.name", "REQUIRED"],
  ]);
});

test("another tenant's is as unknown as one that never was; taxonomy:write is needed", async () => {
  const tenant = await gateway.aTenant();
  const other = await gateway.aTenant();
  await create(other, { code: "foreign" });
  const { id } = await aCustomer(tenant);
  for (const answer of [
    await update(tenant, "foreign", { name: "x" }),
    await changeCode(tenant, "foreign", "x"),
    await remove(tenant, "foreign", true),
  ]) {
    expect(answer.errors).toMatchObject([{ message: "CustomerField not found.", extensions: { code: "NOT_FOUND" } }]);
  }
  const answer = await setValue(tenant, id, "foreign", "x");
  expect(problemsOf(answer)).toEqual([["input.customFields.0.field", "UNKNOWN_FIELD"]]);
  expect(JSON.stringify(answer.errors).replace("There is no custom field", "")).not.toContain("foreign");
  const writer = await other.withScopes("customers:read", "customers:write");
  for (const refused of [
    await create(writer, { code: "x" }),
    await update(writer, "foreign", { name: "x" }),
    await changeCode(writer, "foreign", "x"),
    await remove(writer, "foreign"),
  ]) {
    expect(refused.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  }
  expect(await list(other)).toMatchObject([{ code: "foreign", name: "n" }]);
});

test("discards the values of hundreds of customers in as many statements as of two", async () => {
  const tenant = await gateway.aTenant();
  const measure = async (customers: number): Promise<number> => {
    await create(tenant, { code: "f" });
    const rows = Array.from({ length: customers }, () => ({ customFields: [{ field: "f", value: "x" }] }));
    await tenant.run("mutation($rows: [CustomerInput!]!) { upsertCustomers(input: $rows) { id } }", { rows });
    return (await remove(tenant, "f", true)).statements.length;
  };
  expect(await measure(300)).toBe(await measure(2));
});
