import { type GraphQLEnumType, isInputObjectType } from "graphql";
import { withClient } from "../support/database";
import { type Explained, Explainer, type PlanNode } from "../support/explainer";
import { fillTenant } from "../support/fill-tenant";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

/*
 * Under row-level security only leakproof operators reach an index, and what does not reach one reads all rows of the
 * tenant. So every filter, order and search is run here as clients send it, and every statement that it takes once more as
 * the server does, for its plan. A new operand without a case fails.
 */

/** Customers of each tenant, and of each thing that hangs on one. */
const CUSTOMERS = 20_000;
/** Rows that a statement may read for a page and its count, those that it throws away included: 8 % of the tenant's. */
const MAX_ROWS = 1_600;
/** The same where many rows match. A look-up of them ends with the 1,001st, however large the tenant is. */
const MAX_ROWS_OF_MANY = 3_000;

/** Of a customer that was made as customers are: the others' numbers are not to be read. */
const ACCOUNT_NUMBER = "9704-0000-0077";

/** An input of a filter, and whether a great part of the rows matches: then only its first page is read, not its count. */
interface Case {
  readonly filter: Record<string, unknown>;
  readonly isBroad?: boolean;
}

const few = (filter: Record<string, unknown>): Case => ({ filter });
const many = (filter: Record<string, unknown>): Case => ({ filter, isBroad: true });

let gateway: TestGateway;
let explainer: Explainer;
/** Few of its customers have active work. */
let tenant: TestTenant;
/** Nearly all of its customers have. */
let busyTenant: TestTenant;
let recorded: { sql: string; values: readonly unknown[]; isKept: boolean }[] = [];
/** The ids of some records of the tenant, by their code. */
const ids = new Map<string, string>();

beforeAll(async () => {
  gateway = await startGateway({
    onStatement: (sql, values, isKept) => !sql.includes("from api_keys") && recorded.push({ sql, values, isKept }),
  });
  tenant = await gateway.aTenant();
  busyTenant = await gateway.aTenant();
  const { superuserUrl } = gateway.database;
  await Promise.all([
    fillTenant(superuserUrl, tenant.id, { customers: CUSTOMERS }),
    fillTenant(superuserUrl, busyTenant.id, { customers: CUSTOMERS, activeWork: "nearly all" }),
  ]);
  await tenant.run(
    `mutation ($number: String!) { createCustomer(input: { code: "REAL", bankAccounts: [{ accountNumber: $number }] }) { id } }`,
    { number: ACCOUNT_NUMBER },
  );
  await withClient(superuserUrl, (client) => client.query("vacuum analyze"));
  explainer = await Explainer.connect(gateway.database);
  const { customers, assets, workOrders } = await tenant.run(`{
    customers(filter: { code: { in: ["C-77", "C-78"] } }) { nodes { code id } }
    assets(filter: { customer: { code: "C-77" } }) { nodes { code id } }
    workOrders(filter: { customer: { code: "C-77" } }) { nodes { code id } }
  }`);
  for (const { code, id } of [customers, assets, workOrders].flatMap(({ nodes }) => nodes)) ids.set(code, id);
}, 60_000);

afterAll(async () => {
  await explainer.close();
  await gateway.close();
});

/** Runs a query, and each of its statements once more for its plan. */
async function explain(of: TestTenant, query: string, variables: Record<string, unknown> = {}): Promise<Explained[]> {
  recorded = [];
  await of.run(query, variables);
  const explained: Explained[] = [];
  for (const { sql, values, isKept } of [...recorded])
    explained.push(...(await explainer.explain(of.id, sql, values, isKept)));
  expect(explained).not.toHaveLength(0);
  return explained;
}

async function expectCheap(
  of: TestTenant,
  query: string,
  variables?: Record<string, unknown>,
  maxRows = MAX_ROWS,
): Promise<void> {
  for (const explained of await explain(of, query, variables)) expectIndexed(explained, maxRows);
}

function expectIndexed({ sql, plan }: Explained, maxRows: number): void {
  const steps = stepsOf(plan);
  const scanned = steps.filter((step) => step["Node Type"] === "Seq Scan").map((step) => step["Relation Name"]);
  const rows = steps.map(rowsRead).reduce((sum, read) => sum + read, 0);
  if (scanned.length > 0 || rows > maxRows) {
    throw new Error(`${rows} rows read, scanned: ${scanned.join(", ") || "nothing"}\n${sql}\n${outline(plan)}`);
  }
}

