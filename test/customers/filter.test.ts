import fc from "fast-check";
import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from "graphql";
import { withClient } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const asOwner = (sql: string, values: unknown[]): Promise<unknown> =>
  withClient(gateway.database.adminUrl, (client) => client.query(sql, values));

const create = async (tenant: TestTenant, input: object): Promise<string> =>
  (await tenant.run(`mutation ($input: CustomerInput!) { createCustomer(input: $input) { id } }`, { input }))
    .createCustomer.id;

/** Puts customers into the trash; the mutation has tests of its own. */
const trash = (ids: readonly string[]): Promise<unknown> =>
  asOwner("update customers set deleted_at = now() where id = any ($1)", [ids]);

// ------------------------------------------------------------------------------------------- the model

interface Row {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly email: string | null;
  readonly taxId: string | null;
  readonly phones: readonly string[];
  readonly tags: readonly string[];
  readonly kind: string;
  readonly address: { readonly country: string | null } | null;
  readonly status: { readonly code: string } | null;
  readonly type: { readonly code: string } | null;
  readonly group: { readonly code: string } | null;
  readonly branch: { readonly code: string } | null;
  readonly customFields: readonly { readonly field: { readonly code: string }; readonly value: unknown }[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt: string | null;
  readonly workOrders: { readonly nodes: readonly { readonly status: string }[] };
}

const ROW = `id code name email taxId phones tags kind address { country } status { code } type { code } group { code } branch { code }
  customFields { field { code } value } createdAt updatedAt deletedAt workOrders { nodes { status } }`;

type Text = Partial<{ eq: string; in: string[]; startsWith: string; contains: string; isNull: boolean }>;
type Range = Partial<{ from: string; before: string }>;
type FieldCondition = { field: string } & Partial<{
  eq: unknown;
  in: unknown[];
  gte: number | string;
  lt: number | string;
  isSet: boolean;
}>;
type Filter = Partial<{
  and: Filter[];
  or: Filter[];
  not: Filter;
  search: string;
  id: string[];
  code: Text;
  name: Text;
  email: Text;
  taxId: Text;
  phone: string;
  kind: string;
  status: string[];
  type: string[];
  group: string[];
  branch: string[];
  tag: string[];
  country: string[];
  createdAt: Range;
  updatedAt: Range;
  customFields: FieldCondition[];
  hasActiveWorkOrders: boolean;
  trash: "EXCLUDE" | "INCLUDE" | "ONLY";
}>;

/** Enough of folding for the texts of this test. */
const plain = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").replaceAll("ß", "ss");
const lower = (text: string): string => text.normalize("NFC").trim().toLowerCase();
const exact = (text: string): string => text.normalize("NFC").trim();

function textHolds(value: string | null, condition: Text, same: (text: string) => string): boolean {
  const { isNull, startsWith, contains } = condition;
  if (isNull !== undefined && (value === null) !== isNull) return false;
  const isCompared = [condition.eq, condition.in, startsWith, contains].some((operand) => operand !== undefined);
  if (value === null) return !isCompared;
  return (
    (condition.eq === undefined || same(condition.eq) === same(value)) &&
    (condition.in === undefined || condition.in.some((one) => same(one) === same(value))) &&
    (startsWith === undefined || plain(value).startsWith(plain(startsWith.trim()))) &&
    (contains === undefined || plain(value).includes(plain(contains.trim())))
  );
}

const oneOf = (wanted: readonly string[] | undefined, actual: string | null | undefined): boolean =>
  wanted === undefined || (actual != null && wanted.some((one) => lower(one) === lower(actual)));

const inRange = (range: Range | undefined, value: string): boolean =>
  (range?.from === undefined || Date.parse(value) >= Date.parse(range.from)) &&
  (range?.before === undefined || Date.parse(value) < Date.parse(range.before));

/** A Vietnamese number in any of the ways that this test writes one. */
const phoneMeant = (text: string): string => {
  const digits = text.replace(/\D/g, "");
  return text.trim().startsWith("+") ? `+${digits}` : `+84${digits.replace(/^0/, "")}`;
};

/** Texts are compared in the form in which they are stored. */
const cleaned = (value: any): any => (typeof value === "string" ? exact(value) : value);

function fieldHolds({ field, ...condition }: FieldCondition, { customFields }: Row): boolean {
  const value = customFields.find((one) => lower(one.field.code) === lower(field))?.value;
  const all = value === undefined ? [] : [value].flat();
  const { gte, lt, isSet } = condition;
  const within = (one: any): boolean => (gte === undefined || one >= gte) && (lt === undefined || one < lt);
  return (
    (condition.eq === undefined || all.includes(cleaned(condition.eq))) &&
    (condition.in === undefined || condition.in.some((one) => all.includes(cleaned(one)))) &&
    ((gte === undefined && lt === undefined) || all.some(within)) &&
    (isSet === undefined || (value !== undefined) === isSet)
  );
}

function isFound(search: string, { name, code, email, taxId, phones }: Row): boolean {
  const texts = [name, code, email, taxId].flatMap((text) => (text === null ? [] : [plain(text)]));
  const numbers = [
    ...texts.flatMap((text) => text.match(/\d[\d()+./-]*\d/g) ?? []).map((number) => number.replace(/\D/g, "")),
    ...phones.flatMap((phone) => [phone.slice(1), `0${phone.slice(3)}`]),
  ];
  const words = plain(search).split(/\s+/).filter(Boolean);
  return words.every((word) =>
    /^[\d()+./-]*\d[\d()+./-]*$/.test(word)
      ? [...texts, ...numbers].some((text) => text.includes(word.replace(/\D/g, "")))
      : texts.some((text) => text.includes(word)),
  );
}

function holds(filter: Filter, row: Row): boolean {
  return (
    (filter.and === undefined || (filter.and.length > 0 && filter.and.every((one) => holds(one, row)))) &&
    (filter.or === undefined || filter.or.some((one) => holds(one, row))) &&
    (filter.not === undefined || !holds(filter.not, row)) &&
    (filter.search === undefined || isFound(filter.search, row)) &&
    (filter.id === undefined || filter.id.includes(row.id)) &&
    textHolds(row.code, filter.code ?? {}, lower) &&
    textHolds(row.name, filter.name ?? {}, exact) &&
    textHolds(row.email, filter.email ?? {}, lower) &&
    textHolds(row.taxId, filter.taxId ?? {}, exact) &&
    (filter.phone === undefined || row.phones.includes(phoneMeant(filter.phone))) &&
    (filter.kind === undefined || filter.kind === row.kind) &&
    oneOf(filter.status, row.status?.code) &&
    oneOf(filter.type, row.type?.code) &&
    oneOf(filter.group, row.group?.code) &&
    oneOf(filter.branch, row.branch?.code) &&
    (filter.tag === undefined || row.tags.some((tag) => oneOf(filter.tag, tag))) &&
    oneOf(filter.country, row.address?.country) &&
    inRange(filter.createdAt, row.createdAt) &&
    inRange(filter.updatedAt, row.updatedAt) &&
    (filter.customFields === undefined ||
      (filter.customFields.length > 0 && filter.customFields.every((one) => fieldHolds(one, row)))) &&
    (filter.hasActiveWorkOrders === undefined ||
      row.workOrders.nodes.some(({ status }) => !["COMPLETED", "CANCELLED"].includes(status)) ===
        filter.hasActiveWorkOrders)
  );
}

const isInTrashAsked = ({ trash: asked = "EXCLUDE" }: Filter, { deletedAt }: Row): boolean =>
  asked === "INCLUDE" || (asked === "ONLY") === (deletedAt !== null);

// --------------------------------------------------------------------------------- random customers

const NAMES = [
  "Nguyễn Văn Đức",
  "nguyen van duc",
  "NGUYỄN Thị Ánh",
  "Straße 12/3",
  "strasse",
  "50% off_",
  "50 off",
  "a_b",
  "axb",
];
const MORE_NAMES = ["back\\slash", "O'Brien (VN)", "Zoë", "zoe", "12-34", "Kühn & Söhne", "x"];
const PHONES = ["+84912345678", "+84912345679", "+84987654321", "+84281234567"];
const LONG = "long ".repeat(60);
const TEXTS = ["Đỏ", "đỏ", "red", LONG + "1", LONG + "2"];
const NUMBERS = [-1.5, 0, 1, 2, 2.5, 1e21, 123456789.125];
const DATES = ["2025-12-31", "2026-01-01", "2026-02-28"];
const OPTIONS = ["a", "B", "b", "c d"];
const TERMS = ["one", "Two", "thrée"];
const COUNTRIES = ["VN", "NL", "US"];
const FIELD_CODES = ["Text", "Number", "Boolean", "Date", "Select", "Multi"];
const STATES = ["OPEN", "ON_HOLD", "COMPLETED", "CANCELLED"];
const TIMES = Array.from({ length: 6 }, (_, index) =>
  new Date(Date.UTC(2026, 0, 1 + index * 10, 12, 0, 0, index)).toISOString(),
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 2 });
const term = maybe(fc.constantFrom(...TERMS));

