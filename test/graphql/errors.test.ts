import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
} from "graphql";
import { type Client } from "pg";
import { withClient } from "../support/database";
import { startGateway, type AnswerError, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
});
afterAll(() => gateway.close());

interface HttpAnswer {
  readonly status: number;
  readonly body: { readonly data?: any; readonly errors?: readonly AnswerError[] };
  readonly text: string;
  readonly headers: Record<string, unknown>;
}

interface HttpRequest {
  readonly method?: "GET" | "POST" | "PUT";
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string;
}

/** One HTTP request, by the tenant's key unless another header is given. */
async function send({ method = "POST", url = "/graphql", headers = {}, payload }: HttpRequest): Promise<HttpAnswer> {
  const response = await gateway.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json", ...headers },
    ...(payload !== undefined && { payload }),
  });
  const isJson = String(response.headers["content-type"]).includes("json");
  return {
    status: response.statusCode,
    body: isJson ? response.json() : {},
    text: response.body,
    headers: response.headers,
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What holds of every error, whatever it is about. */
function expectSound({ body, text }: HttpAnswer): void {
  expect(body.errors?.length).toBeGreaterThan(0);
  for (const error of body.errors ?? []) {
    expect(error.message).toMatch(/\S/);
    expect(error.extensions.code).toMatch(/^[A-Z_]+$/);
    expect(error.extensions.requestId).toMatch(UUID);
    const known = ["code", "requestId", "problems", "existing", "currentVersion", "blockers"];
    expect(Object.keys(error.extensions).filter((name) => !known.includes(name))).toEqual([]);
  }
  expect(text).not.toMatch(
    /Did you mean|stack|node_modules|\.ts:\d|\bselect .* from\b|\binsert into\b|tenant_id|23505/i,
  );
}

const codesOf = ({ body }: HttpAnswer): unknown => body.errors?.map(({ extensions }) => extensions.code);
const ask = (query: string, variables?: object): Promise<HttpAnswer> =>
  send({ payload: JSON.stringify({ query, variables }) });

describe("who has no valid credential", () => {
  const credentials = async (): Promise<Record<string, string | undefined>> => {
    const { app } = gateway;
    const other = await gateway.aTenant();
    const revoked = await app.database.write(other.id, (scope) => app.services.apiKeys.create(scope, "old", ["*"]));
    expect(await app.database.write(other.id, (scope) => app.services.apiKeys.revoke(scope, revoked.id))).toBe(true);
    const flip = (text: string, at: number): string =>
      `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
    return {
      missing: undefined,
      empty: "",
      "without a scheme": tenant.token,
      "without a token": "Bearer ",
      malformed: "Bearer ck_short",
      "with something behind": `Bearer ${tenant.token} x`,
      "of another scheme": `Basic ${Buffer.from(`x:${tenant.token}`).toString("base64")}`,
      "of an unknown secret": `Bearer ${flip(tenant.token, tenant.token.length - 2)}`,
      "of an unknown tenant": `Bearer ${flip(tenant.token, 8)}`,
      "of another tenant's id with this secret": `Bearer ${other.token.slice(0, 25)}${tenant.token.slice(25)}`,
      revoked: `Bearer ${revoked.token}`,
      "of a line as long as a page": `Bearer ${"x".repeat(9000)}`,
    };
  };

  test("gets 401 and the same body, whatever the reason", async () => {
    const payload = JSON.stringify({ query: "{ viewer { credential } }" });
    for (const [reason, authorization] of Object.entries(await credentials())) {
      const { statusCode, headers, body } = await gateway.http.inject({
        method: "POST",
        url: "/graphql",
        headers: { "content-type": "application/json", ...(authorization !== undefined && { authorization }) },
        payload,
      });
      expect([reason, statusCode, headers["www-authenticate"]]).toEqual([reason, 401, "Bearer"]);
      const answer = JSON.parse(body);
      expect(answer.errors[0].extensions.requestId).toMatch(UUID);
      delete answer.errors[0].extensions.requestId;
      expect(answer).toEqual({
        errors: [
          {
            message:
              "Send one valid credential: an API key or a token as Authorization: Bearer …, or a signed request.",
            extensions: { code: "UNAUTHENTICATED" },
          },
        ],
      });
    }
  });

  test("learns nothing more by what is sent: it is not even read", async () => {
    const headers = { authorization: "Bearer ck_x" };
    for (const request of [
      { payload: "{" },
      { payload: "" },
      { payload: `{"query":"{ __schema { types { name } } }"}` },
      { payload: `"${"x".repeat(2 ** 21)}"` },
      { method: "GET" as const, url: "/graphql?query={viewer{credential}}" },
      { headers: { "content-type": "text/plain" }, payload: "x" },
    ]) {
      const answer = await send({ ...request, headers: { ...headers, ...("headers" in request && request.headers) } });
      expect([answer.status, codesOf(answer)]).toEqual([401, ["UNAUTHENTICATED"]]);
    }
  });

  test("is known again by the same key, whatever the case of the scheme", async () => {
    const answer = await send({
      headers: { authorization: `bearer  ${tenant.token}` },
      payload: JSON.stringify({ query: "{ viewer { credential } }" }),
    });
    expect([answer.status, answer.body]).toEqual([200, { data: { viewer: { credential: "test" } } }]);
  });
});

describe("a credential without the scope", () => {
  /** A value that fits the type, the shortest there is. */
  function sample(type: GraphQLInputType): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [];
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter(isRequiredInputField);
      const values = Object.fromEntries(fields.map((field) => [field.name, sample(field.type)]));
      return nullable.name === "CustomerKey" ? { code: "nobody" } : values;
    }
    return { Int: 1, Boolean: true, Decimal: "1" }[nullable.name] ?? "x";
  }

  /** The operation that asks for one root field, with the least that is accepted. */
  function operation(
    kind: "query" | "mutation",
    { name, args, type }: GraphQLField<unknown, unknown>,
  ): [string, object] {
    const given = args.filter(isRequiredArgument);
    const declared = given.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(", ");
    const passed = given.map((argument) => `${argument.name}: $${argument.name}`).join(", ");
    const call = `${name}${passed && `(${passed})`}${isCompositeType(getNamedType(type)) ? " { __typename }" : ""}`;
    const variables = Object.fromEntries(given.map((argument) => [argument.name, sample(argument.type)]));
    return [`${kind}${declared && ` (${declared})`} { ${call} }`, variables];
  }

  const rootFields = (): ["query" | "mutation", GraphQLField<unknown, unknown>][] => {
    const { schema } = gateway.app;
    return [
      ...Object.values(schema.getQueryType()?.getFields() ?? {}).map(
        (field) => ["query", field] as ["query", typeof field],
      ),
      ...Object.values(schema.getMutationType()?.getFields() ?? {}).map(
        (field) => ["mutation", field] as ["mutation", typeof field],
      ),
    ];
  };
  const scopeOf = ({ description }: GraphQLField<unknown, unknown>): string =>
    /Scope `?([a-z-]+:[a-z]+)/.exec(description ?? "")?.[1] ?? "";

  test("is FORBIDDEN every root field but viewer, and told which scope the field needs", async () => {
    const stranger = await tenant.withScopes();
    const fields = rootFields().filter(([, { name }]) => name !== "viewer");
    expect(fields.length).toBeGreaterThan(25);
    for (const [kind, field] of fields) {
      const { status, data, errors } = await stranger.execute(
        ...(operation(kind, field) as [string, Record<string, unknown>]),
      );
      expect([field.name, status, errors]).toEqual([
        field.name,
        200,
        [
          {
            message: `This needs the scope ${scopeOf(field)}.`,
            path: [field.name],
            locations: [expect.anything()],
            extensions: { code: "FORBIDDEN", requestId: expect.stringMatching(UUID) },
          },
        ],
      ]);
      expect(data?.[field.name] ?? null).toBeNull();
    }
    expect(await stranger.run("{ viewer { credential scopes tenant { code } } }")).toEqual({
      viewer: { credential: "test", scopes: [], tenant: { code: tenant.code } },
    });
  });

  test("is let in by that scope alone, and by no other", async () => {
    const scopes = [
      ...new Set(
        rootFields()
          .map(([, field]) => scopeOf(field))
          .filter(Boolean),
      ),
    ];
    expect(scopes.length).toBeGreaterThan(2);
    const empty = await gateway.aTenant();
    for (const scope of scopes) {
      const holder = await empty.withScopes(scope);
      const others = await empty.withScopes(...scopes.filter((other) => other !== scope));
      for (const [kind, field] of rootFields().filter(([, candidate]) => scopeOf(candidate) === scope)) {
        const [query, variables] = operation(kind, field) as [string, Record<string, unknown>];
        const forbidden = async (asker: TestTenant): Promise<boolean> => {
          const { errors } = await asker.execute(query, variables);
          return errors?.some(({ extensions }) => extensions.code === "FORBIDDEN") ?? false;
        };
        expect([field.name, await forbidden(holder), await forbidden(others)]).toEqual([field.name, false, true]);
      }
    }
  });

  test("writes nothing by a mutation that it may not ask for, nor where a part of the answer is missing", async () => {
    const writer = await (await gateway.aTenant()).withScopes("customers:write");
    const { data, errors } = await writer.execute(
      `mutation { createCustomer(input: { code: "X" }) { id contacts { id } } }`,
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ["createCustomer", "contacts"], extensions: { code: "FORBIDDEN" } }]);
    const reader = await writer.withScopes("customers:read");
    expect(await reader.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 0 } });
  });

  test("reads account numbers as null with FORBIDDEN at their path, the rest as ever", async () => {
    const owner = await gateway.aTenant();
    const clerk = await owner.withScopes("customers:read", "customers:write");
    const auditor = await owner.withScopes("customers:read", "bank-accounts:reveal");
    const created = await clerk.execute(`mutation {
      createCustomer(input: { bankAccounts: [{ accountNumber: "97040001" }, { accountNumber: "1234" }] }) {
        bankAccounts { accountNumber maskedAccountNumber }
      }
    }`);
    const masked = [
      { accountNumber: null, maskedAccountNumber: "****0001" },
      { accountNumber: null, maskedAccountNumber: "****" },
    ];
    const forbidden = (...before: (string | number)[]): unknown =>
      [0, 1].map((index) => ({
        message: "This needs the scope bank-accounts:reveal.",
        path: [...before, "bankAccounts", index, "accountNumber"],
        extensions: { code: "FORBIDDEN" },
      }));
    expect(created.status).toBe(200);
    expect(created.data.createCustomer.bankAccounts).toEqual(masked);
    expect(created.errors).toMatchObject(forbidden("createCustomer") as object);

    // What was created stays: a field that may not be seen fails no write.
    const query = "{ customers { nodes { bankAccounts { accountNumber maskedAccountNumber } } } }";
    const read = await clerk.execute(query);
    expect(read.data.customers.nodes).toEqual([{ bankAccounts: masked }]);
    expect(read.errors).toMatchObject(forbidden("customers", "nodes", 0) as object);
    expect((await auditor.run(query)).customers.nodes[0].bankAccounts).toMatchObject([
      { accountNumber: "97040001" },
      { accountNumber: "1234" },
    ]);
  });
});