function stepsOf(step: PlanNode): PlanNode[] {
  return [step, ...(step.Plans ?? []).flatMap(stepsOf)];
}

/** What a step has read of a table or an index. A bitmap's entries count where they lead to rows. */
function rowsRead(step: PlanNode): number {
  const isRead = step["Relation Name"] !== undefined && !step["Node Type"].startsWith("Bitmap Index");
  const perLoop =
    step["Actual Rows"] + (step["Rows Removed by Filter"] ?? 0) + (step["Rows Removed by Index Recheck"] ?? 0);
  return isRead ? perLoop * step["Actual Loops"] : 0;
}

function outline(step: PlanNode, depth = 0): string {
  const { Plans: steps = [], ...rest } = step;
  const name = [step["Node Type"], step["Index Name"] ?? step["Relation Name"], step["Index Cond"]]
    .filter(Boolean)
    .join(" ");
  const line = `${"  ".repeat(depth)}${name}: ${rest["Actual Rows"]} × ${rest["Actual Loops"]}, removed ${rest["Rows Removed by Filter"] ?? 0}`;
  return [line, ...steps.map((nested) => outline(nested, depth + 1))].join("\n");
}

function fieldsOf(inputType: string): string[] {
  const type = gateway.app.schema.getType(inputType);
  if (!isInputObjectType(type)) throw new Error(`${inputType} is no input`);
  return Object.keys(type.getFields());
}

/** Every input type that is named Filter, Range or Order. */
function filterTypes(): string[] {
  return Object.values(gateway.app.schema.getTypeMap())
    .filter((type) => isInputObjectType(type) && /(Filter|Range|Order)$/.test(type.name))
    .map(({ name }) => name)
    .sort();
}

const RANGE = {
  from: few({ from: "2020-01-14T20:00:00Z" }),
  before: few({ before: "2020-01-01T05:00:00Z" }),
  both: few({ from: "2020-01-05T00:00:00Z", before: "2020-01-05T03:00:00Z" }),
};

/** updatedAt, scheduledAt and dueOn run over three years. */
const LONG_RANGES = [
  few({ from: "2023-03-10T00:00:00Z" }),
  few({ before: "2020-01-04T00:00:00Z" }),
  few({ from: "2021-01-05T00:00:00Z", before: "2021-01-06T00:00:00Z" }),
  many({ from: "2021-01-05T00:00:00Z" }),
];

interface Texts {
  readonly value: string;
  readonly prefix: string;
  readonly rarePart: string;
  readonly commonPart: string;
}

/** Conditions on a text. */
function stringCases(field: string, { value, prefix, rarePart, commonPart }: Texts): Record<string, Case[]> {
  const on = ({ filter, ...rest }: Case): Case => ({ filter: { [field]: filter }, ...rest });
  return {
    eq: [on(few({ eq: value }))],
    in: [on(few({ in: [value, "unknown"] }))],
    startsWith: [on(few({ startsWith: prefix }))],
    contains: [on(few({ contains: rarePart })), on(many({ contains: commonPart }))],
    isNull: [on(many({ isNull: true })), on(many({ isNull: false }))],
  };
}

const STRING_CASES: readonly Record<string, Case[]>[] = [
  stringCases("code", { value: "c-77", prefix: "C-77", rarePart: "c-777", commonPart: "c-" }),
  stringCases("name", { value: "Nobody", prefix: "Nguyen Anna 77", rarePart: "zyxwvut", commonPart: "ng" }),
  stringCases("email", { value: "mail.77@example.com", prefix: "Mail.77", rarePart: "l.777", commonPart: "mail" }),
  stringCases("taxId", { value: "0300000078-001", prefix: "0300000078", rarePart: "000777", commonPart: "0" }),
];

const customField = (filter: Record<string, unknown>): Record<string, unknown> => ({ customFields: [filter] });