const customer = fc.record({
  input: fc.record({
    name: maybe(fc.constantFrom(...NAMES, ...MORE_NAMES)),
    company: maybe(fc.constantFrom("Công ty Đỏ", "Acme")),
    email: maybe(fc.constantFrom("Duc@Example.com", "duc@example.com", "zoë@example.com", "a_b@example.com")),
    taxId: maybe(fc.constantFrom("0101234567-001", "0101234567", "NL 8529", "x_1")),
    phones: fc.uniqueArray(fc.constantFrom(...PHONES), { maxLength: 2 }),
    tags: fc.uniqueArray(fc.constantFrom("VIP", "vip ", "Đỏ", "do", "new"), {
      maxLength: 3,
      selector: (tag) => tag.trim().toLowerCase(),
    }),
    address: maybe(fc.record({ country: maybe(fc.constantFrom(...COUNTRIES)), city: fc.constant("Hanoi") })),
    status: term,
    type: term,
    group: term,
    branch: term,
    customFields: fc
      .record({
        Text: maybe(fc.constantFrom(...TEXTS)),
        Number: maybe(fc.constantFrom(...NUMBERS)),
        Boolean: maybe(fc.boolean()),
        Date: maybe(fc.constantFrom(...DATES)),
        Select: maybe(fc.constantFrom(...OPTIONS)),
        Multi: maybe(fc.uniqueArray(fc.constantFrom(...OPTIONS), { minLength: 1 })),
      })
      .map((values) => Object.entries(values).map(([field, value]) => ({ field, value }))),
  }),
  work: fc.array(fc.constantFrom(...STATES), { maxLength: 2 }),
  createdAt: fc.constantFrom(...TIMES),
  updatedAt: fc.constantFrom(...TIMES),
  isInTrash: fc.nat(6).map((number) => number === 0),
});

