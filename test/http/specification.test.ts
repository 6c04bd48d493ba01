import "reflect-metadata";
import { type AddressInfo } from "node:net";
import { type FastifyInstance } from "fastify";
import { serverAudits } from "graphql-http";
import { readConfig, type Config } from "../../src/config";
import { createApolloServer } from "../../src/graphql/apollo-server";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { openHttp } from "./open-http";

let gateway: TestGateway;
let tenant: TestTenant;
let http: FastifyInstance;
let url: string;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  http = await openHttp(gateway);
  await http.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}/graphql`;
});
afterAll(async () => {
  await http.close();
  await gateway.close();
});

const NOTHING_EXECUTED =
  "Nothing was executed: 400, which caches, logs and retries understand, also where application/json is accepted";

/** Recommendations that are not followed, and why. One that fails unexpectedly fails the test, and so does one that passes. */
const NOT_FOLLOWED: Readonly<Record<string, string>> = {
  "SHOULD use 200 status code on document parsing failure when accepting application/json": NOTHING_EXECUTED,
  "SHOULD use 200 status code on document validation failure when accepting application/json": NOTHING_EXECUTED,
  "SHOULD use a status code of 200 on variable coercion failure when accepting application/json": NOTHING_EXECUTED,
};

test("passes the audits of GraphQL over HTTP: every MUST and MAY, every SHOULD but three", async () => {
  const fetchWithKey = (input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${tenant.token}`);
    // A page of another site cannot send it without being asked about: GET is answered only with it.
    headers.set("apollo-require-preflight", "true");
    return fetch(input, { ...init, headers });
  };
  const counts = { MUST: 0, SHOULD: 0, MAY: 0 };
  const failed: string[] = [];
  for (const audit of serverAudits({ url, fetchFn: fetchWithKey })) {
    const result = await audit.fn();
    if (result.status === "ok") counts[audit.name.split(" ")[0] as keyof typeof counts]++;
    else failed.push(audit.name);
  }
  expect(failed.sort()).toEqual(Object.keys(NOT_FOLLOWED).sort());
  expect(counts).toEqual({ MUST: 13, SHOULD: 20, MAY: 25 });
});

/** Sends a body as a page of another site could, without being asked about: a query that would tell the tenant's code. */
const send = (method: "GET" | "POST", headers: Record<string, string>, body?: string, search = "") =>
  fetch(`${url}${search}`, {
    method,
    headers: { authorization: `Bearer ${tenant.token}`, ...headers },
    ...(body !== undefined && { body }),
  });
const QUERY = "{ viewer { tenant { code } } }";
const MUTATION = 'mutation { createCustomer(input: { code: "forged" }) { id } }';
const JSON_BODY = JSON.stringify({ query: MUTATION });
const SEARCH = `?query=${encodeURIComponent(QUERY)}`;

test.each([
  ["a text", 415, () => send("POST", { "content-type": "text/plain" }, JSON_BODY)],
  ["a form", 415, () => send("POST", { "content-type": "application/x-www-form-urlencoded" }, `query=${MUTATION}`)],
  ["a form with a file", 415, () => send("POST", { "content-type": "multipart/form-data; boundary=x" }, "--x--")],
  ["no type", 415, () => send("POST", { "content-type": "" }, JSON_BODY)],
  ["JSON in UTF-7", 415, () => send("POST", { "content-type": "application/json; charset=utf-7" }, JSON_BODY)],
  ["JSON in UTF-16", 415, () => send("POST", { "content-type": "application/json; charset=utf-16le" }, JSON_BODY)],
  ["GET that no preflight precedes", 400, () => send("GET", {}, undefined, SEARCH)],
  ["GET of no type that no preflight precedes", 400, () => send("GET", { "content-type": "" }, undefined, SEARCH)],
  ["GET of a mutation", 405, () => send("GET", PREFLIGHTED, undefined, `?query=${encodeURIComponent(MUTATION)}`)],
  ["several operations at once", 400, () => send("POST", JSON_TYPE, `[${JSON_BODY},${JSON_BODY}]`)],
  ["a body that is no JSON", 400, () => send("POST", JSON_TYPE, "{")],
  ["another method", 404, () => fetch(url, { method: "PUT", headers: JSON_TYPE, body: JSON_BODY })],
])("executes nothing for %s", async (_name, status, request) => {
  const response = await request();
  const text = await response.text();
  expect([response.status, text]).toEqual([status, expect.not.stringContaining(tenant.code)]);
  expect((await tenant.run(`{ customer(by: { code: "forged" }) { id } }`)).customer).toBeNull();
});