const CUSTOM_FIELD_CASES: Record<string, Case[]> = {
  field: [few(customField({ field: "text", eq: "text 77", in: ["text 77"] }))],
  eq: [
    few(customField({ field: "Text", eq: "text 77" })),
    few(customField({ field: "Number", eq: 77 })),
    few(customField({ field: "Boolean", eq: true })),
    many(customField({ field: "Boolean", eq: false })),
    few(customField({ field: "Date", eq: "2020-03-03" })),
    few(customField({ field: "Select", eq: "rare" })),
    many(customField({ field: "Select", eq: "a" })),
    few(customField({ field: "Multi", eq: "rare" })),
  ],
  in: [
    few(customField({ field: "Text", in: ["text 77", "text 78"] })),
    few(customField({ field: "Number", in: [77, 78] })),
    few(customField({ field: "Multi", in: ["rare", "unknown"] })),
    many(customField({ field: "Multi", in: ["a", "b"] })),
  ],
  gte: [
    few(customField({ field: "Number", gte: 1990 })),
    few(customField({ field: "Number", gte: 500, lt: 510 })),
    many(customField({ field: "Number", gte: 100 })),
    few(customField({ field: "Date", gte: "2025-06-20" })),
  ],
  lt: [few(customField({ field: "Number", lt: 5 })), few(customField({ field: "Date", lt: "2020-01-05" }))],
  isSet: [
    few(customField({ field: "Seldom", isSet: true })),
    many(customField({ field: "Seldom", isSet: false })),
    many(customField({ field: "Text", isSet: true })),
  ],
};

function onField(field: string, ...cases: Case[]): Case[] {
  return cases.map(({ filter, ...rest }) => ({ filter: { [field]: filter }, ...rest }));
}

const CUSTOMER_CASES: Record<string, Case[]> = {
  and: [
    few({ and: [{ status: ["RARE"] }, { kind: "COMPANY" }] }),
    few({ and: [{ search: "zyxwvut" }, { country: ["NZ"] }] }),
    many({ and: [{ search: "nguyen" }, { tag: ["broad"] }] }),
    few({ and: [{ search: "nguyen" }, { tag: ["tag7"] }] }),
  ],
  or: [
    few({ or: [{ tag: ["rare"] }, { phone: "+84910000077" }] }),
    few({ or: [{ name: { contains: "zyxwvut" } }, { email: { contains: "mail.777" } }, { status: ["RARE"] }] }),
    few({ or: [{ kind: "COMPANY", or: [{ status: ["RARE"] }, { code: { eq: "C-77" } }] }, { country: ["NZ"] }] }),
    many({ or: [{ kind: "PERSONAL" }, { country: ["VN"] }] }),
    many({ or: [{ search: "nguyen" }, { code: { eq: "C-77" } }] }),
  ],
  not: [
    many({ not: { kind: "COMPANY" } }),
    many({ not: { status: ["FIRST"] } }),
    many({ not: { tag: ["broad"] } }),
    many({ not: { tag: ["rare"] } }),
    many({ not: { search: "nguyen" } }),
    many({ not: { search: "zyxwvut" } }),
    many({ not: { phone: "+84910000077" } }),
    many({ not: { or: [{ tag: ["rare"] }, { phone: "+84910000077" }] } }),
    many({ not: customField({ field: "Select", eq: "a" }) }),
  ],
  search: [
    few({ search: "zyxwvut" }),
    few({ search: "Zyxwvút 10" }),
    few({ search: "mail.777@example" }),
    few({ search: "0910000077" }),
    few({ search: "+84 91-000-0077" }),
    few({ search: "nguyen 777" }),
    many({ search: "nguyen" }),
    many({ search: "an" }),
    many({ search: "n" }),
  ],
  id: [few({ id: () => [ids.get("C-77"), ids.get("C-78")] })],
  code: [],
  name: [],
  email: [],
  taxId: [],
  phone: [few({ phone: "+84 91 000 0077" })],
  accountNumber: [few({ accountNumber: ACCOUNT_NUMBER })],
  kind: [few({ kind: "COMPANY" }), many({ kind: "PERSONAL" })],
  status: [few({ status: ["RARE"] }), few({ status: ["RARE", "unknown"] }), many({ status: ["FIRST", "SECOND"] })],
  type: [few({ type: ["RARE"] }), many({ type: ["FIRST"] })],
  group: [few({ group: ["RARE"] }), many({ group: ["FIRST"] })],
  branch: [few({ branch: ["RARE"] }), many({ branch: ["FIRST"] })],
  tag: [few({ tag: ["rare"] }), few({ tag: ["Rare", "tag7"] }), many({ tag: ["broad"] })],
  country: [few({ country: ["NZ"] }), few({ country: ["NZ", "JP"] }), many({ country: ["VN"] })],
  createdAt: [...onField("createdAt", ...Object.values(RANGE), many({ from: "2020-01-03T00:00:00Z" }))],
  updatedAt: onField("updatedAt", ...LONG_RANGES),
  customFields: [],
  hasActiveWorkOrders: [few({ hasActiveWorkOrders: true }), many({ hasActiveWorkOrders: false })],
  trash: [few({ trash: "ONLY" }), many({ trash: "INCLUDE" }), many({ trash: "EXCLUDE" })],
};

