import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createSchemaAlone } from "../../src/app";
import { readConfig } from "../../src/config";
import { TrustedDocuments } from "../../src/trusted-documents/trusted-documents";
import { aCustomer } from "../support/customers";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const NAMES = "query Names($first: Int!) { customers(first: $first) { nodes { name } } }";
const CREATE = `mutation Create { createCustomer(input: { name: "Bo" }, validateOnly: true) { name } }`;
const SEVERAL = "query A { viewer { credential } } query B { settings { codePrefix } }";
/** Larger than documents may be. */
const LARGE = `{ ${Array.from({ length: 400 }, (_, index) => `a${index}: __typename`).join(" ")} }`;
const TOO_MUCH = "{ customers(first: 100) { nodes { assets(first: 100) { nodes { customer { id } } } } } }";

const MANIFEST = {
  format: "apollo-persisted-query-manifest",
  version: 1,
  operations: [NAMES, CREATE, SEVERAL, LARGE, TOO_MUCH].map((body, index) => ({
    id: index === 0 ? "names-1" : sha256(body),
    name: `Operation${index}`,
    type: "query",
    body,
  })),
};
const MAP = { [sha256(NAMES)]: NAMES, "sha256:given": CREATE, "0123456789abcdef0123456789abcdef": SEVERAL };

let dir: string;
let database: TestDatabase;
let open: TestGateway;
let closed: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), "clientele-trusted-"));
  database = await createTestDatabase();
  const manifest = file(MANIFEST);
  open = await startGateway({ database, trustedDocuments: (schema) => TrustedDocuments.read(manifest, schema, false) });
  closed = await startGateway({
    database,
    trustedDocuments: (schema) => TrustedDocuments.read(manifest, schema, true),
  });
  tenant = await open.aTenant(); // its key opens both
  await aCustomer(tenant, { name: "Ada" });
  await aCustomer(await open.aTenant(), { name: "Another tenant's" });
});
afterAll(async () => {
  await open.close();
  await closed.close();
  await database.drop();
  rmSync(dir, { recursive: true });
});

function file(content: unknown): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const name = path.join(dir, `${sha256(text)}.json`);
  writeFileSync(name, text);
  return name;
}

async function post(gateway: TestGateway, payload: object) {
  const response = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: { authorization: `Bearer ${tenant.token}` },
    payload,
  });
  return { status: response.statusCode, ...response.json<{ data?: any; errors?: any[] }>() };
}

async function get(gateway: TestGateway, parameters: Record<string, string>) {
  const response = await gateway.http.inject({
    method: "GET",
    url: `/graphql?${new URLSearchParams(parameters).toString()}`,
    headers: { authorization: `Bearer ${tenant.token}`, "apollo-require-preflight": "true" },
  });
  return { status: response.statusCode, ...response.json<{ data?: any; errors?: any[] }>() };
}

const refusal = (code: string, text: RegExp): object => ({
  status: 400,
  errors: [{ message: expect.stringMatching(text), extensions: { code, requestId: expect.any(String) } }],
});
const ONLY = refusal("BAD_REQUEST", /^Only trusted documents are executed here/);
const UNKNOWN = refusal("PERSISTED_QUERY_NOT_FOUND", /^There is no trusted document with this id/);

describe.each([
  ["where others are executed too", () => open],
  ["where nothing else is executed", () => closed],
])("a trusted document, %s,", (_where, gateway) => {
  const variables = { first: 5 };
  const names = { status: 200, data: { customers: { nodes: [{ name: "Ada" }] } } };

  test.each<[string, object]>([
    ["its id", { documentId: "names-1" }],
    ["the hash of its text", { documentId: `sha256:${sha256(NAMES)}` }],
    ["Apollo's extension", { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(NAMES) } } }],
    ["its text", { query: NAMES }],
    ["its text and an id", { query: NAMES, documentId: "names-1" }],
    [
      "its text, with Apollo's extension",
      { query: NAMES, extensions: { persistedQuery: { version: 1, sha256Hash: sha256(NAMES) } } },
    ],
  ])("runs by %s", async (_what, named) => {
    expect(await post(gateway(), { ...named, variables })).toEqual(names);
    expect(await post(gateway(), { ...named, variables })).toEqual(names);
  });

  test("runs by GET, as far as it reads", async () => {
    const asked = { documentId: "names-1", variables: JSON.stringify(variables) };
    expect(await get(gateway(), asked)).toEqual(names);
    const persistedQuery = { version: 1, sha256Hash: sha256(NAMES) };
    expect(
      await get(gateway(), { extensions: JSON.stringify({ persistedQuery }), variables: JSON.stringify(variables) }),
    ).toEqual(names);
    expect((await get(gateway(), { documentId: sha256(CREATE) })).status).toBe(405);
  });

  test("may hold several operations, of which a request names one", async () => {
    const documentId = sha256(SEVERAL);
    expect((await post(gateway(), { documentId, operationName: "B" })).data).toEqual({
      settings: { codePrefix: "C-" },
    });
    expect((await post(gateway(), { documentId })).errors?.[0].extensions.code).toBe("OPERATION_RESOLUTION_FAILURE");
  });

  test("may write", async () => {
    expect((await post(gateway(), { documentId: sha256(CREATE) })).data).toEqual({ createCustomer: { name: "Bo" } });
  });

  test("may be larger than others, but not ask for more objects", async () => {
    expect((await post(gateway(), { documentId: sha256(LARGE) })).data.a399).toBe("Query");
    expect((await post(gateway(), { query: LARGE })).data.a399).toBe("Query");
    expect((await post(gateway(), { documentId: sha256(TOO_MUCH) })).errors?.[0].extensions.code).toBe(
      "QUERY_TOO_COMPLEX",
    );
  });

  test.each<[string, object]>([
    ["an id that is not known", { documentId: "names-2" }],
    ["a hash that is not known", { documentId: `sha256:${"0".repeat(64)}` }],
    ["an id of Object's own", { documentId: "__proto__" }],
    ["a hash that is not known to Apollo's extension", { extensions: { persistedQuery: { sha256Hash: "0" } } }],
  ])("is not found by %s", async (_what, named) => {
    expect(await post(gateway(), named)).toEqual(UNKNOWN);
  });
});

