import {
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
} from "graphql";
import { aTaxonomy, FULL_INPUT } from "../support/customers";
import { type TestTenant } from "../support/gateway";

/** A field that takes arguments, and how to ask for it. */
export interface Call {
  readonly name: string;
  readonly isMutation: boolean;
  readonly args: readonly GraphQLArgument[];
  /** The operation; its variables are called as the arguments. */
  readonly operation: string;
}

/** Every field of the schema that takes arguments: mutations, queries, and those of the types that queries lead to. */
export function callsOf(schema: GraphQLSchema): Call[] {
  const root = (type: string): Call[] =>
    fieldsOf(schema, type)
      .filter(({ args }) => args.length > 0)
      .map((field) => {
        const keyword = type.toLowerCase();
        const operation = `${keyword}(${declared(field)}) { ${asked(field)} ${selection(field.type)} }`;
        return { name: field.name, isMutation: type === "Mutation", args: field.args, operation };
      });
  const nested = Object.keys(schema.getTypeMap())
    .filter((type) => type !== "Mutation" && type !== "Query" && !type.startsWith("__"))
    .flatMap((type) =>
      fieldsOf(schema, type)
        .filter(({ args }) => args.length > 0)
        .map((field) => {
          const way = WAYS[type];
          if (!way) throw new Error(`There is no way to ask for ${type}.${field.name}`);
          const operation = `query(${declared(field)}) { ${way(`${asked(field)} ${selection(field.type)}`)} }`;
          return { name: `${type}.${field.name}`, isMutation: false, args: field.args, operation };
        }),
    );
  return [...root("Mutation"), ...root("Query"), ...nested];
}

/** How to ask for a field of a type. */
const WAYS: Readonly<Record<string, (field: string) => string>> = {
  Customer: (field) => `customer(by: { code: "BASE" }) { ${field} }`,
  Asset: (field) => `assets { nodes { ${field} } }`,
};

function fieldsOf(schema: GraphQLSchema, name: string): GraphQLField<unknown, unknown>[] {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
}

const declared = ({ args }: GraphQLField<unknown, unknown>): string =>
  args.map(({ name, type, defaultValue }) => `$${name}: ${String(type)}${defaulted(defaultValue)}`).join(", ");
const defaulted = (value: unknown): string => (value === undefined ? "" : ` = ${JSON.stringify(value)}`);
const asked = ({ name, args }: GraphQLField<unknown, unknown>): string =>
  `${name}(${args.map((arg) => `${arg.name}: $${arg.name}`).join(", ")})`;

/** What costs much to read, or leads back. */
const LEFT_OUT = new Set(["history", "deletion", "mergedInto", "primaryContact", "customerCount"]);

/** Everything without arguments, a level deep. */
function selection(type: GraphQLOutputType, depth = 1): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return "";
  if (named.name.endsWith("Connection")) return "{ totalCount nodes { id } }";
  if (!isObjectType(named)) throw new Error(`${named.name} is no object`);
  const fields = Object.values(named.getFields())
    .filter(
      ({ name, args }) =>
        !LEFT_OUT.has(name) && !args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined),
    )
    .filter(
      ({ type: of }) => isLeafType(getNamedType(of)) || (depth > 0 && !getNamedType(of).name.endsWith("Connection")),
    )
    .filter(({ name }) => name !== "customer" || depth > 1);
  return `{ ${fields.map(({ name, type: of }) => `${name} ${selection(of, depth - 1)}`).join(" ")} }`;
}

type Variables = Record<string, unknown>;

/** A tenant with something of everything. */
export interface Fixture {
  readonly tenant: TestTenant;
  /** The n-th name that was asked for; no two are the same. */
  readonly unique: () => string;
  /** Makes a customer. */
  readonly customer: (input?: object) => Promise<any>;
  /** Runs a mutation that makes something, and answers with it. */
  readonly make: (mutation: string) => Promise<any>;
}