describe("wrong variables", () => {
  const CREATE = `mutation ($input: CustomerInput!) { createCustomer(input: $input) { id } }`;
  const LIST = `query ($f: CustomerFilter) { customers(filter: $f) { totalCount } }`;
  const contact = { name: "Ada" };
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  test.each<[string, object, string[]]>([
    ["query ($n: Int!) { customers(first: $n) { totalCount } }", {}, ["first REQUIRED"]],
    ["query ($n: Int!) { customers(first: $n) { totalCount } }", { n: null }, ["first REQUIRED"]],
    ["query ($n: Int!) { customers(first: $n) { totalCount } }", { n: "1" }, ["first INVALID_VALUE"]],
    ["query ($n: Int!) { customers(first: $n) { totalCount } }", { n: 1.5 }, ["first INVALID_VALUE"]],
    ["query ($n: Int!) { customers(first: $n) { totalCount } }", { n: 2 ** 31 }, ["first INVALID_VALUE"]],
    ["query ($x: ID!) { asset(id: $x) { id } }", { x: 1.5 }, ["id INVALID_VALUE"]],
    ["query ($x: ID!) { asset(id: $x) { id } }", { x: { a: 1 } }, ["id INVALID_VALUE"]],
    ["query ($x: String!) { customer(by: { code: $x }) { id } }", { x: 7 }, ["by.code INVALID_VALUE"]],
    [LIST, { f: "text" }, ["filter INVALID_VALUE"]],
    [LIST, { f: { nme: {} } }, ["filter.nme INVALID_VALUE"]],
    [LIST, { f: { kind: "PERSON" } }, ["filter.kind INVALID_VALUE"]],
    [LIST, { f: { kind: 1 } }, ["filter.kind INVALID_VALUE"]],
    [LIST, { f: { createdAt: { from: "yesterday" } } }, ["filter.createdAt.from INVALID_VALUE"]],
    [LIST, { f: { country: ["VN", "Atlantis"] } }, ["filter.country.1 INVALID_VALUE"]],
    [LIST, { f: { hasActiveWorkOrders: "yes" } }, ["filter.hasActiveWorkOrders INVALID_VALUE"]],
    [LIST, { f: { or: [{}, { status: [1] }] } }, ["filter.or.1.status.0 INVALID_VALUE"]],
    [LIST, { f: { customFields: [{ eq: 1 }] } }, ["filter.customFields.0.field REQUIRED"]],
    [LIST, { f: { customFields: [{ field: "x", eq: deep(6) }] } }, ["filter.customFields.0.eq INVALID_VALUE"]],
    [
      "query ($s: [String!]) { customers(filter: { or: [{}, { status: $s }] }) { totalCount } }",
      { s: [null] },
      ["filter.or.1.status.0 REQUIRED"],
    ],
    [
      "query ($a: Int!, $b: Int!) { customers(first: $a) { totalCount } customerPage(perPage: $b) { page } }",
      { a: "x", b: "y" },
      ["first INVALID_VALUE", "perPage INVALID_VALUE"],
    ],
    [
      "query ($n: Int!) { customers { nodes { workOrders(first: $n) { totalCount } } } }",
      { n: "x" },
      ["first INVALID_VALUE"],
    ],
    [CREATE, {}, ["input REQUIRED"]],
    [CREATE, { input: [] }, ["input INVALID_VALUE"]],
    [
      CREATE,
      { input: { contacts: [contact, {}, { title: "x" }] } },
      ["input.contacts.1.name REQUIRED", "input.contacts.2.name REQUIRED"],
    ],
    [CREATE, { input: { contacts: [contact, null] } }, ["input.contacts.1 REQUIRED"]],
    [CREATE, { input: { contacts: [{ name: null }] } }, ["input.contacts.0.name REQUIRED"]],
    [CREATE, { input: { contacts: [{ ...contact, isPrimary: 1 }] } }, ["input.contacts.0.isPrimary INVALID_VALUE"]],
    [
      'mutation ($c: ContactInput!) { createCustomer(input: { contacts: [{ name: "x" }, $c] }) { id } }',
      { c: { name: 5 } },
      ["input.contacts.1.name INVALID_VALUE"],
    ],
    [
      'mutation ($n: String!) { createCustomer(input: { contacts: [{ name: "x" }, { name: $n }] }) { id } }',
      { n: false },
      ["input.contacts.1.name INVALID_VALUE"],
    ],
    [
      'mutation ($a: Decimal!, $d: Date) { createInvoice(customer: { code: "x" }, input: { amount: $a, currency: "VND", dueOn: $d }) { id } }',
      { a: 1.5, d: "2026-02-30" },
      ["input.amount INVALID_VALUE", "input.dueOn INVALID_VALUE"],
    ],
  ])("%s of %j are told with their way in the arguments", async (query, variables, problems) => {
    const answer = await ask(query, variables);
    expectSound(answer);
    expect([answer.status, codesOf(answer)]).toEqual([400, ["BAD_USER_INPUT"]]);
    expect(answer.body.data).toBeUndefined();
    expect(answer.body.errors?.[0]?.extensions.problems?.map(({ path, code }) => `${path.join(".")} ${code}`)).toEqual(
      problems,
    );
  });

  test("are told fifty at a time, however many there are", async () => {
    const answer = await ask(CREATE, { input: { phones: Array(5000).fill(1) } });
    expectSound(answer);
    expect(answer.body.errors?.[0]?.extensions.problems).toHaveLength(50);
  });
});