describe("where others are executed too", () => {
  test("they are, with the limits of documents", async () => {
    expect((await post(open, { query: "{ viewer { credential } }" })).data).toEqual({ viewer: { credential: "test" } });
    const query = LARGE.replace("a0", "b0");
    expect((await post(open, { query })).errors?.[0].extensions.code).toBe("QUERY_TOO_COMPLEX");
  });

  test("a text runs although nobody knows its hash", async () => {
    const persistedQuery = { version: 1, sha256Hash: "0".repeat(64) };
    const asked = { query: "{ viewer { credential } }", extensions: { persistedQuery } };
    expect((await post(open, asked)).data).toEqual({ viewer: { credential: "test" } });
    expect(await post(open, { extensions: { persistedQuery } })).toEqual(UNKNOWN); // nothing was remembered
  });
});

describe("where nothing else is executed", () => {
  test.each<[string, object]>([
    ["another text", { query: "{ viewer { credential } }" }],
    ["a trusted text with a space more", { query: `${NAMES} `, variables: { first: 1 } }],
    ["another text beside a known id", { query: "{ viewer { credential } }", documentId: "names-1" }],
    ["introspection", { query: "{ __schema { types { name } } }" }],
    ["what is no GraphQL", { query: "select 1" }],
    ["what does not fit the schema", { query: "{ nothing }" }],
    ["no text", { variables: {} }],
    ["an id that is no text", { documentId: 1 }],
  ])("%s is refused before it is looked at, with one answer", async (_what, payload) => {
    expect(await post(closed, payload)).toEqual(ONLY);
    expect(closed.unexpected).toEqual([]); // nothing to be logged
  });

  test("the refusal runs no statement", async () => {
    const other = await closed.aTenant();
    expect(await other.execute("{ customers { nodes { name } } }")).toMatchObject({ status: 400, statements: [] });
  });
});

describe("a file of documents", () => {
  const schema = createSchemaAlone();
  const read = (content: unknown): TrustedDocuments => TrustedDocuments.read(file(content), schema, true);

  test("may hold texts by their ids", () => {
    const documents = read(MAP);
    expect(documents.text(sha256(NAMES))).toBe(NAMES);
    expect(documents.text("sha256:given")).toBe(CREATE);
    expect(documents.text("0123456789abcdef0123456789abcdef")).toBe(SEVERAL);
    expect(documents.text(`sha256:${sha256(SEVERAL)}`)).toBe(SEVERAL);
    expect([documents.has(SEVERAL), documents.has(`${SEVERAL} `)]).toEqual([true, false]);
  });

  test("whose documents do not fit the schema is refused, naming each", () => {
    const wrong = { "names-1": NAMES, gone: "{ customers { nodes { shoeSize } } }", broken: "{ customers(" };
    expect(() => read(wrong)).toThrow(
      `2 of the trusted documents do not fit the schema:\n  "gone" (gone): Cannot query field "shoeSize" on type "Customer".\n  "broken" (broken): Syntax Error: Expected Name, found <EOF>.`,
    );
    const [operation] = MANIFEST.operations;
    const manifest = { ...MANIFEST, operations: [{ ...operation, body: "query Names { nothing }" }] };
    expect(() => read(manifest)).toThrow(`"Operation0" (names-1): Cannot query field "nothing" on type "Query".`);
  });

  test("with two documents of one id is refused", () => {
    const operations = [NAMES, CREATE].map((body) => ({ id: "same", name: "Same", body }));
    expect(() => read({ ...MANIFEST, operations })).toThrow(`"Same": another document has the id same`);
  });

  test.each([
    ["a list", [NAMES]],
    ["another format", { format: "other", operations: [] }],
    ["operations without texts", { ...MANIFEST, operations: [{ id: "x", name: "x" }] }],
    ["values that are no texts", { x: { body: NAMES } }],
    ["null", null],
  ])("with %s is refused, saying what it should hold", (_what, content) => {
    expect(() => read(content)).toThrow(/must be an object of documents by their ids, or a manifest of the format/);
  });

  test("that is no JSON, or not there, is refused", () => {
    expect(() => read("{")).toThrow(/^TRUSTED_DOCUMENTS: .*\.json is not JSON$/);
    expect(() => TrustedDocuments.read(path.join(dir, "none"), schema, true)).toThrow(/none cannot be read$/);
  });

  test("is needed where only its documents are to be executed", () => {
    expect(() => readConfig({ TRUSTED_DOCUMENTS_ONLY: "true" })).toThrow(
      "TRUSTED_DOCUMENTS_ONLY needs TRUSTED_DOCUMENTS",
    );
    const env = { TRUSTED_DOCUMENTS: "documents.json", TRUSTED_DOCUMENTS_ONLY: "true" };
    expect(readConfig(env)).toMatchObject({ trustedDocuments: "documents.json", trustedDocumentsOnly: true });
  });
});