export async function aFixture(tenant: TestTenant): Promise<Fixture> {
  let count = 0;
  const unique = (): string => `Code-${++count}`;
  const make: Fixture["make"] = async (mutation) => (await tenant.run(`mutation { made: ${mutation} }`)).made;
  const customer: Fixture["customer"] = async (input = {}) => {
    const { made } = await tenant.run(
      `mutation($input: CustomerInput!) { made: createCustomer(input: $input) { id code version contacts { id } bankAccounts { id } } }`,
      { input: { code: unique(), ...input } },
    );
    return made;
  };
  await aTaxonomy(tenant);
  await tenant.run(`mutation {
    createCustomer(input: { code: "BASE" }) { id }
    createAsset(customer: { code: "BASE" }, input: { name: "Boiler" }) { id }
    createWorkOrder(customer: { code: "BASE" }, input: { title: "t" }) { id }
    createContract(customer: { code: "BASE" }, input: { title: "t" }) { id }
    createInvoice(customer: { code: "BASE" }, input: { amount: "1", currency: "EUR" }) { id }
    createCustomerStatus(input: { code: "HEIR", name: "n" }) { id }
    createCustomerType(input: { code: "HEIR", name: "n" }) { id }
    createCustomerGroup(input: { code: "HEIR", name: "n" }) { id }
    createBranch(input: { code: "HEIR", name: "n" }) { id }
  }`);
  return { tenant, unique, customer, make };
}

const ADDRESS = {
  country: "VN",
  state: "HN",
  city: "Hanoi",
  district: "Ba Dinh",
  ward: "Kim Ma",
  street: "Kim Ma 1",
  building: "B",
  premise: "2",
  subPremise: "3",
  postalCode: "10000",
};

/** A whole input; entries of lists have ids where there are such. */
const whole = ({ contacts: [contact] = [], bankAccounts: [account] = [] }: any = {}): Variables => ({
  ...FULL_INPUT,
  phoneRegion: "VN",
  tags: ["vip"],
  phones: ["+84912345678"],
  address: ADDRESS,
  billingAddress: ADDRESS,
  contacts: [{ ...contact, name: "Bo", title: "CEO", email: "bo@example.com", phone: "+84912345679", isPrimary: true }],
  bankAccounts: [
    { ...account, bankCode: "VCB", bankName: "Vietcombank", accountHolderName: "Acme", accountNumber: "0011002233445" },
  ],
  customFields: [{ field: "industry", value: "Steel" }],
});

const PARTS = { contacts: [{ name: "Bo" }], bankAccounts: [{ accountNumber: "12345678" }] };

const STRING_FILTER = { eq: "a", in: ["a"], startsWith: "a", contains: "a", isNull: false };
const INSTANTS = { from: "2020-01-01T00:00:00Z", before: "2030-01-01T00:00:00Z" };
const CUSTOMER_FILTER = {
  and: [{ search: "a" }],
  or: [{ search: "a", id: ["0197c3a0-0000-7000-8000-000000000001"] }],
  not: { search: "a", customFields: [{ field: "industry", eq: "x" }] },
  search: "a",
  id: ["0197c3a0-0000-7000-8000-000000000001"],
  code: STRING_FILTER,
  name: STRING_FILTER,
  email: STRING_FILTER,
  taxId: STRING_FILTER,
  phone: "+84912345678",
  kind: "COMPANY",
  status: ["LEAD"],
  type: ["RETAIL"],
  group: ["KEY"],
  branch: ["HN"],
  tag: ["vip"],
  country: ["VN"],
  createdAt: INSTANTS,
  updatedAt: INSTANTS,
  customFields: [{ field: "employees", eq: 1, in: [1], gte: 1, lt: 2, isSet: true }],
  hasActiveWorkOrders: true,
  trash: "INCLUDE",
};
const WORK_ORDER_FILTER = {
  customer: { code: "BASE" },
  asset: "0197c3a0-0000-7000-8000-000000000001",
  status: ["OPEN"],
  priority: ["LOW"],
  active: true,
  scheduledAt: INSTANTS,
};
const FILTERS = {
  assets: { customer: { code: "BASE" }, status: ["ACTIVE"], category: "Heating", search: "a" },
  workOrders: WORK_ORDER_FILTER,
  contracts: { customer: { code: "BASE" }, status: ["DRAFT"] },
  invoices: { customer: { code: "BASE" }, status: ["DRAFT"], dueOn: { from: "2020-01-01", before: "2030-01-01" } },
};
const ORDER = [{ field: "NAME", direction: "DESC" }];

const ASSET = {
  name: "Boiler",
  category: "Heating",
  manufacturer: "Acme",
  model: "X-1",
  serialNumber: "1",
  status: "ACTIVE",
  location: "Cellar",
  installedOn: "2020-01-01",
  warrantyUntil: "2030-01-01",
};
const WORK_ORDER = {
  title: "Repair",
  description: "Now.",
  status: "OPEN",
  priority: "LOW",
  scheduledAt: "2026-01-01T00:00:00Z",
};
const CONTRACT = { title: "Service", status: "DRAFT", startsOn: "2026-01-01", endsOn: "2026-12-31" };
const INVOICE = { status: "DRAFT", amount: "1.50", currency: "EUR", issuedOn: "2026-01-01", dueOn: "2026-12-31" };