const ASSET_CASES: Record<string, Case[]> = {
  customer: [few({ customer: { code: "C-77" } }), few({ customer: { code: "OLD-77" } })],
  status: [few({ status: ["RETIRED"] }), few({ status: ["RETIRED", "INACTIVE"] }), many({ status: ["ACTIVE"] })],
  category: [few({ category: "rare" }), many({ category: "Common" })],
  search: [few({ search: "zyxwvut" }), few({ search: "pump 777" }), many({ search: "pump" }), many({ search: "p" })],
};

const WORK_ORDER_CASES: Record<string, Case[]> = {
  customer: [few({ customer: { code: "C-77" } }), few({ customer: () => ({ id: ids.get("C-77") }) })],
  asset: [few({ asset: () => ids.get("A-77") })],
  status: [few({ status: ["OPEN"] }), few({ status: ["OPEN", "SCHEDULED"] }), many({ status: ["COMPLETED"] })],
  priority: [few({ priority: ["URGENT"] }), few({ priority: ["URGENT", "LOW"] }), many({ priority: ["NORMAL"] })],
  active: [few({ active: true }), many({ active: false })],
  scheduledAt: onField("scheduledAt", ...LONG_RANGES),
};

const CONTRACT_CASES: Record<string, Case[]> = {
  customer: [few({ customer: { code: "C-77" } })],
  status: [
    few({ status: ["TERMINATED"] }),
    few({ status: ["TERMINATED", "EXPIRED"] }),
    many({ status: ["ACTIVE", "DRAFT"] }),
  ],
};

const INVOICE_CASES: Record<string, Case[]> = {
  customer: [few({ customer: { code: "C-77" } })],
  status: [few({ status: ["VOID"] }), few({ status: ["VOID", "DRAFT"] }), many({ status: ["PAID"] })],
  dueOn: onField(
    "dueOn",
    ...LONG_RANGES.map(({ filter, ...rest }) => ({
      filter: Object.fromEntries(Object.entries(filter).map(([name, at]) => [name, String(at).slice(0, 10)])),
      ...rest,
    })),
  ),
};

/** Every filter, with a case of every operand. */
const FILTERS: Record<string, Record<string, Case[]>> = {
  AssetFilter: ASSET_CASES,
  ContractFilter: CONTRACT_CASES,
  CustomFieldFilter: CUSTOM_FIELD_CASES,
  CustomerFilter: CUSTOMER_CASES,
  DateRange: { from: [], before: [] },
  DateTimeRange: { from: [], before: [] },
  InvoiceFilter: INVOICE_CASES,
  WorkOrderFilter: WORK_ORDER_CASES,
};

const LISTS = [
  { many: "assets", type: "AssetFilter" },
  { many: "workOrders", type: "WorkOrderFilter" },
  { many: "contracts", type: "ContractFilter" },
  { many: "invoices", type: "InvoiceFilter" },
] as const;

const ORDERS = ["CREATED_AT", "UPDATED_AT", "NAME", "CODE"].flatMap((field) =>
  ["ASC", "DESC"].map((direction) => [{ field, direction }]),
);
const MIXED_ORDERS = [
  [
    { field: "NAME", direction: "DESC" },
    { field: "CREATED_AT", direction: "ASC" },
  ],
  [
    { field: "CREATED_AT", direction: "DESC" },
    { field: "UPDATED_AT", direction: "DESC" },
    { field: "CODE", direction: "ASC" },
  ],
];

