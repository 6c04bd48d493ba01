import { getIntrospectionQuery, Lexer, Source, TokenKind } from "graphql";
import { demoQueries } from "../../src/demo/demo-queries";
import { aCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  await aCustomer(tenant);
});
afterAll(() => gateway.close());

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(" ");

const nested = (name: string, levels: number, innermost: string): string =>
  levels === 0 ? innermost : `${name} { ${nested(name, levels - 1, innermost)} }`;

/** A document of so many tokens that asks for one thing. */
function documentOf(tokens: number): string {
  const [start, end] = ["{ customers(filter: { status: [", "] }) { totalCount } }"];
  const document = (entries: number): string => `${start}${'"x" '.repeat(entries)}${end}`;
  const found = document(tokens - tokensOf(document(0)));
  expect(tokensOf(found)).toBe(tokens);
  return found;
}

function tokensOf(document: string): number {
  const lexer = new Lexer(new Source(document));
  let count = 0;
  while (lexer.advance().kind !== TokenKind.EOF) count += 1;
  return count;
}

/** What may not be executed: refused quickly, with one error and without a statement. */
async function refused(query: string, variables?: Record<string, unknown>): Promise<Answer<any>> {
  const start = performance.now();
  const answer = await tenant.execute(query, variables);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(answer).toMatchObject({ status: 400, data: undefined, statements: [] });
  expect(answer.errors?.length).toBeLessThanOrEqual(5);
  expect(gateway.unexpected).toEqual([]); // nothing to be logged
  return answer;
}

async function refusedAsTooComplex(query: string, variables?: Record<string, unknown>): Promise<string> {
  const { errors } = await refused(query, variables);
  expect(errors).toEqual([
    expect.objectContaining({ extensions: { code: "QUERY_TOO_COMPLEX", requestId: expect.any(String) } }),
  ]);
  return errors?.[0]?.message ?? "";
}

describe("an operation exactly at a limit runs, and one beyond it does not", () => {
  const orders = (first: number, each: number): string =>
    `customers(first: ${first}) { nodes { workOrders(first: ${each}) { nodes { asset { id } } } } }`;

  test.each<[string, (beyond: number) => string, string]>([
    ["1000 tokens", (beyond) => documentOf(1000 + beyond), "more than 1000 tokens"],
    [
      "12 levels",
      (beyond) => `{ customer(by: { code: "x" }) { ${nested("mergedInto", 10 + beyond, "id")} } }`,
      "13 levels",
    ],
    ["15 aliases", (beyond) => `{ ${times(15 + beyond, (index) => `a${index}: __typename`)} }`, "16 aliases"],
    ["20 directives", (beyond) => `{ ${times(20 + beyond, () => "__typename @include(if: true)")} }`, "21 directives"],
    ["300 fields", (beyond) => `{ ${times(300 + beyond, () => "__typename")} }`, "301 fields"],
    [
      // 1 connection, 99 customers with a connection of 100 work orders and their assets each, and the viewer
      "20000 objects",
      (beyond) => `{ ${orders(99, 100)} viewer { ${beyond > 0 ? "tenant { id }" : "credential"} } }`,
      "20001 objects",
    ],
  ])("%s", async (_limit, document, told) => {
    await tenant.run(document(0));
    expect(await refusedAsTooComplex(document(1))).toContain(told);
  });
});

