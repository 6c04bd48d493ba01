import { Pool } from "pg";
import { aCustomer, readCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway } from "../support/gateway";
import { digest, digestSql } from "../support/stored";
import { aFixture, BASES, callsOf, type Call, type Fixture } from "./calls";
import { ANOTHER_CASE, hostileValues, sitesOf, valueAt, withValue, type Site } from "./hostile-values";

let gateway: TestGateway;
let database: Pool;
let calls: Call[];
beforeAll(async () => {
  gateway = await startGateway();
  database = new Pool({ connectionString: gateway.database.superuserUrl, max: LANES });
  calls = callsOf(gateway.app.schema);
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(async () => {
  await database.end();
  await gateway.close();
});

/** Calls that are attacked at the same time. */
const LANES = 4;

const KNOWN_CODES = ["BAD_USER_INPUT", "NOT_FOUND", "CONFLICT", "FORBIDDEN"];

/** Arguments that do not fit each other: the problem can be told of any of them. */
const PAGING = new Set(["first", "after", "last", "before", "orderBy"]);

/** What is wrong with an answer, however the call ended. */
function faultsOf({ status, data, errors }: Answer<any>, call: Call, { path }: Site): string[] {
  const faults: string[] = [];
  if (status !== 200 && status !== 400) faults.push(`status ${status}`);
  if (data === undefined && !errors) faults.push("no answer");
  const isPaging = PAGING.has(String(path[0]));
  for (const { message, extensions } of errors ?? []) {
    const { code, problems } = extensions;
    if (!KNOWN_CODES.includes(code)) faults.push(`${code}: ${message}`);
    if (message.length > 300) faults.push("repeats what was sent");
    if (code !== "BAD_USER_INPUT") continue;
    if (!problems || problems.length === 0) faults.push(`no problems: ${message}`);
    const names = call.args.map(({ name }) => name);
    for (const problem of problems ?? []) {
      if (!names.includes(String(problem.path[0]))) faults.push(`a problem at ${JSON.stringify(problem.path)}`);
      if (problem.message.length > 1000) faults.push("repeats what was sent");
    }
    const isNear = (other: readonly unknown[]): boolean =>
      path.every((part, index) => index >= other.length || other[index] === part);
    if (!isPaging && !problems?.some((problem) => isNear(problem.path))) {
      faults.push(`its problems are elsewhere: ${JSON.stringify(problems?.map((problem) => problem.path))}`);
    }
  }
  return faults;
}

/** What is wrong with a text that was taken: it has to come back, composed and trimmed, or as nothing where it was blank. */
function lostText({ data }: Answer<any>, call: Call, { path }: Site, name: string, sent: unknown): string[] {
  const [argument, ...rest] = path;
  const told = valueAt(data[call.name], argument === "to" ? ["code"] : rest);
  if (typeof sent !== "string" || typeof told !== "string" || (argument !== "to" && argument !== "input")) return [];
  const expected = sent.normalize("NFC").trim();
  if (expected === "") return told.trim() === "" ? ["came back blank"] : [];
  // Codes of terms and countries come back as they are stored.
  const isSame = name === ANOTHER_CASE ? told.toLowerCase() === expected.toLowerCase() : told === expected;
  return isSame ? [] : [`came back as ${JSON.stringify(told.slice(0, 50))}`];
}

/** Calls whose arguments go the same way as those of another one. */
const BRIEF = /^(replaceCustomer|upsertCustomers|customerPage|\w+(CustomerType|CustomerGroup|Branch)(Code)?)$/;

/** How many values were sent. */
let sent = 0;

/** Sends everything hostile to every place of a call, and tells what went wrong. */
async function attack(call: Call, fixture: Fixture): Promise<string[]> {
  const prepare = BASES[call.name];
  if (!prepare) throw new Error(`There is no base call of ${call.name}`);
  const { tenant } = fixture;
  const sql = await digestSql(gateway.database, { without: ["code_counters"], tenantId: tenant.id });
  const state = async (): Promise<string> => {
    const { rows } = await database.query({ name: tenant.id, text: sql }); // named: it is planned once
    return JSON.stringify(rows);
  };
  // What only validates changes nothing, whatever comes of it.
  const keeps = call.isMutation && !call.args.some(({ name }) => name === "validateOnly");
  const faults: string[] = [];

  let base = await prepare(fixture);
  const sites = sitesOf(call.args, base);
  await tenant.run(call.operation, base);
  if (keeps) base = await prepare(fixture);
  let before = await state();
  for (const site of sites) {
    for (const [name] of hostileValues(site, valueAt(base, site.path), BRIEF.test(call.name))) {
      const values = hostileValues(site, valueAt(base, site.path));
      const value = values.find(([candidate]) => candidate === name)?.[1];
      const answer = await tenant.execute(call.operation, withValue(base, site.path, value));
      sent++;
      const found = faultsOf(answer, call, site);
      if (!answer.errors && call.isMutation) found.push(...lostText(answer, call, site, name, value));
      if (answer.errors && keeps && (await state()) !== before) found.push("failed, and yet changed the database");
      if (!answer.errors && keeps) {
        base = await prepare(fixture);
        before = await state();
      }
      faults.push(...found.map((fault) => `${call.name}(${site.path.join(".")}: ${name}) ${fault}`));
    }
  }
  if (call.isMutation && (await state()) !== before) faults.push(`${call.name} changed the database`);
  return faults;
}

test("every call of the schema is made here", () => {
  expect(calls.map(({ name }) => name).sort()).toEqual(Object.keys(BASES).sort());
});

test("whatever is sent, it is an answer or a refusal that says where, and what is refused changes nothing", async () => {
  const bystander = await gateway.aTenant();
  await aFixture(bystander);
  const before = await digest(gateway.database, { tenantId: bystander.id });
  const reader = await aFixture(await gateway.aTenant());
  const faults: string[] = [];
  const queue = [...calls];
  const work = async (): Promise<void> => {
    for (let call = queue.shift(); call; call = queue.shift()) {
      faults.push(...(await attack(call, call.isMutation ? await aFixture(await gateway.aTenant()) : reader)));
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  expect(faults).toEqual([]);
  expect(sent).toBeGreaterThan(1500);
  expect(await digest(gateway.database, { tenantId: bystander.id })).toEqual(before);
}, 300_000);

test("refuses a body of two megabytes", async () => {
  const tenant = await gateway.aTenant();
  const before = await digest(gateway.database);
  const input = { notes: "x".repeat(2 * 1024 * 1024) };
  const answer = await tenant.execute("mutation($input: CustomerInput!) { createCustomer(input: $input) { id } }", {
    input,
  });
  expect(answer.status).toBe(413);
  expect(answer.errors).toMatchObject([{ extensions: { code: expect.any(String), requestId: expect.any(String) } }]);
  expect(await digest(gateway.database)).toEqual(before);
});

test("a body that would change what all objects have in common is not read", async () => {
  const tenant = await gateway.aTenant();
  const response = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
    payload: `{ "query": "query($filter: CustomerFilter) { customers(filter: $filter) { totalCount } }",
      "variables": { "filter": { "__proto__": { "trash": "INCLUDE" } } } }`,
  });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
});

test("codes that differ only in case are one code, in any script", async () => {
  const tenant = await gateway.aTenant();
  for (const [code, same] of [
    ["Ünï-Ⅳ", "üNÏ-ⅳ"],
    ["ΣΟΦΟΣ", "σοφος"],
    ["Nguye\u0302\u0303n", "NGUYỄN"],
    [" ab ", "AB"],
  ]) {
    const { id } = await aCustomer(tenant, { code });
    const again = await tenant.execute("mutation($code: String) { createCustomer(input: { code: $code }) { id } }", {
      code: same,
    });
    expect(again.errors).toMatchObject([{ extensions: { code: "CONFLICT", existing: { id } } }]);
    expect(await readCustomer(tenant, { code: same ?? "" })).toMatchObject({ id });
  }
});