/** Sixty customers, the same in every run. */
async function aTenantOfSixty(): Promise<{ tenant: TestTenant; rows: Row[] }> {
  const tenant = await gateway.aTenant();
  await asOwner("insert into tenant_settings (tenant_id, default_region) values ($1, 'VN')", [tenant.id]);
  for (const code of TERMS) {
    for (const kind of ["CustomerStatus", "CustomerType", "CustomerGroup", "Branch"]) {
      await tenant.run(`mutation ($input: TaxonomyTermInput!) { create${kind}(input: $input) { id } }`, {
        input: { code, name: code },
      });
    }
  }
  for (const code of FIELD_CODES) {
    const type = code === "Multi" ? "MULTI_SELECT" : code.toUpperCase();
    const input = { code, name: code, type, ...(type.endsWith("SELECT") && { options: OPTIONS }) };
    await tenant.run(`mutation ($input: CustomerFieldInput!) { createCustomerField(input: $input) { id } }`, { input });
  }
  const drawn = fc.sample(customer, { seed: 20260314, numRuns: 60 });
  const ids = await Promise.all(
    drawn.map(async ({ input, work }, index) => {
      // Every seventh has a code of its own; one that is in the trash leaves it to another.
      const id = await create(tenant, { ...input, ...(index % 7 === 0 && { code: `Mã-${index}` }) });
      for (const status of work) {
        await tenant.run(
          `mutation ($by: CustomerKey!, $input: WorkOrderInput!) { createWorkOrder(customer: $by, input: $input) { id } }`,
          { by: { id }, input: { title: "x", status } },
        );
      }
      return id;
    }),
  );
  await asOwner(
    `update customers c set created_at = r.created_at, updated_at = r.updated_at
     from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as r (id, created_at, updated_at) where c.id = r.id`,
    [ids, drawn.map(({ createdAt }) => createdAt), drawn.map(({ updatedAt }) => updatedAt)],
  );
  const inTrash = ids.filter((_, index) => drawn[index]?.isInTrash);
  await trash(inTrash);
  for (const id of inTrash.slice(0, 2)) {
    const { customers } = await tenant.run(
      `query ($id: [ID!]) { customers(filter: { id: $id, trash: ONLY }) { nodes { code } } }`,
      {
        id: [id],
      },
    );
    await create(tenant, { code: customers.nodes[0].code });
  }
  const { customers } = await tenant.run(`{ customers(first: 100, filter: { trash: INCLUDE }) { nodes { ${ROW} } } }`);
  return { tenant, rows: customers.nodes };
}

/** Filters whose values are mostly those that some customer has, in other words. */
function filtersOver(rows: readonly Row[], maxDepth: number): fc.Arbitrary<Filter> {
  const present = <T>(values: readonly (T | null | undefined)[]): T[] => values.filter((value) => value != null);
  const textOf = (values: readonly string[]): fc.Arbitrary<string> =>
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom(...values),
          fc.constantFrom("same", "upper", "plain", "part", "spaced"),
          fc.nat(),
          fc.nat(),
        )
        .map(([value, way, from, length]) => {
          const letters = Array.from(value);
          const start = from % letters.length;
          const part = letters.slice(start, start + 1 + (length % letters.length)).join("");
          return { same: value, upper: value.toUpperCase(), plain: plain(value), part, spaced: ` ${value} ` }[way];
        }),
      fc.constantFrom("", "%", "_", "\\", "nobody", "50%", "a_b", "đ", "ss"),
    );
  const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.oneof({ arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 3 }), weight: 9 }, fc.constant<T[]>([]));
  const text = (values: readonly string[]): fc.Arbitrary<Text> =>
    fc.oneof(
      fc.record({ eq: textOf(values) }),
      fc.record({ in: some(textOf(values)) }),
      fc.record({ startsWith: textOf(values) }),
      fc.record({ contains: textOf(values) }),
      fc.record({ isNull: fc.boolean() }),
      fc.record({ contains: textOf(values), isNull: fc.boolean() }),
      fc.record({ in: some(textOf(values)), startsWith: textOf(values) }),
    );
  const termCodes = some(fc.constantFrom(...TERMS, "ONE", "TWO", "THRÉE", "three", "nobody"));
  const range: fc.Arbitrary<Range> = fc.record(
    { from: fc.constantFrom(...TIMES), before: fc.constantFrom(...TIMES) },
    { requiredKeys: [] },
  );
  const valueOf: Record<string, fc.Arbitrary<any>> = {
    Text: fc.constantFrom(...TEXTS, "nobody", " red "),
    Number: fc.constantFrom(...NUMBERS, -0, 3),
    Boolean: fc.boolean(),
    Date: fc.constantFrom(...DATES, "2026-02-01"),
    Select: fc.constantFrom(...OPTIONS, "A"),
    Multi: fc.constantFrom(...OPTIONS, "A"),
  };
  const fieldCondition = fc.constantFrom(...FIELD_CODES).chain((code): fc.Arbitrary<FieldCondition> => {
    const value = valueOf[code] as fc.Arbitrary<any>;
    const field = fc.constantFrom(code, code.toUpperCase());
    const kinds: fc.Arbitrary<FieldCondition>[] = [
      fc.record({ field, eq: value }),
      fc.record({ field, in: some(value) }),
      fc.record({ field, isSet: fc.boolean() }),
      fc.record({ field }),
    ];
    if (code === "Number" || code === "Date") {
      kinds.push(fc.record({ field, gte: value, lt: value }, { requiredKeys: ["field"] }));
    }
    return fc.oneof(...kinds);
  });
  const phone = fc
    .tuple(fc.constantFrom(...PHONES, "+84999999999"), fc.constantFrom("e164", "national", "marked", "spaced", "none"))
    .map(([e164, way]) => {
      const digits = e164.slice(3);
      const marked = `(0${digits.slice(0, 2)}) ${digits.slice(2, 5)}-${digits.slice(5)}`;
      return {
        e164,
        national: `0${digits}`,
        marked,
        spaced: `+84 ${digits.slice(0, 3)} ${digits.slice(3)}`,
        none: "12",
      }[way];
    });
  const words = fc
    .array(
      textOf([...rows.map(({ name }) => name), ...rows.map(({ code }) => code), ...PHONES, "0912 345 678", "091-2345"]),
      { maxLength: 2 },
    )
    .map((parts) => parts.join(" "));

  return fc.letrec<{ node: Filter; leaf: Filter }>((tie) => ({
    leaf: fc.oneof(
      fc.record({ search: words }),
      fc.record({
        id: some(fc.constantFrom(...rows.map(({ id }) => id), "nobody", "01890a5d-ac96-774b-bcce-b302099a8057")),
      }),
      fc.record({ code: text(rows.map(({ code }) => code)) }),
      fc.record({ name: text(rows.map(({ name }) => name)) }),
      fc.record({ email: text(present(rows.map(({ email }) => email))) }),
      fc.record({ taxId: text(present(rows.map(({ taxId }) => taxId))) }),
      fc.record({ phone }),
      fc.record({ kind: fc.constantFrom("PERSONAL", "COMPANY") }),
      fc.record({ status: termCodes }),
      fc.record({ type: termCodes }),
      fc.record({ group: termCodes }),
      fc.record({ branch: termCodes }),
      fc.record({ tag: some(fc.constantFrom("vip", "VIP", "đỏ", "DO", "nobody")) }),
      fc.record({ country: some(fc.constantFrom(...COUNTRIES, "DE")) }),
      fc.record({ createdAt: range }),
      fc.record({ updatedAt: range }),
      fc.record({ customFields: some(fieldCondition) }),
      fc.record({ hasActiveWorkOrders: fc.boolean() }),
    ),
    node: fc.oneof(
      { maxDepth, depthSize: "small" },
      {
        arbitrary: fc
          .array(tie("leaf"), { minLength: 1, maxLength: 2 })
          .map((parts) => Object.assign({}, ...parts) as Filter),
        weight: 3,
      },
      { arbitrary: fc.record({ or: some(tie("node")) }), weight: 2 },
      { arbitrary: fc.record({ and: some(tie("node")) }), weight: 1 },
      { arbitrary: fc.record({ not: tie("node") }), weight: 2 },
      { arbitrary: fc.constantFrom({}, { name: {} }, { createdAt: {} }), weight: 1 },
      { arbitrary: fc.tuple(tie("leaf"), tie("node")).map(([leaf, not]) => ({ ...leaf, not })), weight: 1 },
    ),
  })).node;
}