const JSON_TYPE = { "content-type": "application/json" };
const PREFLIGHTED = { "apollo-require-preflight": "1" };

test("executes the same where it is sent as it should be", async () => {
  const answers = [
    await send("GET", PREFLIGHTED, undefined, SEARCH),
    await send("GET", { "x-apollo-operation-name": "Code" }, undefined, SEARCH),
    await send("GET", JSON_TYPE, undefined, SEARCH),
    await send("POST", { "content-type": "application/json; charset=UTF-8" }, JSON.stringify({ query: QUERY })),
  ];
  for (const answer of answers) {
    expect(await answer.json()).toEqual({ data: { viewer: { tenant: { code: tenant.code } } } });
  }
});

const JSON_ANSWER = "application/json; charset=utf-8";
const GRAPHQL_ANSWER = "application/graphql-response+json; charset=utf-8";
test.each([
  ["", JSON_ANSWER],
  ["*/*", JSON_ANSWER],
  ["application/json", JSON_ANSWER],
  ["text/html, */*;q=0.1", JSON_ANSWER],
  ["application/graphql-response+json", GRAPHQL_ANSWER],
  ["application/graphql-response+json, application/json;q=0.9", GRAPHQL_ANSWER],
  ["application/json;q=0.1, application/graphql-response+json;q=0.2", GRAPHQL_ANSWER],
])("answers to Accept: %s in the same form each time, whatever the answer is", async (accept, type) => {
  const documents = [QUERY, "{", QUERY, "{ nothing }", QUERY];
  const answers: unknown[] = [];
  for (const query of documents) {
    const { status, headers } = await send("POST", { ...JSON_TYPE, accept }, JSON.stringify({ query }));
    answers.push([status, headers.get("content-type")]);
  }
  expect(answers).toEqual(documents.map((query) => [query === QUERY ? 200 : 400, type]));
});

test("refuses each time to answer in a form that there is not", async () => {
  for (const accept of ["text/html", "text/html", "application/json;q=0", "application/json;q=0"]) {
    const { status, headers } = await send("POST", { ...JSON_TYPE, accept }, JSON.stringify({ query: QUERY }));
    expect([status, headers.get("content-type")]).toEqual([406, JSON_ANSWER]);
  }
});

test("no answer may be kept, shown as something else, framed, or named to other sites", async () => {
  const health = url.replace("/graphql", "/health/live");
  const answers = [
    await send("POST", JSON_TYPE, JSON.stringify({ query: QUERY })),
    await fetch(url),
    await fetch(health),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 200]);
  for (const { headers } of answers) {
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    expect(headers.get("x-powered-by") ?? headers.get("server")).toBeNull();
  }
});

test("answers no introspection where it is off, and names nothing of the schema", async () => {
  const apollo = createApolloServer({
    schema: gateway.app.schema,
    database: gateway.app.database,
    idempotencyKeys: gateway.app.idempotencyKeys,
    introspection: readConfig({ NODE_ENV: "production" }).introspection,
    onUnexpectedError: (error) => {
      throw error;
    },
  });
  await apollo.start();
  const closed = await openHttp(gateway, [], { apollo });
  const ask = async (query: string): Promise<string> => {
    const headers = { authorization: `Bearer ${tenant.token}` };
    const { statusCode, body } = await closed.inject({ method: "POST", url: "/graphql", headers, payload: { query } });
    expect(statusCode).toBe(400);
    return body;
  };
  expect(await ask("{ __schema { types { name } } }")).not.toContain("CustomerInput");
  expect(await ask(`{ __type(name: "Customer") { name } }`)).toContain("introspection");
  expect(await ask("{ customerz { totalCount } }")).not.toMatch(/Did you mean|customers/);
  expect(await ask("{ customers { totalCont } }")).not.toMatch(/Did you mean|totalCount/);
  expect((await closed.inject({ url: "/" })).statusCode).toBe(404);
  await closed.close();
  await apollo.stop();
});

test("introspection and explorer are for development, unless they are asked for", () => {
  const both = ({ introspection, explorer }: Config): boolean[] => [introspection, explorer];
  expect(both(readConfig({}))).toEqual([true, true]);
  expect(both(readConfig({ NODE_ENV: "production" }))).toEqual([false, false]);
  expect(both(readConfig({ NODE_ENV: "production", INTROSPECTION: "true", EXPLORER: "true" }))).toEqual([true, true]);
});