describe("wrong literals", () => {
  test.each<[string, string[]]>([
    [`{ customers(first: "x") { totalCount } }`, ["first"]],
    [`{ customers(filter: { kind: PERSON }) { totalCount } }`, ["filter.kind"]],
    [
      `{ customers(filter: { or: [{}, { createdAt: { from: "x" } }] }) { totalCount } }`,
      ["filter.or.1.createdAt.from"],
    ],
    [`{ customers(filter: "x") { totalCount } }`, ["filter"]],
    [`{ customers(filter: { status: [1] }) { totalCount } }`, ["filter.status.0"]],
    [`{ customers(filter: { nme: 1 }) { totalCount } }`, ["filter.nme"]],
    [`{ customers(orderBy: [{ field: NAME }, { direction: ASC }]) { totalCount } }`, ["orderBy.1.field"]],
    [
      `mutation { createCustomer(input: { contacts: [{ name: "x" }, { title: "x" }] }) { id } }`,
      ["input.contacts.1.name"],
    ],
    [
      `mutation { createCustomer(input: { name: 1, contacts: [{ name: null }] }) { id } }`,
      ["input.name", "input.contacts.0.name"],
    ],
    [`{ customers { nodes { workOrders(first: null) { totalCount } } } }`, ["first"]],
  ])("%s is told with the way in the arguments", async (query, paths) => {
    const answer = await ask(query);
    expectSound(answer);
    expect(answer.status).toBe(400);
    expect(
      answer.body.errors?.flatMap(({ extensions }) => extensions.problems?.map(({ path }) => path.join("."))),
    ).toEqual(paths);
    expect(answer.body.data).toBeUndefined();
  });
});

