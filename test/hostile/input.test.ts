import { Client } from "pg";
import { aCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway } from "../support/gateway";
import { digest, digestSql, tenantTables } from "../support/stored";
import { aFixture, BASES, callsOf, type Call, type Fixture } from "./calls";
import { hostileValues, sitesOf, withValue, type Site } from "./hostile-values";

let gateway: TestGateway;
let database: Client;
let calls: Call[];
beforeAll(async () => {
  gateway = await startGateway();
  database = new Client({ connectionString: gateway.database.superuserUrl });
  await database.connect();
  calls = callsOf(gateway.app.schema);
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(async () => {
  await database.end();
  await gateway.close();
});

const KNOWN_CODES = ["BAD_USER_INPUT", "NOT_FOUND", "CONFLICT", "FORBIDDEN"];

/** What is wrong with an answer, however the call ended. */
function faultsOf({ status, data, errors }: Answer<any>, call: Call, { path }: Site): string[] {
  const faults: string[] = [];
  if (status !== 200 && status !== 400) faults.push(`status ${status}`);
  if (data === undefined && !errors) faults.push("no answer");
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
    if (!problems?.some((problem) => isNear(problem.path))) {
      faults.push(`its problems are elsewhere: ${JSON.stringify(problems?.map((problem) => problem.path))}`);
    }
  }
  return faults;
}

/** What is wrong with a text that was taken: it has to come back, composed and trimmed, or as nothing where it was blank. */
function lostText({ data }: Answer<any>, call: Call, { path }: Site, sent: unknown): string[] {
  if (typeof sent !== "string") return [];
  const root = data[call.name];
  const [argument, ...rest] = path;
  const at = argument === "to" ? ["code"] : argument === "input" ? rest : undefined;
  const told = at?.reduce((value: any, part) => value?.[part], root);
  if (typeof told !== "string") return [];
  const expected = sent.normalize("NFC").trim();
  if (expected === "" ? told.trim() !== "" : told === expected) return [];
  return [`came back as ${JSON.stringify(told.slice(0, 50))}`];
}

/** Sends everything hostile to every place of a call, and tells what went wrong. */
async function attack(call: Call, fixture: Fixture): Promise<string[]> {
  const prepare = BASES[call.name];
  if (!prepare) throw new Error(`There is no base call of ${call.name}`);
  const { tenant } = fixture;
  const sql = await digestSql(gateway.database, { without: ["code_counters"], tenantId: tenant.id });
  const state = async (): Promise<string> => JSON.stringify((await database.query(sql)).rows);
  const faults: string[] = [];

  let base = await prepare(fixture);
  const sites = call.args.flatMap(({ name, type }) => sitesOf(type, base[name], [name]));
  await tenant.run(call.operation, base);
  base = await prepare(fixture);
  let before = call.isMutation ? await state() : "";
  for (const site of sites) {
    for (const [name, value] of hostileValues(site)) {
      const answer = await tenant.execute(call.operation, withValue(base, site.path, value));
      const found = faultsOf(answer, call, site);
      if (answer.errors) {
        if (call.isMutation && (await state()) !== before) found.push("failed, and yet changed the database");
      } else if (call.isMutation) {
        found.push(...lostText(answer, call, site, value));
        base = await prepare(fixture);
        before = await state();
      }
      faults.push(...found.map((fault) => `${call.name}(${site.path.join(".")}: ${name}) ${fault}`));
    }
  }
  return faults;
}

test("every call of the schema is made here", () => {
  expect(calls.map(({ name }) => name).sort()).toEqual(Object.keys(BASES).sort());
});

test("whatever is sent, it is an answer or a refusal that says where, and what is refused changes nothing", async () => {
  const bystander = await gateway.aTenant();
  await aFixture(bystander);
  const sql = await digestSql(gateway.database, { tenantId: bystander.id });
  const before = (await database.query(sql)).rows;
  const faults: string[] = [];
  const queue = [...calls];
  const work = async (): Promise<void> => {
    for (let call = queue.shift(); call; call = queue.shift()) {
      const started = Date.now();
      faults.push(...(await attack(call, await aFixture(await gateway.aTenant()))));
      console.log(call.name, Date.now() - started);
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(faults).toEqual([]);
  expect((await database.query(sql)).rows).toEqual(before);
}, 300_000);

test("refuses a body of two megabytes", async () => {
  const tenant = await gateway.aTenant();
  const before = await digest(gateway.database);
  const input = { notes: "x".repeat(2 * 1024 * 1024) };
  const answer = await tenant.execute("mutation($input: CustomerInput!) { createCustomer(input: $input) { id } }", { input });
  expect(answer.status).toBe(413);
  expect(answer.errors).toMatchObject([{ extensions: { code: expect.any(String), requestId: expect.any(String) } }]);
  expect(await digest(gateway.database)).toEqual(before);
});

test("codes that differ only in case are one code", async () => {
  const tenant = await gateway.aTenant();
  expect(await tenantTables(gateway.database)).toContain("customers");
  const { id } = await aCustomer(tenant, { code: "Ünï-Σ-İ" });
  expect(id).toBeDefined();
});