/** Makes what a call that is right needs, and its variables. Run again after each success, which may have used it up. */
type Prepare = (fixture: Fixture) => Variables | Promise<Variables>;

const byId: Prepare = async ({ customer }) => ({ by: { id: (await customer()).id } });
const trashed: Prepare = async ({ customer, make }) => {
  const { id, code } = await customer();
  await make(`deleteCustomer(by: { id: "${id}" }) { id }`);
  return { by: { code } };
};
const withWork = async (
  { customer, make }: Fixture,
  mutation: string,
  input: string,
): Promise<{ id: string; customerId: string }> => {
  const { id: customerId } = await customer();
  const { id } = await make(`${mutation}(customer: { id: "${customerId}" }, input: ${input}) { id }`);
  return { id, customerId };
};
const created =
  (input: object): Prepare =>
  ({ unique }) => ({ customer: { code: "BASE" }, input: { code: unique(), ...input } });
const changed =
  (mutation: string, needed: string, input: object): Prepare =>
  async (fixture) => ({
    id: (await withWork(fixture, mutation, needed)).id,
    input: { code: fixture.unique(), ...input },
  });
const deleted =
  (mutation: string, needed: string): Prepare =>
  async (fixture) => ({ id: (await withWork(fixture, mutation, needed)).id });

const taxonomy = (kind: string, field: string): Record<string, Prepare> => {
  const aTerm = async ({ make, unique }: Fixture): Promise<string> =>
    (await make(`create${kind}(input: { code: "${unique()}", name: "n" }) { code }`)).code;
  return {
    [`create${kind}`]: ({ unique }) => ({ input: { code: unique(), name: "n", description: "d" } }),
    [`update${kind}`]: async (fixture) => ({ code: await aTerm(fixture), input: { name: "n", description: "d" } }),
    [`change${kind}Code`]: async (fixture) => ({ from: await aTerm(fixture), to: fixture.unique() }),
    [`delete${kind}`]: async (fixture) => {
      const code = await aTerm(fixture);
      await fixture.customer({ [field]: code });
      return { code, reassignTo: "HEIR" };
    },
  };
};

const aField = async ({ make, unique }: Fixture): Promise<string> =>
  (await make(`createCustomerField(input: { code: "${unique()}", name: "n" }) { code }`)).code;
const FIELD = { name: "n", type: "SELECT", options: ["option"], required: false, description: "d" };

const listed =
  (list: keyof typeof FILTERS): Prepare =>
  async ({ tenant }) => {
    const data = await tenant.run(`{ ${list} { pageInfo { endCursor } } }`);
    return { first: 10, after: data[list].pageInfo.endCursor, filter: FILTERS[list] };
  };
const ofBase = (list: keyof typeof FILTERS): Variables => ({ first: 10, filter: FILTERS[list] });

