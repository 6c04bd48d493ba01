import { getNamedType, isCompositeType, isObjectType, type GraphQLField, type GraphQLObjectType } from "graphql";
import { makeWhole, type WholeTenant } from "../../src/doctor/whole-tenant";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
let small: WholeTenant<TestTenant>;
let large: WholeTenant<TestTenant>;

beforeAll(async () => {
  gateway = await startGateway({ isReadPlannerOn: false });
  small = await makeWhole(gateway.app.database, await gateway.aTenant(), { customers: 3 });
  large = await makeWhole(gateway.app.database, await gateway.aTenant(), { customers: 12 });
});
afterAll(() => gateway.close());

test("A query over 50 customers with contacts, bank accounts, status, type, group, branch, custom fields, the first 3 work orders with their assets, and totals takes 12 SQL statements, as many for 5 customers as for 50", async () => {
  const tenant = await gateway.aTenant();
  await makeWhole(gateway.app.database, tenant, { customers: 50, terms: 7, workOrders: 4 });
  const query = `query ($first: Int!) {
    customers(first: $first) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id code name email phone tags address { city formatted } version
        contacts { name isPrimary }
        bankAccounts { bankName maskedAccountNumber }
        status { code name }
        type { code name }
        group { code name }
        branch { code name }
        customFields { field { code type } value }
        workOrders(first: 3) { totalCount nodes { code status asset { code name } } }
      }
    }
  }`;
  const of50 = await tenant.execute(query, { first: 50 });
  const of5 = await tenant.execute(query, { first: 5 });

  expect(of50.errors).toBeUndefined();
  expect(of50.data.customers.totalCount).toBe(50);
  expect(of50.data.customers.nodes).toHaveLength(50);
  for (const customer of of50.data.customers.nodes) {
    expect(customer).toMatchObject({
      contacts: [{ isPrimary: true }, { isPrimary: false }],
      bankAccounts: [{ bankName: tenant.code }],
      status: { name: `${tenant.code} s` },
      type: { name: `${tenant.code} t` },
      group: { name: `${tenant.code} g` },
      branch: { name: `${tenant.code} b` },
      workOrders: { totalCount: 4 },
    });
    expect(customer.customFields).toHaveLength(6);
    expect(customer.workOrders.nodes).toHaveLength(3);
    expect(customer.workOrders.nodes[0].asset.name).toBe(`${tenant.code} asset`);
  }
  expect(of5.data.customers.nodes).toEqual(of50.data.customers.nodes.slice(0, 5));
  expect(of50.statements).toHaveLength(12);
  expect(of5.statements).toEqual(of50.statements);
});

/** How the objects of a type are reached, many at once, and how many statements that takes by itself. */
const WAYS: Record<string, { way: (selection: string) => string; statements: number }> = {
  Customer: { way: (s) => `{ customers { nodes { ${s} } } }`, statements: 1 },
  CustomerEdge: { way: (s) => `{ customers { edges { ${s} } } }`, statements: 1 },
  CustomerPage: { way: (s) => `{ customerPage { ${s} } }`, statements: 0 },
  PageInfo: { way: (s) => `{ customers { nodes { assets { pageInfo { ${s} } } } } }`, statements: 2 },
  Address: { way: (s) => `{ customers { nodes { address { ${s} } billingAddress { ${s} } } } }`, statements: 1 },
  Deletion: { way: (s) => `{ customers { nodes { deletion { ${s} } } } }`, statements: 2 },
  DeletionBlocker: { way: (s) => `{ customers { nodes { deletion { blockers { ${s} } } } } }`, statements: 2 },
  CustomerChange: { way: (s) => `{ customers { nodes { history { nodes { ${s} } } } } }`, statements: 2 },
  CustomerChangeEdge: { way: (s) => `{ customers { nodes { history { edges { ${s} } } } } }`, statements: 2 },
  CustomerChangeConnection: { way: (s) => `{ customers { nodes { history { ${s} } } } }`, statements: 1 },
  FieldChange: { way: (s) => `{ customers { nodes { history { nodes { fields { ${s} } } } } } }`, statements: 2 },
  CustomerDuplicate: { way: (s) => `{ customerDuplicates(by: { code: "K-1" }) { ${s} } }`, statements: 2 },
  Contact: { way: (s) => `{ customers { nodes { contacts { ${s} } } } }`, statements: 2 },
  BankAccount: { way: (s) => `{ customers { nodes { bankAccounts { ${s} } } } }`, statements: 2 },
  CustomFieldValue: { way: (s) => `{ customers { nodes { customFields { ${s} } } } }`, statements: 2 },
  CustomerField: { way: (s) => `{ customerFields { ${s} } }`, statements: 1 },
  CustomerStatus: { way: (s) => `{ customerStatuses { ${s} } }`, statements: 1 },
  CustomerType: { way: (s) => `{ customerTypes { ${s} } }`, statements: 1 },
  CustomerGroup: { way: (s) => `{ customerGroups { ${s} } }`, statements: 1 },
  Branch: { way: (s) => `{ branches { ${s} } }`, statements: 1 },
  Asset: { way: (s) => `{ assets { nodes { ${s} } } }`, statements: 1 },
  AssetEdge: { way: (s) => `{ customers { nodes { assets { edges { ${s} } } } } }`, statements: 2 },
  WorkOrder: { way: (s) => `{ workOrders { nodes { ${s} } } }`, statements: 1 },
  WorkOrderEdge: { way: (s) => `{ assets { nodes { workOrders { edges { ${s} } } } } }`, statements: 2 },
  Contract: { way: (s) => `{ contracts { nodes { ${s} } } }`, statements: 1 },
  ContractEdge: { way: (s) => `{ customers { nodes { contracts { edges { ${s} } } } } }`, statements: 2 },
  Invoice: { way: (s) => `{ invoices { nodes { ${s} } } }`, statements: 1 },
  InvoiceEdge: { way: (s) => `{ customers { nodes { invoices { edges { ${s} } } } } }`, statements: 2 },
  // Connections by the customer's lists; for the root list of each there is a test of its own.
  CustomerConnection: { way: (s) => `{ customers { ${s} } }`, statements: 0 },
  AssetConnection: { way: (s) => `{ customers { nodes { assets { ${s} } } } }`, statements: 1 },
  WorkOrderConnection: { way: (s) => `{ customers { nodes { workOrders { ${s} } } } }`, statements: 1 },
  ContractConnection: { way: (s) => `{ customers { nodes { contracts { ${s} } } } }`, statements: 1 },
  InvoiceConnection: { way: (s) => `{ customers { nodes { invoices { ${s} } } } }`, statements: 1 },
  TenantSettings: { way: (s) => `{ settings { ${s} } }`, statements: 1 },
  Viewer: { way: (s) => `{ viewer { ${s} } }`, statements: 0 },
  Tenant: { way: (s) => `{ viewer { tenant { ${s} } } }`, statements: 0 },
};