test("all problems of an input are told in one answer, by shape, by rule and by what the tenant has", async () => {
  const fresh = await gateway.aTenant();
  await fresh.run(`mutation { createCustomerStatus(input: { code: "active", name: "x" }) { id } }`);
  const { status, data, errors } = await fresh.execute(
    `mutation ($input: CustomerInput!) { createCustomer(input: $input) { id } }`,
    {
      input: {
        code: "x".repeat(65),
        email: "nobody",
        phones: ["+84912345678", "call me"],
        website: "ftp://example.com",
        status: "actve",
        notes: "a\0b",
        address: { country: "Atlantis" },
        contacts: [{ name: " " }, { name: "x", email: "@" }, { name: "y", phone: "1" }],
        bankAccounts: [{ bankName: "x" }],
        customFields: [{ field: "nothing", value: 1 }],
      },
    },
  );
  expect(status).toBe(200);
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    { message: "The input has 12 problems.", path: ["createCustomer"], extensions: { code: "BAD_USER_INPUT" } },
  ]);
  expect(new Set(errors?.[0]?.extensions.problems?.map(({ path, code }) => `${path.join(".")} ${code}`))).toEqual(
    new Set([
      "input.code TOO_LONG",
      "input.email INVALID_EMAIL",
      "input.phones.1 INVALID_PHONE",
      "input.website INVALID_URL",
      "input.status UNKNOWN_CODE",
      "input.notes INVALID_TEXT",
      "input.address.country INVALID_COUNTRY",
      "input.contacts.0.name REQUIRED",
      "input.contacts.1.email INVALID_EMAIL",
      "input.contacts.2.phone INVALID_PHONE",
      "input.bankAccounts.0.accountNumber REQUIRED",
      "input.customFields.0.field UNKNOWN_FIELD",
    ]),
  );
  expect(errors?.[0]?.extensions.problems?.find(({ code }) => code === "UNKNOWN_CODE")?.message).toBe(
    `There is no customer status with this code. Nearest: "active".`,
  );
});