describe("a hostile document", () => {
  /** Each fragment spreads the next one twice: 2^levels times what the last one selects. */
  const doubling = (levels: number, spread: string): string =>
    `query { ...F0 } ${times(levels, (level) => `fragment F${level} on Query { ...F${level + 1} ${spread}F${level + 1} }`)}
     fragment F${levels} on Query { __typename }`;

  test.each<[string, string, RegExp]>([
    ["101 aliases of __typename", `{ ${times(101, (index) => `a${index}: __typename`)} }`, /101 aliases/],
    ["500 repeated fields", `{ viewer { ${"credential ".repeat(500)} } }`, /501 fields/],
    ["30 directives on one field", `{ __typename ${times(30, (index) => `@d${index}`)} }`, /30 directives/],
    ["30 directives on variables", `query (${times(30, (n) => `$v${n}: Int @d`)}) { __typename }`, /30 directives/],
    ["fragments that double 40 times", doubling(40, "..."), /1099511627776 fields/],
    ["fragments that double 40 times, inline", doubling(40, "... on Query { __typename } ..."), /fields/],
    [
      "aliases in a fragment that is spread again and again",
      `{ ${times(10, () => "viewer { ...A }")} } fragment A on Viewer { ${times(5, (n) => `a${n}: credential`)} }`,
      /50 aliases/,
    ],
    ["a field 300 levels deep", `{ customer(by: {}) { ${nested("mergedInto", 300, "id")} } }`, /302 levels/],
    ["half a million tokens", `{ ${"a ".repeat(500_000)} }`, /more than 1000 tokens/],
    ["half a million opened braces", "{a".repeat(250_000), /more than 1000 tokens/],
    ["half a million brackets in a value", `{ a(a: ${"[".repeat(500_000)} ) }`, /more than 1000 tokens/],
    ["100 introspections", `{ ${times(100, (n) => `s${n}: __schema { types { name } }`)} }`, /100 aliases/],
    [
      "pages in pages in pages",
      `{ customers(first: 100) { nodes { assets(first: 100) { nodes { workOrders(first: 100) { nodes { id } } } } } } }`,
      /1020201 objects/,
    ],
    [
      "pages in pages in pages, of no given size, by fragments",
      `{ customers { ...C } } fragment C on CustomerConnection { edges { node { ...D } } }
       fragment D on Customer { ${times(4, (n) => `a${n}: assets { nodes { workOrders { nodes { customer { id } } } } }`)} }`,
      /objects/,
    ],
  ])("of %s is refused at once", async (_what, document, told) => {
    expect(await refusedAsTooComplex(document)).toMatch(told);
  });

  test.each([
    ["fragments that spread each other", `{ ...A } fragment A on Query { ...B } fragment B on Query { ...A ...A }`],
    ["a fragment that spreads itself", `{ ...A } fragment A on Query { ...A ...A ...A }`],
    [
      "introspection in circles",
      `{ __schema { types { ${nested("fields { type", 6, "name").replaceAll("}", "} }")} } }`,
    ],
    ["fragments that nothing spreads", `{ __typename } ${times(100, (n) => `fragment F${n} on Query { __typename }`)}`],
    ["unknown fields", `{ ${times(290, (n) => `unknown${n}`)} }`],
  ])("of %s is refused at once, as one that is not valid", async (_what, document) => {
    await refused(document);
  });

  test("is refused again from what is remembered of it", async () => {
    const document = `query Again { customers(first: 100) { nodes { workOrders(first: 100) { edges { node { id } } } } } }`;
    const first = await refusedAsTooComplex(document);
    expect(await refusedAsTooComplex(document)).toBe(first);
  });
});