/** The fields that take a statement, one for all parents together; all others take none. */
const ONE_MORE: Record<string, readonly string[]> = {
  Customer: [
    "previousCodes",
    "branch",
    "status",
    "type",
    "group",
    "contacts",
    "primaryContact",
    "bankAccounts",
    "customFields",
    "customField",
    "deletion",
  ],
  Contact: ["customer"],
  Asset: ["customer"],
  BankAccount: ["customer", "accountNumber"], // that it was shown is recorded
  WorkOrder: ["customer", "asset"],
  Contract: ["customer"],
  Invoice: ["customer"],
  CustomerStatus: ["customerCount"],
  CustomerType: ["customerCount"],
  CustomerGroup: ["customerCount"],
  Branch: ["customerCount"],
  CustomerPage: ["items", "totalCount", "totalPages"],
  TenantSettings: ["defaultStatus"],
  ...Object.fromEntries(
    ["Customer", "CustomerChange", "Asset", "WorkOrder", "Contract", "Invoice"].map((name) => [
      `${name}Connection`,
      ["nodes", "edges", "pageInfo", "totalCount"],
    ]),
  ),
};

/** A field with what it needs to be asked for. */
function selectionOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const code = args.some((argument) => argument.name === "code") ? `(code: "number")` : "";
  return `${name}${code}${isCompositeType(getNamedType(type)) ? " { __typename }" : ""}`;
}

const typesOf = ({ app }: TestGateway): GraphQLObjectType[] =>
  Object.values(app.schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("__") && !["Query", "Mutation"].includes(name));

test("every type of the schema has its counts here", () => {
  expect(Object.keys(WAYS).sort()).toEqual(
    typesOf(gateway)
      .map(({ name }) => name)
      .sort(),
  );
});

test.each(Object.entries(WAYS))(
  "a field of %s costs one statement for all parents or none, for 3 parents as for 12",
  async (typeName, { way, statements }) => {
    const type = gateway.app.schema.getType(typeName) as GraphQLObjectType;
    const measured: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const field of Object.values(type.getFields())) {
      const query = way(selectionOf(field));
      const few = await small.tenant.execute(query);
      const many = await large.tenant.execute(query);
      expect({ query, errors: many.errors ?? few.errors }).toEqual({ query, errors: undefined });
      const isCharged = ONE_MORE[typeName]?.includes(field.name) ?? false;
      // Nothing would be cheap because there is nothing.
      if (isCharged) expect(JSON.stringify(many.data)).not.toMatch(/null|\[\]/);
      measured[field.name] = [few.statements.length, many.statements.length];
      expected[field.name] = Array(2).fill(statements + (isCharged ? 1 : 0));
    }
    expect(measured).toEqual(expected);
  },
);

const ROOT_CONNECTIONS = ["customers", "assets", "workOrders", "contracts", "invoices"];