test("a CONFLICT says which record is in the way", async () => {
  const fresh = await gateway.aTenant();
  const create = `mutation { createCustomer(input: { code: "Ada" }) { id } }`;
  const { createCustomer } = await fresh.run(create);
  const answer = await fresh.execute(create.replace("Ada", "ADA"));
  expect(answer).toMatchObject({
    status: 200,
    data: null,
    errors: [
      {
        message: "Another customer has this code already. Choose another code.",
        path: ["createCustomer"],
        extensions: { code: "CONFLICT", existing: { id: createCustomer.id, code: "Ada" } },
      },
    ],
  });
});

test("NOT_FOUND names the type, and no value", async () => {
  const answer = await ask(`mutation { createAsset(customer: { code: "CANARY" }, input: { name: "x" }) { id } }`);
  expectSound(answer);
  expect(answer.body).toMatchObject({
    data: null,
    errors: [{ message: "Customer not found.", extensions: { code: "NOT_FOUND" } }],
  });
  expect(answer.text).not.toContain("CANARY");
});

describe("what was sent", () => {
  const VALUE = "CANARY-7f3a";
  const literal = JSON.stringify(VALUE);

  test.each([
    // literals
    `{ customers(first: ${literal}) { totalCount } }`,
    `{ customers(first: 99999999999) { totalCount } }`,
    `{ customers(filter: ${literal}) { totalCount } }`,
    `{ customers(filter: [${literal}]) { totalCount } }`,
    `{ customers(filter: { kind: ${literal} }) { totalCount } }`,
    `{ customers(filter: { kind: CANARY_7f3a }) { totalCount } }`,
    `{ customers(filter: { createdAt: ${literal} }) { totalCount } }`,
    `{ customers(filter: { createdAt: { from: ${literal} } }) { totalCount } }`,
    `{ customers(filter: { country: [${literal}] }) { totalCount } }`,
    `{ customers(filter: { hasActiveWorkOrders: ${literal} }) { totalCount } }`,
    `{ customers(filter: { search: { a: ${literal} } }) { totalCount } }`,
    `{ customers(filter: { customFields: [{ field: "x", eq: [[[[[[${literal}]]]]]] }] }) { totalCount } }`,
    `{ customers(after: ${literal}) { totalCount } }`,
    `mutation { createCustomer(input: ${literal}) { id } }`,
    `mutation { createCustomer(input: { email: ${literal}, website: ${literal}, phones: [${literal}], fax: ${literal}, phoneRegion: ${literal}, address: { country: ${literal} } }) { id } }`,
    `mutation { createCustomer(input: { bankAccounts: [{ accountNumber: 7777, bankName: ${literal} }] }) { id } }`,
    `mutation { createInvoice(customer: { code: "x" }, input: { amount: ${literal}, currency: ${literal}, dueOn: ${literal} }) { id } }`,
    `query ($x: Int = ${literal}) { customers(first: $x) { totalCount } }`,
    // variables
    ...[
      "query ($v: Int) { customers(first: $v) { totalCount } }",
      "query ($v: CustomerFilter) { customers(filter: $v) { totalCount } }",
      "query ($v: CustomerKind) { customers(filter: { kind: $v }) { totalCount } }",
      "query ($v: DateTime) { customers(filter: { createdAt: { from: $v } }) { totalCount } }",
      "query ($v: Date) { invoices(filter: { dueOn: { from: $v } }) { totalCount } }",
      "query ($v: [CountryCode!]) { customers(filter: { country: $v }) { totalCount } }",
      "query ($v: Boolean) { customers(filter: { hasActiveWorkOrders: $v }) { totalCount } }",
      'mutation ($v: Decimal!) { createInvoice(customer: { code: "x" }, input: { amount: $v, currency: "VND" }) { id } }',
      "mutation ($v: CustomerInput!) { createCustomer(input: $v) { id } }",
    ],
  ])("is not repeated in the refusal of %s", async (query) => {
    for (const v of [VALUE, [VALUE], { [`a`]: VALUE }]) {
      const answer = await ask(query, { v });
      expectSound(answer);
      expect(answer.text).not.toMatch(/CANARY|99999999999|7777/);
      expect(codesOf(answer)).not.toContain("INTERNAL_SERVER_ERROR");
      if (!query.includes("$v")) return;
    }
  });

  test.each([
    ["{ custmers { totalCount } }", `Cannot query field "custmers" on type "Query".`],
    ["{ customers(frist: 1) { totalCount } }", `Unknown argument "frist" on field "Query.customers".`],
    ["query ($f: CustomerFiler) { customers(filter: $f) { totalCount } }", `Unknown type "CustomerFiler".`],
    ["{ customers { nodes { nam } } }", `Cannot query field "nam" on type "Customer".`],
    ["{ ... on Custome { id } }", `Unknown type "Custome".`],
    ["{ viewer @skp { credential } }", `Unknown directive "@skp".`],
    ["{ viewer { ...missing } }", `Unknown fragment "missing".`],
    ["{ viewer }", `Field "viewer" of type "Viewer!" must have a selection of subfields.`],
  ])("%s is refused without the names that are near it", async (query, message) => {
    const answer = await ask(query);
    expectSound(answer);
    expect([answer.status, codesOf(answer), answer.body.errors?.[0]?.message]).toEqual([
      400,
      ["GRAPHQL_VALIDATION_FAILED"],
      message,
    ]);
  });

  test("is not told hundreds of times over: errors are five at most", async () => {
    const answer = await ask(`{ ${Array.from({ length: 200 }, (_, index) => `x${index}`).join(" ")} }`);
    expectSound(answer);
    expect(answer.body.errors?.length).toBeLessThanOrEqual(5);
  });
});