describe("objects are estimated", () => {
  const objects = `query Objects($first: Int, $last: Int, $each: Int! = 100, $wanted: Boolean! = true) {
    customers(first: $first, last: $last) { nodes { assets(first: $each) @include(if: $wanted) { nodes { customer { code } } } } }
  }`;

  test.each<[string, Record<string, unknown>]>([
    ["first", { first: 100 }],
    ["last", { last: 100 }],
    ["more than a page can have", { first: 2_000_000_000 }],
  ])("from the variables of the request: %s", async (_name, variables) => {
    expect(await refusedAsTooComplex(objects, variables)).toContain("20201 objects");
    await tenant.run(objects, { ...variables, each: 10, ...(variables["first"] === 2_000_000_000 && { first: 1 }) });
  });

  test.each<[string, Record<string, unknown>]>([
    ["the default page", {}],
    ["the default page, for null", { first: null }],
    ["nothing of what is left out", { first: 100, wanted: false }],
    ["none for none", { first: 0 }],
  ])("as %s", async (_name, variables) => {
    await tenant.run(objects, variables);
  });

  test("from numbered pages", async () => {
    const pages = `query ($perPage: Int!) { customerPage(perPage: $perPage) { items { workOrders(first: 100) { nodes { asset { id } } } } } }`;
    await tenant.run(pages, { perPage: 90 });
    expect(await refusedAsTooComplex(pages, { perPage: 100 })).toContain("customerPage(perPage: 99) would fit");
  });

  test("from the length of what is written", async () => {
    const upsert = `mutation ($input: [CustomerInput!]!) {
      upsertCustomers(input: $input, validateOnly: true) { code assets(first: 50) { nodes { id } } }
    }`;
    const rows = (count: number): object => ({
      input: times(count, (n) => `N ${n},`)
        .split(", ")
        .map((name) => ({ name })),
    });
    await tenant.run(upsert, rows(10) as Record<string, unknown>);
    expect(await refusedAsTooComplex(upsert, rows(500) as Record<string, unknown>)).toContain("26000 objects");
  });

  test("and the refusal says what would fit, which then does", async () => {
    const document = (first: number, each: number): string =>
      `{ list: customers(first: ${first}) { nodes { workOrders(first: ${each}) { nodes { asset { id } } } } } }`;
    expect(await refusedAsTooComplex(document(100, 100))).toBe(
      "The operation asks for 20201 objects in the answer, as estimated from the sizes of its lists; 20000 are allowed. list(first: 99) would fit.",
    );
    await tenant.run(document(99, 100));
  });

  test("and where no single page would, the refusal says how large all may be", async () => {
    const document = (size: number): string =>
      `{ customers(first: ${size}) { nodes { assets(first: ${size}) { nodes { workOrders(first: ${size}) { nodes { asset { workOrders(first: ${size}) { nodes { id } } } } } } } } } }`;
    const told =
      /customers\(first: (\d+)\), assets\(first: \1\), workOrders\(first: \1\), workOrders\(first: \1\) would fit/;
    const [, size] = told.exec(await refusedAsTooComplex(document(100))) ?? [];
    await tenant.run(document(Number(size)));
    await refusedAsTooComplex(document(Number(size) + 1));
  });
});

describe("an ordinary document runs", () => {
  test.each(demoQueries.map(({ title, query, variables }) => [title, query, variables] as const))(
    "%s",
    async (_title, query, variables) => {
      const { errors } = await tenant.execute(query, JSON.parse(variables ?? "{}") as Record<string, unknown>);
      expect(errors?.map(({ extensions }) => extensions.code) ?? []).not.toContain("QUERY_TOO_COMPLEX");
    },
  );

  test("with everything of 50 customers", async () => {
    await tenant.run(`{ customers(first: 50) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node {
      id code name address { formatted } status { name } type { name } group { name } branch { name }
      contacts { name email phone } bankAccounts { bankName maskedAccountNumber } customFields { field { code } value }
      assets { totalCount nodes { code name } } workOrders(first: 10) { totalCount nodes { code title asset { name } } }
      contracts { nodes { code } } invoices { nodes { code amount } } deletion { allowed blockers { kind count } } } } } }`);
  });

  test("with the introspection of explorers, deeper than others may be", async () => {
    const { __schema: schema } = await tenant.run(
      getIntrospectionQuery({
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    );
    expect(schema.types.length).toBeGreaterThan(50);
  });
});

test("the refusal is in the language of the request", async () => {
  const { errors } = (
    await gateway.http.inject({
      method: "POST",
      url: "/graphql",
      headers: { authorization: `Bearer ${tenant.token}`, "accept-language": "vi" },
      payload: { query: `{ ${times(16, (index) => `a${index}: __typename`)} }` },
    })
  ).json<{ errors: { message: string }[] }>();
  expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/^Thao tác này yêu cầu 16 bí danh/)]);
});

describe("limits that are configured", () => {
  test("hold instead of the default ones", async () => {
    const strict = await startGateway({ database: gateway.database, limits: { fields: 3, objects: 5 } });
    try {
      const other = await strict.aTenant();
      await other.run("{ customers(first: 4) { totalCount } }");
      const answers = [
        await other.execute("{ customers(first: 4) { totalCount pageInfo { endCursor } } }"),
        await other.execute("{ customers(first: 5) { nodes { id } } }"),
      ];
      expect(answers.map(({ errors }) => errors?.[0]?.message)).toEqual([
        expect.stringContaining("4 fields, with fragments counted wherever they are spread; 3 are allowed"),
        expect.stringContaining("5 are allowed. customers(first: 4) would fit."),
      ]);
    } finally {
      await strict.close();
    }
  });
});