test.each(ROOT_CONNECTIONS)("%s reads its page once, and its count only when asked for", async (list) => {
  const page = await large.tenant.execute(
    `{ ${list}(first: 2) { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage } } }`,
  );
  expect(page.data[list].nodes).toHaveLength(2);
  expect(page.statements).toHaveLength(1);
  const both = await large.tenant.execute(`{ ${list}(first: 2) { nodes { id } totalCount } }`);
  expect(both.statements).toHaveLength(2);
});

test.each(ROOT_CONNECTIONS)("{ %s { totalCount } } alone reads no rows", async (list) => {
  const { data, statements } = await large.tenant.execute(`{ ${list} { totalCount } }`);
  expect(data).toEqual({ [list]: { totalCount: 12 } });
  expect(statements).toEqual([expect.stringMatching(/^select count\(\*\)::int as count from \w+ t where/)]);
});

test("a connection or a page of which no entries are asked for takes no statement", async () => {
  const { statements } = await large.tenant.execute("{ customers { __typename nodes { assets { __typename } } } }");
  expect(statements).toHaveLength(1);
  expect((await large.tenant.execute("{ customers { __typename } customerPage { page perPage } }")).statements).toEqual(
    [],
  );
});

test.each([
  [`customer(by: { code: "k-1" })`, 1],
  [`customer(by: { code: "OLD-K-1" })`, 1],
  ["contact(id: $id)", 1],
  ["bankAccount(id: $id)", 1],
  ["asset(id: $id)", 1],
  ["workOrder(id: $id)", 1],
  ["contract(id: $id)", 1],
  ["invoice(id: $id)", 1],
])("%s takes one statement", async (field, count) => {
  const query = field.includes("$id") ? `query ($id: ID!) { ${field} { id } }` : `{ ${field} { id } }`;
  const idOf: Record<string, string | undefined> = {
    contact: large.customers[0]?.contacts[0]?.id,
    bankAccount: large.customers[0]?.bankAccounts[0]?.id,
    asset: large.assets[0]?.id,
    workOrder: large.workOrders[0]?.id,
    contract: large.contracts[0]?.id,
    invoice: large.invoices[0]?.id,
  };
  const name = field.split("(")[0] ?? "";
  const { data, statements } = await large.tenant.execute(query, { id: idOf[name] });
  expect(data[name].id).toEqual(expect.any(String));
  expect(statements).toHaveLength(count);
});

test("the duplicates of a customer take two statements, for 2 as for 11", async () => {
  const query = `{ customerDuplicates(by: { code: "K-1" }) { reasons customer { name } } }`;
  const few = await small.tenant.execute(query);
  const many = await large.tenant.execute(query);
  expect([few.data.customerDuplicates.length, many.data.customerDuplicates.length]).toEqual([2, 11]);
  expect([few.statements.length, many.statements.length]).toEqual([2, 2]);
});

test("every field of Query has a count here", () => {
  const counted = [
    ...ROOT_CONNECTIONS,
    ..."viewer settings customer customerDuplicates customerPage customerStatuses customerTypes customerGroups customerFields branches".split(
      " ",
    ),
    ..."contact bankAccount asset workOrder contract invoice".split(" "),
  ];
  expect(Object.keys(gateway.app.schema.getQueryType()?.getFields() ?? {}).sort()).toEqual(counted.sort());
});

test("the same nested list twice, in other words, is read once; another page or filter of it takes one more statement", async () => {
  const query = (more: string): string =>
    `{ customers { nodes { a: workOrders { nodes { id } totalCount } b: workOrders(first: 20) { nodes { code } totalCount } ${more} } } }`;
  expect((await large.tenant.execute(query(""))).statements).toHaveLength(3);
  expect(
    (await large.tenant.execute(query("c: workOrders(first: 1) { nodes { id } totalCount }"))).statements,
  ).toHaveLength(4);
  const filtered = query("c: workOrders(filter: { active: false }) { nodes { id } totalCount }");
  expect((await large.tenant.execute(filtered)).statements).toHaveLength(5);
});

test("contacts and primary contact share a statement, as do customFields and every customField", async () => {
  const { data, statements } = await large.tenant.execute(`{ customers { nodes {
    contacts { id } primaryContact { id }
    customFields { value } number: customField(code: "NUMBER") date: customField(code: "date")
  } } }`);
  expect(data.customers.nodes[0]).toMatchObject({ number: 12.5, date: "2026-03-14" });
  expect(statements).toHaveLength(3);
});

test("the way down through four relations takes a statement a level, whatever its width", async () => {
  const query =
    "{ customers { nodes { workOrders { nodes { asset { workOrders { nodes { customer { name } } } } } } } } }";
  const few = await small.tenant.execute(query);
  const many = await large.tenant.execute(query);
  expect(few.errors ?? many.errors).toBeUndefined();
  expect([few.statements.length, many.statements.length]).toEqual([5, 5]);
});