describe("a request that is no operation", () => {
  const query = "{ viewer { credential } }";
  const preflight = { "apollo-require-preflight": "true" };

  test.each<[string, HttpRequest, number]>([
    ["an empty body", { payload: "" }, 400],
    ["invalid JSON", { payload: "{" }, 400],
    ["JSON that is no object", { payload: `"${query}"` }, 400],
    ["null", { payload: "null" }, 400],
    ["a batch", { payload: JSON.stringify([{ query }, { query }]) }, 400],
    ["no query", { payload: "{}" }, 400],
    ["a query that is no text", { payload: `{"query":1}` }, 400],
    ["variables that are no object", { payload: JSON.stringify({ query, variables: "x" }) }, 400],
    ["an operationName that is no text", { payload: JSON.stringify({ query, operationName: 1 }) }, 400],
    ["a blank query", { payload: JSON.stringify({ query: " " }) }, 400],
    ["no GraphQL", { payload: JSON.stringify({ query: "select 1" }) }, 400],
    [
      "an unknown operationName",
      { payload: JSON.stringify({ query: "query A { viewer { credential } }", operationName: "B" }) },
      400,
    ],
    [
      "two operations and no name",
      { payload: JSON.stringify({ query: "query A { __typename } query B { __typename }" }) },
      400,
    ],
    ["a subscription", { payload: JSON.stringify({ query: "subscription { x }" }) }, 400],
    [
      "an introspection by hash",
      { payload: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: "x" } } }) },
      400,
    ],
    ["plain text", { headers: { "content-type": "text/plain" }, payload: JSON.stringify({ query }) }, 415],
    ["a form", { headers: { "content-type": "application/x-www-form-urlencoded" }, payload: "query=x" }, 415],
    [
      "a body of more than a megabyte",
      { payload: JSON.stringify({ query, variables: { x: "x".repeat(2 ** 20) } }) },
      413,
    ],
    ["a document of too many tokens", { payload: JSON.stringify({ query: `{ ${"a ".repeat(6000)} }` }) }, 400],
    ["a GET without a preflight header", { method: "GET", url: `/graphql?query=${encodeURIComponent(query)}` }, 400],
    [
      "a mutation by GET",
      {
        method: "GET",
        headers: preflight,
        url: `/graphql?query=${encodeURIComponent("mutation { createCustomer(input: {}) { id } }")}`,
      },
      405,
    ],
    ["a GET without a query", { method: "GET", headers: preflight, url: "/graphql" }, 400],
  ])("%s is refused with a sentence, a code and the request's id", async (_, request, status) => {
    const { headers, ...rest } = request;
    const isGet = request.method === "GET";
    const answer = isGet
      ? await getWithoutType(rest.url ?? "", headers)
      : await send({ ...rest, ...(headers && { headers }) });
    expect(answer.status).toBe(status);
    expectSound(answer);
    expect(answer.body.data).toBeUndefined();
    expect(codesOf(answer)).not.toContain("INTERNAL_SERVER_ERROR");
  });

  /** A GET that a page of any site could make the browser send has no content type. */
  async function getWithoutType(url: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    const response = await gateway.http.inject({
      method: "GET",
      url,
      headers: { authorization: `Bearer ${tenant.token}`, ...headers },
    });
    return { status: response.statusCode, body: response.json(), text: response.body, headers: response.headers };
  }

  test("a query by GET with a preflight header is answered", async () => {
    const { status, body } = await getWithoutType(`/graphql?query=${encodeURIComponent(query)}`, preflight);
    expect([status, body]).toEqual([200, { data: { viewer: { credential: "test" } } }]);
  });

  test("no mutation was carried out by any of them", async () => {
    expect(await tenant.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 0 } });
  });

  test("none of them, nor anything before, was a surprise to the server", () => {
    expect(gateway.unexpected).toEqual([]);
  });

  test("every request has an id of its own", async () => {
    const ids = await Promise.all(
      Array.from({ length: 5 }, async () => (await ask("{ nothing }")).body.errors?.[0]?.extensions.requestId),
    );
    expect(new Set(ids).size).toBe(5);
  });
});