describe("random filters over random customers find what a model finds", () => {
  let tenant: TestTenant;
  let rows: Row[];
  beforeAll(async () => {
    ({ tenant, rows } = await aTenantOfSixty());
  });

  const QUERY = `query ($filter: CustomerFilter) { customers(first: 100, filter: $filter) { nodes { id } totalCount } }`;
  const trashes = fc.constantFrom(undefined, undefined, "EXCLUDE" as const, "INCLUDE" as const, "ONLY" as const);

  /** Compares server and model; `ask` makes of a filter what is sent. */
  async function compare(maxDepth: number, ask: (filter: Filter) => Filter): Promise<void> {
    const answers = { all: 0, some: 0, none: 0 };
    await fc.assert(
      fc.asyncProperty(filtersOver(rows, maxDepth), trashes, async (tree, asked) => {
        const filter = asked === undefined ? tree : { ...tree, trash: asked };
        const { data, errors } = await tenant.execute(QUERY, { filter: ask(filter) });
        expect(errors).toBeUndefined();
        const listed = rows.filter((row) => isInTrashAsked(filter, row));
        const expected = listed.filter((row) => holds(filter, row));
        expect(data.customers.nodes).toEqual(expected.map(({ id }) => ({ id })));
        expect(data.customers.totalCount).toBe(expected.length);
        answers[expected.length === 0 ? "none" : expected.length === listed.length ? "all" : "some"] += 1;
      }),
      { numRuns: 250 },
    );
    // Filters that find nothing, or everything, would say little.
    expect(answers.some).toBeGreaterThan(50);
  }

  test("where few meet a condition, and are looked up", async () => {
    expect(rows).toHaveLength(62);
    expect(rows.filter(({ deletedAt }) => deletedAt).length).toBeGreaterThan(3);
    await compare(3, (filter) => filter);
  });

  test("where more than a thousand meet it, and the list is gone through", async () => {
    await copyAll(tenant, 60);
    const id = rows.map((row) => row.id);
    await compare(2, ({ trash: asked, ...tree }) => ({ id, and: [tree], ...(asked && { trash: asked }) }));
  });
});