/** A case's values that are known only when the rows are there. */
function resolved(filter: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, typeof value === "function" ? value() : value]),
  );
}

const titled = (cases: Record<string, Case[]>): [string, Case][] =>
  Object.values(cases).flatMap((list) =>
    list.map((one): [string, Case] => [
      JSON.stringify(one.filter, (_, value) => (typeof value === "function" ? "…" : value)),
      one,
    ]),
  );

const CUSTOMERS_QUERY = `query ($filter: CustomerFilter, $orderBy: [CustomerOrder!], $counted: Boolean!) {
  customers(first: 20, filter: $filter, orderBy: $orderBy) { nodes { id } totalCount @include(if: $counted) }
}`;

test("every operand of every filter has a case", () => {
  expect(filterTypes()).toEqual([...Object.keys(FILTERS), "CustomerOrder", "StringFilter"].sort());
  for (const [type, cases] of Object.entries(FILTERS)) expect(Object.keys(cases).sort()).toEqual(fieldsOf(type).sort());
  for (const cases of STRING_CASES) expect(Object.keys(cases).sort()).toEqual(fieldsOf("StringFilter").sort());
  const fields = gateway.app.schema.getType("CustomerOrderField") as GraphQLEnumType;
  expect(new Set(ORDERS.map(([order]) => order?.field))).toEqual(new Set(fields.getValues().map(({ name }) => name)));
});

describe("customers, filtered", () => {
  test.each([...titled(CUSTOMER_CASES), ...STRING_CASES.flatMap(titled), ...titled(CUSTOM_FIELD_CASES)])(
    "%s",
    async (_, { filter, isBroad = false }) => {
      const variables = { filter: resolved(filter), counted: !isBroad };
      await expectCheap(tenant, CUSTOMERS_QUERY, variables, isBroad ? MAX_ROWS_OF_MANY : MAX_ROWS);
      // What many match is in order of creation as it comes; what few match can be put into any order.
      if (!isBroad) {
        await expectCheap(tenant, CUSTOMERS_QUERY, {
          ...variables,
          orderBy: [{ field: "NAME", direction: "DESC" }],
        });
      }
    },
  );

  test("by active work where nearly all have some", async () => {
    await expectCheap(busyTenant, CUSTOMERS_QUERY, { filter: { hasActiveWorkOrders: true }, counted: false });
  });

  test("by an order that the filter's matches are spread in", async () => {
    for (const orderBy of ORDERS) {
      const filter = { status: ["FIRST"], tag: ["broad"] };
      await expectCheap(tenant, CUSTOMERS_QUERY, { filter, orderBy, counted: false });
    }
  });
});

describe("search", () => {
  test.each([
    { finder: "find_customers", query: `{ customers(filter: { search: "zyxwvut" }) { nodes { id } } }` },
    { finder: "find_customers", query: `{ customers(filter: { name: { contains: "zyxwvut" } }) { nodes { id } } }` },
    { finder: "find_assets", query: `{ assets(filter: { search: "zyxwvut" }) { nodes { id } } }` },
  ])("reaches the trigrams in $finder: $query", async ({ finder, query }) => {
    const explained = await explain(tenant, query);
    expect(explained.map(({ sql }) => sql).join("\n")).toContain(finder);
    const inner = explained.find(({ sql }) => sql.includes("search_text like '%zyxwvut%'"));
    const condition = inner && stepsOf(inner.plan).find((step) => /_search_idx$/.test(step["Index Name"] ?? ""));
    expect(condition?.["Index Cond"]).toContain("~~ '%zyxwvut%'");
  });
});