describe("an operation that the database does not let end", () => {
  /** Locks the customers, waits until a request waits for them, does something to its connection, and tells the answer. */
  async function whileBlocked(act: string): Promise<HttpAnswer> {
    return withClient(gateway.database.adminUrl, async (owner) => {
      await owner.query("begin");
      await owner.query("lock table customers in access exclusive mode");
      const answer = ask("{ customers { nodes { id } } }");
      await withClient(gateway.database.superuserUrl, async (superuser: Client) => {
        for (let acted = 0; acted === 0;) {
          const { rowCount } = await superuser.query(
            `select ${act}(pid) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock' and application_name = 'clientele'`,
          );
          acted = rowCount ?? 0;
        }
      });
      const told = await answer;
      await owner.query("rollback");
      return told;
    });
  }

  test("is a TIMEOUT with status 503 where its statement was stopped", async () => {
    const answer = await whileBlocked("pg_cancel_backend");
    expectSound(answer);
    expect([answer.status, codesOf(answer), answer.body.data]).toEqual([503, ["TIMEOUT"], null]);
  });

  test("is SERVICE_UNAVAILABLE with status 503 where its connection was cut, and the next one is answered", async () => {
    const answer = await whileBlocked("pg_terminate_backend");
    expectSound(answer);
    expect([answer.status, codesOf(answer), answer.body.data]).toEqual([503, ["SERVICE_UNAVAILABLE"], null]);
    expect((await ask("{ customers { totalCount } }")).status).toBe(200);
  });
});