/** So many copies of every customer, with all by which customers are found. */
async function copyAll(tenant: TestTenant, times: number): Promise<void> {
  await withClient(gateway.database.adminUrl, async (client) => {
    /** Copies a table's rows; what is said of a column replaces it. */
    const copy = async (table: string, replaced: Record<string, string>, from: string): Promise<void> => {
      const { rows } = await client.query<{ name: string }>(
        `select attname as name from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
        [table],
      );
      const names = rows.map(({ name }) => name);
      const values = names.map((name) => replaced[name] ?? `t.${name}`);
      await client.query(
        `insert into ${table} (${names.join(", ")}) select ${values.join(", ")} from ${table} t ${from}`,
        [tenant.id],
      );
    };
    await client.query(
      `create temporary table copies as
       select c.id as old_id, gen_random_uuid() as id, n as number from customers c, generate_series(1, ${times}) n where c.tenant_id = $1`,
      [tenant.id],
    );
    const ofCopies = (column: string): string => `join copies p on p.old_id = t.${column} where t.tenant_id = $1`;
    const code = { code: "t.code || '~' || p.number", code_key: "t.code_key || '~' || p.number" };
    await copy("customers", { id: "p.id", ...code }, ofCopies("id"));
    await copy("work_orders", { id: "gen_random_uuid()", customer_id: "p.id", ...code }, ofCopies("customer_id"));
    for (const table of ["customer_tags", "customer_phones", "customer_field_values"]) {
      await copy(table, { customer_id: "p.id" }, ofCopies("customer_id"));
    }
    await client.query("analyze customers, work_orders, customer_tags, customer_phones, customer_field_values");
  });
}

// ---------------------------------------------------------------------------------------- case by case

describe("a filter", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await gateway.aTenant();
    await asOwner("insert into tenant_settings (tenant_id, default_region) values ($1, 'VN')", [tenant.id]);
    await tenant.run(`mutation {
      createCustomerStatus(input: { code: "active", name: "Active" }) { id }
      f1: createCustomerField(input: { code: "Size", name: "Size", type: NUMBER }) { id }
      f2: createCustomerField(input: { code: "Colour", name: "Colour", type: SELECT, options: ["red", "blue"] }) { id }
      f3: createCustomerField(input: { code: "Since", name: "Since", type: DATE }) { id }
      f4: createCustomerField(input: { code: "Loyal", name: "Loyal", type: BOOLEAN }) { id }
      f5: createCustomerField(input: { code: "Sizes", name: "Sizes", type: MULTI_SELECT, options: ["s", "m"] }) { id }
      f6: createCustomerField(input: { code: "Note", name: "Note" }) { id }
    }`);
    const inputs = [
      {
        name: "Nguyễn Văn Đức",
        code: "DUC",
        phones: ["0912 345 678", "+84281234567"],
        taxId: "0101234567-001",
        status: "active",
      },
      { name: "Bo", code: "BO", email: "Bo.Berg@Example.com", customFields: [{ field: "size", value: 3 }] },
      { name: "100%_sure\\", code: "SURE", kind: "COMPANY" },
      { name: "Trash", code: "TRASH" },
    ];
    const ids: string[] = [];
    for (const input of inputs) ids.push(await create(tenant, input));
    await trash(ids.slice(3));
  });

  const QUERY = "query ($filter: CustomerFilter) { customers(filter: $filter) { nodes { code } totalCount } }";
  const found = async (filter: unknown): Promise<string[]> => {
    const { customers } = await tenant.run(QUERY, { filter });
    expect(customers.totalCount).toBe(customers.nodes.length);
    return customers.nodes.map(({ code }: any) => code);
  };
  const problemsOf = async (filter: unknown): Promise<unknown> => {
    const { data, errors } = await tenant.execute(QUERY, { filter });
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    return errors?.[0]?.extensions.problems?.map(({ path, code }) => `${path.join(".")} ${code}`);
  };
  const ALL = ["DUC", "BO", "SURE"];

  test("that is null, absent or empty is none", async () => {
    for (const filter of [undefined, null, {}, { name: {} }, { createdAt: {} }, { and: [{}] }, { not: { or: [] } }]) {
      expect(await found(filter)).toEqual(ALL);
    }
  });

  /** Every operand of a filter type, set to a value, with the way to it. */
  function operandsOf(
    type: GraphQLInputObjectType,
    value: unknown,
    isFollowed: (name: string) => boolean,
  ): [string, object][] {
    const sample = (entry: GraphQLInputType, inner: unknown): unknown =>
      isListType(getNullableType(entry)) ? [inner] : inner;
    return Object.values(type.getFields()).flatMap((entry): [string, object][] => {
      const named = getNamedType(entry.type);
      if (isRequiredInputField(entry)) return [];
      const own: [string, object] = [entry.name, { [entry.name]: value }];
      if (!isInputObjectType(named) || !isFollowed(named.name)) return [own];
      const others = named.name === "CustomFieldFilter" ? { field: "Size" } : {};
      const index = isListType(getNullableType(entry.type)) ? ".0" : "";
      const inner = operandsOf(named, value, (name) => isFollowed(name) && name !== "CustomerFilter");
      return [
        own,
        ...inner.map(([way, of]): [string, object] => [
          `${entry.name}${index}.${way}`,
          { [entry.name]: sample(entry.type, { ...others, ...of }) },
        ]),
      ];
    });
  }

  test.each(["CustomerFilter", "AssetFilter", "WorkOrderFilter", "ContractFilter", "InvoiceFilter"])(
    "of type %s refuses null as an operand, wherever it stands, and says where",
    async (typeName) => {
      const type = gateway.app.schema.getType(typeName) as GraphQLInputObjectType;
      const list = `${typeName[0]?.toLowerCase()}${typeName.slice(1).replace("Filter", "")}s`;
      const operands = operandsOf(type, null, () => true);
      expect(operands.length).toBeGreaterThan(2);
      for (const [way, filter] of operands) {
        const { errors } = await tenant.execute(
          `query ($filter: ${typeName}) { ${list}(filter: $filter) { totalCount } }`,
          { filter },
        );
        const problems = errors?.flatMap(({ extensions }) => extensions.problems ?? []);
        const path = ["filter", ...way.split(".").map((part) => (part === "0" ? 0 : part))];
        expect([way, problems]).toEqual([
          way,
          [{ path, code: "NULL_NOT_ALLOWED", message: expect.stringMatching(/null/) }],
        ]);
      }
    },
  );

  test("with null within a list is refused with the way to it", async () => {
    expect(await problemsOf({ id: [null] })).toEqual(["filter.id.0 REQUIRED"]);
    expect(await problemsOf({ or: [{}, null] })).toEqual(["filter.or.1 REQUIRED"]);
    expect(await problemsOf({ customFields: [{ field: "Size", in: [1, null] }] })).toEqual([
      "filter.customFields.0.in.1 REQUIRED",
    ]);
  });

  test("tells every null at once, also in literals", async () => {
    expect(await problemsOf({ not: { kind: null }, search: null, name: { eq: null, in: null } })).toEqual([
      "filter.not.kind NULL_NOT_ALLOWED",
      "filter.search NULL_NOT_ALLOWED",
      "filter.name.eq NULL_NOT_ALLOWED",
      "filter.name.in NULL_NOT_ALLOWED",
    ]);
    const { errors } = await tenant.execute(`{ customers(filter: { status: null, trash: null }) { totalCount } }`);
    expect(errors?.[0]?.extensions.problems).toMatchObject([
      { path: ["filter", "status"] },
      { path: ["filter", "trash"] },
    ]);
  });

  test("with an empty list matches nothing, whichever list it is", async () => {
    const lists = ["and", "or", "id", "status", "type", "group", "branch", "tag", "country", "customFields"];
    for (const list of lists) expect([list, await found({ [list]: [] })]).toEqual([list, []]);
    for (const field of ["code", "name", "email", "taxId"]) expect(await found({ [field]: { in: [] } })).toEqual([]);
    expect(await found({ customFields: [{ field: "Size", in: [] }] })).toEqual([]);
    expect(await found({ or: [{ and: [] }, { code: { eq: "bo" } }] })).toEqual(["BO"]);
  });

  test("with codes that no term has matches nothing, beside others what they match", async () => {
    for (const kind of ["status", "type", "group", "branch"]) expect(await found({ [kind]: ["nobody"] })).toEqual([]);
    expect(await found({ status: ["nobody", "ACTIVE"] })).toEqual(["DUC"]);
    expect(await found({ id: ["nobody", "", "01890a5d-ac96-774b-bcce-b302099a8057"] })).toEqual([]);
  });

  test("with `not` includes customers whose value is null", async () => {
    expect(await found({ not: { status: ["active"] } })).toEqual(["BO", "SURE"]);
    expect(await found({ not: { email: { eq: "bo.berg@example.com" } } })).toEqual(["DUC", "SURE"]);
    expect(await found({ not: { country: ["VN"] } })).toEqual(ALL);
    expect(await found({ not: { customFields: [{ field: "Size", lt: 10 }] } })).toEqual(["DUC", "SURE"]);
    expect(await found({ not: { not: { email: { contains: "berg" } } } })).toEqual(["BO"]);
  });

  test("with an unknown custom field is refused, and the nearest are named", async () => {
    const { errors } = await tenant.execute(QUERY, { filter: { or: [{ customFields: [{ field: "sise", eq: 1 }] }] } });
    expect(errors?.[0]?.extensions.problems).toEqual([
      {
        path: ["filter", "or", 0, "customFields", 0, "field"],
        code: "UNKNOWN_FIELD",
        message: `There is no custom field with this code. Nearest: "Size", "Since", "Sizes".`,
      },
    ]);
  });

  test.each([
    [{ field: "Size", eq: "3" }, "eq WRONG_FIELD_VALUE"],
    [{ field: "Size", in: [3, true] }, "in.1 WRONG_FIELD_VALUE"],
    [{ field: "Size", gte: "3" }, "gte WRONG_FIELD_VALUE"],
    [{ field: "Since", lt: "2026-02-30" }, "lt WRONG_FIELD_VALUE"],
    [{ field: "Loyal", eq: "true" }, "eq WRONG_FIELD_VALUE"],
    [{ field: "Loyal", gte: true }, "gte RANGE_NOT_ALLOWED"],
    [{ field: "Note", lt: "x" }, "lt RANGE_NOT_ALLOWED"],
    [{ field: "Colour", gte: "red" }, "gte RANGE_NOT_ALLOWED"],
    [{ field: "Sizes", eq: ["s"] }, "eq WRONG_FIELD_VALUE"],
    [{ field: "Note", eq: { a: 1 } }, "eq WRONG_FIELD_VALUE"],
  ])("of custom fields %j is refused", async (condition, problem) => {
    expect(await problemsOf({ customFields: [condition] })).toEqual([`filter.customFields.0.${problem}`]);
  });

  test("with a blank search is as without it, which is not as nothing", async () => {
    for (const search of ["", "   ", "\t\n", "\u00a0"]) {
      expect(await found({ search })).toEqual(ALL);
      expect(await found({ search, status: ["active"] })).toEqual(["DUC"]);
      expect(await found({ not: { search } })).toEqual([]);
    }
  });

  test.each([
    "nguyen",
    "NGUYỄN",
    "duc van",
    "Đức",
    "đuc",
    "dúc",
    "Nguyê\u0303n", // decomposed
    "0912 345 678",
    "+84 912-345-678",
    "(091) 234-5678",
    "84912345678",
    "5678",
    "345678",
    "028 123 4567",
    "0101234567",
    "0101234567-001",
    "duc 0912345678",
  ])("with search %j finds Nguyễn Văn Đức of 0912 345 678", async (search) => {
    expect(await found({ search })).toEqual(["DUC"]);
  });

  test.each(["nguyen bo", "ducc", "0912 345 679", "n%n", "_uc", "9123 ducc"])(
    "with search %j finds nobody",
    async (search) => {
      expect(await found({ search })).toEqual([]);
    },
  );

  test.each([
    ["0912345678"],
    ["+84 912 345 678"],
    ["(091) 234-5678"],
    ["84912345678"],
    ["0084912345678"],
    ["tel:+84912345678"],
  ])("with phone %j finds who has it, however it is written", async (phone) =>
    expect(await found({ phone })).toEqual(["DUC"]),
  );

  test("with a phone that cannot be read, is a part of one, or is blank finds nobody", async () => {
    for (const phone of ["", "call me", "345678", "+84912345", "0912345679"])
      expect([phone, await found({ phone })]).toEqual([phone, []]);
  });

  test("takes the wildcards of LIKE literally", async () => {
    for (const name of ["%", "_", "\\", "100%", "%_", "sure\\"]) {
      expect([name, await found({ name: { contains: name } })]).toEqual([name, ["SURE"]]);
    }
    expect(await found({ search: "0%_s" })).toEqual(["SURE"]);
    expect(await found({ search: "%%" })).toEqual([]);
    expect(await found({ name: { startsWith: "1%" } })).toEqual([]);
    expect(await found({ name: { startsWith: "100%_S" } })).toEqual(["SURE"]);
  });

  test("compares whole values of names as they are, of codes without case, of e-mails in lower case", async () => {
    expect(await found({ name: { eq: "nguyễn văn đức" } })).toEqual([]);
    expect(await found({ name: { eq: "Nguyễn Văn Đức".normalize("NFD") } })).toEqual(["DUC"]);
    expect(await found({ code: { eq: " duc " } })).toEqual(["DUC"]);
    expect(await found({ code: { in: ["duc", "Bo", "nobody"] } })).toEqual(["DUC", "BO"]);
    expect(await found({ email: { eq: "BO.BERG@EXAMPLE.COM" } })).toEqual(["BO"]);
    expect(await found({ email: { isNull: true } })).toEqual(["DUC", "SURE"]);
    expect(await found({ email: { isNull: false, startsWith: "BO." } })).toEqual(["BO"]);
    expect(await found({ email: { isNull: true, eq: "bo.berg@example.com" } })).toEqual([]);
  });

  test("lists the trash only when asked, and at the top level only", async () => {
    expect(await found({ trash: "EXCLUDE" })).toEqual(ALL);
    expect(await found({ trash: "INCLUDE" })).toEqual([...ALL, "TRASH"]);
    expect(await found({ trash: "ONLY" })).toEqual(["TRASH"]);
    expect(await found({ trash: "ONLY", search: "trash" })).toEqual(["TRASH"]);
    expect(await found({ search: "trash" })).toEqual([]);
    expect(await problemsOf({ and: [{ trash: "ONLY" }] })).toEqual(["filter.and.0.trash TOP_LEVEL_ONLY"]);
    expect(await problemsOf({ not: { or: [{}, { trash: "INCLUDE" }] } })).toEqual([
      "filter.not.or.1.trash TOP_LEVEL_ONLY",
    ]);
  });

  test("with NUL or half of a surrogate pair is refused with the way to it, wherever it takes a text", async () => {
    for (const bad of ["a\0b", "\ud800", "x\udc00"]) {
      for (const [way, filter] of [
        ["search", { search: bad }],
        ["id.0", { id: [bad] }],
        ["name.eq", { name: { eq: bad } }],
        ["code.in.0", { code: { in: [bad] } }],
        ["email.startsWith", { email: { startsWith: bad } }],
        ["taxId.contains", { taxId: { contains: bad } }],
        ["phone", { phone: bad }],
        ["status.0", { status: [bad] }],
        ["tag.0", { tag: [bad] }],
        ["customFields.0.field", { customFields: [{ field: bad }] }],
      ] as const) {
        expect(await problemsOf(filter)).toEqual([`filter.${way} INVALID_TEXT`]);
      }
      expect(await problemsOf({ customFields: [{ field: "Note", eq: bad }] })).toEqual([
        "filter.customFields.0.eq INVALID_VALUE",
      ]);
    }
    expect(gateway.unexpected).toEqual([]);
  });

  test("is 5 levels deep and holds 100 conditions at most, its lists 1,000 values, its texts 1,000 characters, a search 200", async () => {
    const nested = (levels: number): object => (levels === 1 ? { kind: "PERSONAL" } : { not: nested(levels - 1) });
    expect(await found(nested(5))).toEqual(["DUC", "BO"]);
    expect(await problemsOf(nested(6))).toEqual(["filter.not.not.not.not.not TOO_DEEP"]);
    expect(await found({ or: Array.from({ length: 99 }, () => ({ kind: "COMPANY" })) })).toEqual(["SURE"]);
    expect(await problemsOf({ or: Array.from({ length: 100 }, () => ({ kind: "COMPANY" })) })).toEqual([
      "filter TOO_DEEP",
    ]);
    const ids = (count: number): string[] => Array<string>(count).fill("x");
    expect(await found({ id: ids(1000) })).toEqual([]);
    expect(await problemsOf({ id: ids(1001) })).toEqual(["filter.id TOO_MANY"]);
    expect(await found({ name: { contains: "x".repeat(1000) } })).toEqual([]);
    expect(await problemsOf({ name: { contains: "x".repeat(1001) } })).toEqual(["filter.name.contains TOO_LONG"]);
    expect(await found({ search: "x".repeat(200) })).toEqual([]);
    expect(await problemsOf({ search: "x".repeat(201) })).toEqual(["filter.search TOO_LONG"]);
  });

  test("as deep as a request can be is refused, not a failure of the server", async () => {
    const depth = 50_000;
    const payload = `{"query":"query ($f: CustomerFilter) { customers(filter: $f) { totalCount } }","variables":{"f":${'{"not":'.repeat(depth)}{}${"}".repeat(depth)}}}`;
    const { statusCode, body } = await gateway.http.inject({
      method: "POST",
      url: "/graphql",
      headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
      payload,
    });
    expect(statusCode).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      errors: [{ extensions: { code: "BAD_USER_INPUT", problems: [{ path: ["filter"], code: "INVALID_VALUE" }] } }],
    });
    const literal = `${"{ not: ".repeat(240)}{}${"}".repeat(240)}`;
    const { errors } = await tenant.execute(`{ customers(filter: ${literal}) { totalCount } }`);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", problems: [{ code: "TOO_DEEP" }] } }]);
    expect(gateway.unexpected).toEqual([]);
  });

  test("is the same for numbered pages", async () => {
    const query = `query ($filter: CustomerFilter) { customerPage(filter: $filter) { items { code } totalCount } }`;
    const { customerPage } = await tenant.run(query, { filter: { search: "duc", status: ["active"] } });
    expect(customerPage).toEqual({ items: [{ code: "DUC" }], totalCount: 1 });
    const { errors } = await tenant.execute(query, { filter: { not: null } });
    expect(errors).toMatchObject([{ path: ["customerPage"], extensions: { problems: [{ path: ["filter", "not"] }] } }]);
  });
});

describe("the lists of assets, work orders, contracts and invoices", () => {
  let tenant: TestTenant;
  let assetId: string;
  beforeAll(async () => {
    tenant = await gateway.aTenant();
    const [ada, , gone] = [
      await create(tenant, { code: "ADA", name: "Ada" }),
      await create(tenant, { code: "BO", name: "Bo" }),
      await create(tenant, { code: "GONE", name: "Gone" }),
    ];
    const data = await tenant.run(`mutation {
      createAsset(customer: { code: "ADA" }, input: { code: "A-1", name: "Lift", category: "Thang máy", serialNumber: "SN-12-34" }) { id }
      retired: createAsset(customer: { code: "BO" }, input: { code: "A-2", name: "Pump", category: "thang may", status: RETIRED }) { id }
      gone: createAsset(customer: { code: "GONE" }, input: { code: "A-3", name: "Gone" }) { id }
      draft: createContract(customer: { code: "ADA" }, input: { code: "CT-1", title: "x" }) { id }
      active: createContract(customer: { code: "BO" }, input: { code: "CT-2", title: "x", status: ACTIVE }) { id }
      goneContract: createContract(customer: { code: "GONE" }, input: { code: "CT-3", title: "x" }) { id }
      due: createInvoice(customer: { code: "ADA" }, input: { code: "I-1", amount: "1", currency: "VND", dueOn: "2026-03-01" }) { id }
      undated: createInvoice(customer: { code: "BO" }, input: { code: "I-2", amount: "1", currency: "VND", status: PENDING }) { id }
      goneInvoice: createInvoice(customer: { code: "GONE" }, input: { code: "I-3", amount: "1", currency: "VND" }) { id }
      goneOrder: createWorkOrder(customer: { code: "GONE" }, input: { code: "WO-3", title: "x" }) { id }
    }`);
    assetId = data.createAsset.id;
    await tenant.run(
      `mutation ($asset: ID!) {
        open: createWorkOrder(customer: { code: "ADA" }, input: { code: "WO-1", title: "x", assetId: $asset, scheduledAt: "2026-03-01T08:00:00Z" }) { id }
        done: createWorkOrder(customer: { code: "BO" }, input: { code: "WO-2", title: "x", status: COMPLETED, priority: HIGH }) { id }
      }`,
      { asset: assetId },
    );
    await asOwner(
      `insert into customer_previous_codes (tenant_id, id, customer_id, code, code_key) values ($1, gen_random_uuid(), $2, 'OLD', 'old')`,
      [tenant.id, ada],
    );
    await trash([gone]);
    Object.assign(gone_, {
      asset: data.gone.id,
      contract: data.goneContract.id,
      invoice: data.goneInvoice.id,
      workOrder: data.goneOrder.id,
    });
  });
  const gone_: Record<string, string> = {};

  test.each([
    ["assets", "{}", ["A-1", "A-2"]],
    ["assets", `{ customer: { code: "ada" } }`, ["A-1"]],
    ["assets", `{ customer: { code: "old" } }`, ["A-1"]],
    ["assets", `{ customer: { code: "GONE" } }`, []],
    ["assets", `{ customer: { code: "nobody" } }`, []],
    ["assets", `{ customer: { id: "nobody" } }`, []],
    ["assets", "{ status: [RETIRED] }", ["A-2"]],
    ["assets", "{ status: [] }", []],
    ["assets", `{ category: "THANG MAY" }`, ["A-1", "A-2"]],
    ["assets", `{ category: "thang" }`, []],
    ["assets", `{ search: "lift may" }`, ["A-1"]],
    ["assets", `{ search: "1234" }`, ["A-1"]],
    ["assets", `{ search: " " }`, ["A-1", "A-2"]],
    ["assets", `{ search: "%" }`, []],
    ["workOrders", "{}", ["WO-2", "WO-1"]],
    ["workOrders", `{ customer: { code: "ADA" } }`, ["WO-1"]],
    ["workOrders", `{ asset: "nobody" }`, []],
    ["workOrders", "{ status: [OPEN, COMPLETED] }", ["WO-2", "WO-1"]],
    ["workOrders", "{ status: [] }", []],
    ["workOrders", "{ priority: [HIGH] }", ["WO-2"]],
    ["workOrders", "{ active: true }", ["WO-1"]],
    ["workOrders", "{ active: false }", ["WO-2"]],
    ["workOrders", `{ scheduledAt: { from: "2026-03-01T08:00:00Z" } }`, ["WO-1"]],
    ["workOrders", `{ scheduledAt: { before: "2026-03-01T08:00:00Z" } }`, []],
    ["workOrders", `{ scheduledAt: {} }`, ["WO-2", "WO-1"]],
    ["contracts", "{}", ["CT-2", "CT-1"]],
    ["contracts", "{ status: [ACTIVE] }", ["CT-2"]],
    ["contracts", `{ customer: { code: "ADA" }, status: [ACTIVE] }`, []],
    ["invoices", "{}", ["I-2", "I-1"]],
    ["invoices", "{ status: [PENDING] }", ["I-2"]],
    ["invoices", `{ dueOn: { from: "2026-03-01", before: "2026-03-02" } }`, ["I-1"]],
    ["invoices", `{ dueOn: { from: "2026-03-02" } }`, []],
  ])("%s(filter: %s) are %j", async (list, filter, codes) => {
    // Made in one transaction each, they have their time in common: the order is tested elsewhere.
    const { [list]: connection } = await tenant.run(`{ ${list}(filter: ${filter}) { nodes { code } totalCount } }`);
    expect(connection.nodes.map(({ code }: any) => code).sort()).toEqual([...codes].sort());
    expect(connection.totalCount).toBe(codes.length);
  });

  test("work orders on an asset are found by its id", async () => {
    const { workOrders } = await tenant.run(
      "query ($id: ID) { workOrders(filter: { asset: $id }) { nodes { code } } }",
      { id: assetId },
    );
    expect(workOrders.nodes).toEqual([{ code: "WO-1" }]);
  });

  test("what belongs to a customer in the trash is found by no list and by no id", async () => {
    for (const [one, id] of Object.entries(gone_)) {
      const data = await tenant.run(
        `query ($id: ID!) { ${one}(id: $id) { id } ${one}s(first: 100) { nodes { id } } }`,
        { id },
      );
      expect(data[one]).toBeNull();
      expect(data[`${one}s`].nodes).not.toContainEqual({ id });
    }
    const { customer } = await tenant.run(`{ customer(by: { code: "GONE" }) { id } }`);
    expect(customer).toBeNull();
    // In the trash itself it is shown whole.
    const { customers } = await tenant.run(
      `{ customers(filter: { trash: ONLY }) { nodes { assets { nodes { code } } } } }`,
    );
    expect(customers.nodes).toEqual([{ assets: { nodes: [{ code: "A-3" }] } }]);
  });

  test("a customer is named by exactly one of id and code, here as everywhere", async () => {
    for (const [query, path] of [
      [`{ assets(filter: { customer: {} }) { totalCount } }`, ["filter", "customer"]],
      [`{ workOrders(filter: { customer: { id: "x", code: "x" } }) { totalCount } }`, ["filter", "customer"]],
      [`{ customer(by: {}) { id } }`, ["by"]],
      [`{ customer(by: { id: "x", code: "x" }) { id } }`, ["by"]],
    ] as const) {
      const { errors } = await tenant.execute(query);
      expect(errors?.[0]?.extensions).toMatchObject({
        code: "BAD_USER_INPUT",
        problems: [{ path, code: "EXACTLY_ONE" }],
      });
    }
  });
});