describe("customers, ordered", () => {
  test.each([...ORDERS, ...MIXED_ORDERS].map((orderBy) => [JSON.stringify(orderBy), orderBy] as const))(
    "%s",
    async (_, orderBy) => {
      const query = `query ($orderBy: [CustomerOrder!], $first: Int, $after: String, $last: Int, $before: String) {
        customers(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
          nodes { id } pageInfo { hasNextPage hasPreviousPage }
        }
      }`;
      const { customers } = await tenant.run(
        `query ($orderBy: [CustomerOrder!]) {
          customers(filter: { code: { eq: "C-10077" } }, orderBy: $orderBy) { pageInfo { endCursor } }
        }`,
        { orderBy },
      );
      const cursor = customers.pageInfo.endCursor;
      await expectCheap(tenant, query, { orderBy, first: 20 });
      await expectCheap(tenant, query, { orderBy, last: 20 });
      await expectCheap(tenant, query, { orderBy, first: 20, after: cursor });
      await expectCheap(tenant, query, { orderBy, last: 20, before: cursor });
    },
  );

  test("in numbered pages, the first", async () => {
    await expectCheap(tenant, "{ customerPage(page: 1, perPage: 25) { items { id } } }");
  });

  test("counted by the index alone", async () => {
    const [explained] = await explain(tenant, "{ customers { totalCount } }");
    const reads = explained ? stepsOf(explained.plan).filter((step) => rowsRead(step) > 0) : [];
    expect(reads.map((step) => [step["Node Type"], step["Index Name"]])).toEqual([
      ["Index Only Scan", "customers_created_idx"],
    ]);
  });
});

describe.each(LISTS)("$many", ({ many: field, type }) => {
  test.each(titled(FILTERS[type] ?? {}))("%s", async (_, { filter, isBroad = false }) => {
    const query = `query ($filter: ${type}, $counted: Boolean!) {
      ${field}(first: 20, filter: $filter) { nodes { id } totalCount @include(if: $counted) }
    }`;
    const maxRows = isBroad ? MAX_ROWS_OF_MANY : MAX_ROWS;
    await expectCheap(tenant, query, { filter: resolved(filter), counted: !isBroad }, maxRows);
  });

  test.each(titled(FILTERS[type] ?? {}))("of each of many customers %s", async (_, { filter }) => {
    const query = `query ($filter: ${type}) {
      customers(first: 20) { nodes { ${field}(first: 3, filter: $filter) { nodes { id } totalCount } } }
    }`;
    await expectCheap(tenant, query, { filter: resolved(filter) });
  });

  test("unfiltered, at its start and further on", async () => {
    const query = `query ($after: String) { ${field}(first: 20, after: $after) { nodes { id } } }`;
    const cursorOf = `{ ${field}(filter: { customer: { code: "C-10077" } }) { pageInfo { endCursor } } }`;
    const after = (await tenant.run(cursorOf))[field].pageInfo.endCursor;
    await expectCheap(tenant, query);
    await expectCheap(tenant, query, { after });
  });
});

describe("all that hangs on a customer", () => {
  test("of a page of customers", async () => {
    const nested = (filter = ""): string => `first: 2${filter}`;
    await expectCheap(
      tenant,
      `{ customers(first: 20) { nodes {
        contacts { id } primaryContact { id } bankAccounts { id } previousCodes customFields { value }
        branch { id } status { id } type { id } group { id } mergedInto { id } deletion { allowed blockers { count } }
        history(${nested()}) { nodes { action } totalCount }
        assets(${nested()}) { nodes { id customer { id } workOrders(${nested()}) { nodes { id } totalCount } } }
        workOrders(${nested()}) { nodes { id asset { id } } }
        contracts(${nested()}) { nodes { id } }
        invoices(${nested()}) { nodes { id } }
      } } }`,
    );
  });

  test("of one, however it is named", async () => {
    const by = `query ($by: CustomerKey!) { customer(by: $by) { id } customerDuplicates(by: $by) { reasons } }`;
    for (const key of [{ code: "C-77" }, { code: "OLD-77" }, { id: ids.get("C-77") }]) {
      await expectCheap(tenant, by, { by: key });
    }
  });

  test("each record by its id", async () => {
    await expectCheap(tenant, `query ($id: ID!) { workOrder(id: $id) { id } }`, { id: ids.get("WO-77") });
    await expectCheap(tenant, `query ($id: ID!) { asset(id: $id) { id } }`, { id: ids.get("A-77") });
    const missing = { id: ids.get("C-77") };
    const one = `query ($id: ID!) { contact(id: $id) { id } bankAccount(id: $id) { id } contract(id: $id) { id } invoice(id: $id) { id } }`;
    await expectCheap(tenant, one, missing);
  });

  test("the taxonomy, without a look at the customers", async () => {
    await expectCheap(
      tenant,
      "{ branches { id } customerStatuses { id } customerFields { id } settings { codePrefix } }",
    );
  });
});