test("what nobody expected leaves as Internal server error, at its path, and is told to the log whole", async () => {
  const owner = await gateway.aTenant();
  await owner.run(`mutation { createCustomer(input: { bankAccounts: [{ accountNumber: "97040001" }] }) { id } }`);
  await withClient(gateway.database.adminUrl, (client) =>
    client.query("update bank_accounts set account_number_key_id = 'CANARY' where tenant_id = $1", [owner.id]),
  );
  const before = gateway.unexpected.length;
  const { status, data, errors } = await owner.execute(
    "{ customers { nodes { bankAccounts { accountNumber maskedAccountNumber } } } }",
  );
  expect(status).toBe(200);
  expect(data.customers.nodes).toEqual([{ bankAccounts: [{ accountNumber: null, maskedAccountNumber: "****0001" }] }]);
  expect(errors).toMatchObject([
    {
      message: "Internal server error",
      path: ["customers", "nodes", 0, "bankAccounts", 0, "accountNumber"],
      extensions: { code: "INTERNAL_SERVER_ERROR" },
    },
  ]);
  expect(JSON.stringify(errors)).not.toContain("CANARY");
  expect(gateway.unexpected.slice(before)).toEqual([
    expect.objectContaining({ message: expect.stringContaining("CANARY") }),
  ]);
});