/** A call of each field that is right and gives something at every place. */
export const BASES: Readonly<Record<string, Prepare>> = {
  createCustomer: ({ unique }) => ({ input: { code: unique(), ...whole() }, validateOnly: true }),
  updateCustomer: async ({ customer }) => {
    const made = await customer(PARTS);
    return { by: { id: made.id }, input: whole(made), expectedVersion: 1, validateOnly: true };
  },
  replaceCustomer: async ({ customer, unique }) => {
    const made = await customer(PARTS);
    return {
      by: { code: made.code },
      input: { code: unique(), ...whole(made) },
      expectedVersion: 1,
      validateOnly: true,
    };
  },
  upsertCustomers: ({ unique }) => ({ input: [{ code: unique(), ...whole() }], validateOnly: true }),
  changeCustomerCode: async ({ customer, unique }) => ({ from: (await customer()).code, to: unique() }),
  deleteCustomer: async (fixture) => ({ ...(await byId(fixture)), expectedVersion: 1 }),
  restoreCustomer: trashed,
  purgeCustomer: trashed,
  mergeCustomers: async ({ customer }) => {
    const [keep, from] = [await customer(), await customer(PARTS)];
    return {
      keep: { id: keep.id },
      from: [{ code: from.code }],
      expectedVersions: [{ id: from.id, version: 1 }],
      validateOnly: true,
    };
  },
  createContact: () => ({
    customer: { code: "BASE" },
    input: { name: "Bo", title: "CEO", email: "bo@example.com", phone: "+84912345679", isPrimary: true },
  }),
  updateContact: async ({ customer }) => ({
    id: (await customer(PARTS)).contacts[0].id,
    input: { name: "Bo", title: "CEO", email: "bo@example.com", phone: "+84912345679", isPrimary: true },
  }),
  deleteContact: async ({ customer }) => ({ id: (await customer(PARTS)).contacts[0].id }),
  createBankAccount: () => ({
    customer: { code: "BASE" },
    input: { bankCode: "VCB", bankName: "Vietcombank", accountHolderName: "Acme", accountNumber: "12345678" },
  }),
  updateBankAccount: async ({ customer }) => ({
    id: (await customer(PARTS)).bankAccounts[0].id,
    input: { bankCode: "VCB", bankName: "Vietcombank", accountHolderName: "Acme", accountNumber: "87654321" },
  }),
  deleteBankAccount: async ({ customer }) => ({ id: (await customer(PARTS)).bankAccounts[0].id }),
  ...taxonomy("CustomerStatus", "status"),
  ...taxonomy("CustomerType", "type"),
  ...taxonomy("CustomerGroup", "group"),
  ...taxonomy("Branch", "branch"),
  createCustomerField: ({ unique }) => ({ input: { code: unique(), ...FIELD } }),
  updateCustomerField: async (fixture) => ({ code: await aField(fixture), input: FIELD }),
  changeCustomerFieldCode: async (fixture) => ({ from: await aField(fixture), to: fixture.unique() }),
  deleteCustomerField: async (fixture) => ({ code: await aField(fixture), discardValues: true }),
  createAsset: created(ASSET),
  updateAsset: changed("createAsset", `{ name: "n" }`, ASSET),
  deleteAsset: deleted("createAsset", `{ name: "n" }`),
  createWorkOrder: async (fixture) => {
    const { id: assetId, customerId } = await withWork(fixture, "createAsset", `{ name: "n" }`);
    return { customer: { id: customerId }, input: { code: fixture.unique(), ...WORK_ORDER, assetId } };
  },
  updateWorkOrder: async (fixture) => {
    const { id: assetId, customerId } = await withWork(fixture, "createAsset", `{ name: "n" }`);
    const { id } = await fixture.make(
      `createWorkOrder(customer: { id: "${customerId}" }, input: { title: "t" }) { id }`,
    );
    return { id, input: { code: fixture.unique(), ...WORK_ORDER, assetId } };
  },
  deleteWorkOrder: deleted("createWorkOrder", `{ title: "t" }`),
  createContract: created(CONTRACT),
  updateContract: changed("createContract", `{ title: "t" }`, CONTRACT),
  deleteContract: deleted("createContract", `{ title: "t" }`),
  createInvoice: created(INVOICE),
  updateInvoice: changed("createInvoice", `{ amount: "1", currency: "EUR" }`, INVOICE),
  deleteInvoice: deleted("createInvoice", `{ amount: "1", currency: "EUR" }`),
  updateSettings: () => ({
    input: {
      defaultRegion: "VN",
      codePrefix: "X-",
      defaultStatus: "LEAD",
      companyNeedsContact: false,
      requiredFields: ["NAME"],
    },
  }),
  customer: () => ({ by: { code: "BASE" } }),
  customers: async ({ tenant }) => {
    const { customers } = await tenant.run(
      "query($orderBy: [CustomerOrder!]) { customers(orderBy: $orderBy) { pageInfo { endCursor } } }",
      { orderBy: ORDER },
    );
    return { first: 10, after: customers.pageInfo.endCursor, filter: CUSTOMER_FILTER, orderBy: ORDER };
  },
  customerPage: () => ({ page: 1, perPage: 10, filter: CUSTOMER_FILTER, orderBy: ORDER }),
  customerDuplicates: () => ({ by: { code: "BASE" } }),
  contact: async ({ customer }) => ({ id: (await customer(PARTS)).contacts[0].id }),
  bankAccount: async ({ customer }) => ({ id: (await customer(PARTS)).bankAccounts[0].id }),
  asset: deleted("createAsset", `{ name: "n" }`),
  assets: listed("assets"),
  workOrder: deleted("createWorkOrder", `{ title: "t" }`),
  workOrders: listed("workOrders"),
  contract: deleted("createContract", `{ title: "t" }`),
  contracts: listed("contracts"),
  invoice: deleted("createInvoice", `{ amount: "1", currency: "EUR" }`),
  invoices: listed("invoices"),
  "Customer.assets": () => ofBase("assets"),
  "Customer.workOrders": () => ofBase("workOrders"),
  "Customer.contracts": () => ofBase("contracts"),
  "Customer.invoices": () => ofBase("invoices"),
  "Customer.history": () => ({ first: 10 }),
  "Customer.customField": () => ({ code: "industry" }),
  "Asset.workOrders": () => ofBase("workOrders"),
};
