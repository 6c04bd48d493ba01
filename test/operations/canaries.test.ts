import { connect } from "node:net";
import { once } from "node:events";
import { getNamedType, isInputObjectType, isListType } from "graphql";
import { aFixture, BASES, callsOf, type Call, type Fixture } from "../hostile/calls";
import { CODES, sitesOf, valueAt, withValue, type Site } from "../hostile/hostile-values";
import { createTestDatabase, withClient, type TestDatabase } from "../support/database";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { remoteTenant } from "../support/remote-tenant";
import { startServer, type ServerProcess } from "../support/server-process";
import { stored, tenantTables } from "../support/stored";

/** Looked for everywhere, without regard to case. */
const CANARY = "qxzcanary";
const ACCOUNT_NUMBERS = ["990088776655", "DE00 QXZ7 7777"];
/** Calls whose arguments go the same way as those of another one. */
const ALIKE = /(CustomerType|CustomerGroup|Branch)(Code)?$/;

let database: TestDatabase;
let gateway: TestGateway;
let server: ServerProcess;
let tenant: TestTenant;
let fixture: Fixture;
beforeAll(async () => {
  database = await createTestDatabase();
  [gateway, server] = await Promise.all([startGateway({ database }), startServer(database, { LOG_LEVEL: "trace" })]);
  tenant = remoteTenant(server.url, await gateway.aTenant());
  fixture = await aFixture(tenant);
}, 90_000);
afterAll(async () => {
  server.child.kill("SIGKILL");
  await gateway.close();
  await database.drop();
});

/** What to send at a place: whatever fits, and what does not. */
function canariesFor({ path, type }: Site): unknown[] {
  const name = String(path.at(-1));
  if (name === "accountNumber") return ACCOUNT_NUMBERS;
  if (name === "email") return [`${CANARY}@example.com`, `${CANARY}@`];
  if (getNamedType(type).name === "JSON") return [CANARY, { other: CANARY }];
  return isInputObjectType(type) || isListType(type) ? [{ other: CANARY }] : [`${CANARY} ${path.length}`];
}

const told = (answer: unknown): string => JSON.stringify(answer).toLowerCase();
const holdsAccountNumber = (text: string): boolean =>
  ACCOUNT_NUMBERS.some(
    (number) => text.includes(number.toLowerCase()) || text.includes(number.replaceAll(" ", "").toLowerCase()),
  );

async function sendCanaries(call: Call): Promise<{ sent: number; faults: string[] }> {
  const prepare = BASES[call.name];
  if (!prepare) throw new Error(`There is no base call of ${call.name}`);
  const faults: string[] = [];
  let sent = 0;
  let base = await prepare(fixture);
  for (const site of sitesOf(call.args, base)) {
    for (const canary of canariesFor(site)) {
      const variables = withValue(withoutValidateOnly(base), site.path, canary);
      const { errors, data }: Answer<any> = await tenant.execute(call.operation, variables);
      sent++;
      // Errors name codes, which is how people call things.
      const isNamed = site.path.some((part) => part === "options" || CODES.has(String(part)));
      const text = told(errors ?? []);
      if (text.includes(CANARY) && !isNamed) faults.push(`${call.name}(${site.path.join(".")}) repeats: ${text}`);
      if (holdsAccountNumber(text))
        faults.push(`${call.name}(${site.path.join(".")}) tells an account number: ${text}`);
      if (data && call.isMutation && valueAt(data, [call.name]) != null) base = await prepare(fixture);
    }
  }
  return { sent, faults };
}

/** So that what is accepted is stored as well. */
const withoutValidateOnly = (variables: any): any =>
  "validateOnly" in variables ? { ...variables, validateOnly: false } : variables;

async function post(body: string, headers: Record<string, string> = {}): Promise<string> {
  const all = { authorization: `Bearer ${tenant.token}`, "content-type": "application/json", ...headers };
  const response = await fetch(`${server.url}/graphql`, { method: "POST", headers: all, body });
  return (await response.text()).toLowerCase();
}

test("what is sent in any argument is repeated in no error", async () => {
  // The settings say what other calls need.
  const isLast = ({ name }: Call): number => (name === "updateSettings" ? 1 : 0);
  const different = callsOf(gateway.app.schema).filter(({ name }) => !ALIKE.test(name));
  const calls = different.sort((a, b) => isLast(a) - isLast(b));
  let sent = 0;
  for (const call of calls) {
    const result = await sendCanaries(call);
    sent += result.sent;
    expect(result.faults).toEqual([]);
  }
  expect(sent).toBeGreaterThan(400);
}, 120_000);

test("what cannot be executed is repeated in no answer", async () => {
  const query = (text: string): string => JSON.stringify({ query: text });
  const bodies: [string, Record<string, string>?][] = [
    [`{"query": "${CANARY}`],
    [`${CANARY}`],
    [query(`{ customers(filter: { search: "${CANARY}" }`)],
    [query(`{ customers(first: "${CANARY}") { totalCount } }`)],
    [query(`{ customers(filter: { kind: "${CANARY}" }) { totalCount } }`)],
    [query(`{ customers(filter: { createdAt: { from: "${CANARY}" } }) { totalCount } }`)],
    [query(`mutation { createCustomer(input: { dueOn: "${CANARY}" }) { id } }`)],
    [query(`mutation { createCustomer(input: "${CANARY}") { id } }`)],
    [JSON.stringify({ query: "query($n: Int) { customers(first: $n) { totalCount } }", variables: { n: CANARY } })],
    [JSON.stringify({ query: "{ __typename }", operationName: CANARY })],
    [JSON.stringify({ query: "{ __typename }", variables: CANARY })],
    [JSON.stringify({ query: "{ __typename }", extensions: { persistedQuery: { version: 1, sha256Hash: CANARY } } })],
    [query(`{ __typename } # ${CANARY.repeat(200_000)}`)],
    [query("{ __typename }"), { "content-type": `application/json; charset=${CANARY}` }],
    [query("{ __typename }"), { "content-type": CANARY }],
    [query("{ __typename }"), { authorization: `Bearer ck_${CANARY}` }],
    [query("{ __typename }"), { authorization: `Basic ${CANARY}` }],
    [query("mutation { createCustomer(input: {}) { id } }"), { "idempotency-key": `${CANARY} ${CANARY}` }],
  ];
  for (const [body, headers] of bodies) {
    expect([body.slice(0, 100), await post(body, headers)]).toEqual([
      body.slice(0, 100),
      expect.not.stringContaining(CANARY),
    ]);
  }
  // What is no HTTP at all, and what ends in the middle.
  const { hostname, port } = new URL(server.url);
  for (const text of [
    `${CANARY}\r\n\r\n`,
    `POST /graphql HTTP/1.1\r\nx: ${CANARY}\r\ncontent-length: 100\r\n\r\n${CANARY}`,
  ]) {
    const socket = connect(Number(port), hostname).on("error", () => undefined);
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString().toLowerCase()));
    socket.end(text);
    await once(socket, "close");
    expect(answer).not.toContain(CANARY);
  }
});

test("what fails before it is executed is told without the document", async () => {
  const query = `query ($x: Boolean = true) {
    customers(filter: { phone: "${CANARY}" }) { nodes { id @include(if: $x) } }
  }`;
  expect(told(await tenant.execute(query, { x: null }))).not.toContain(CANARY);
});

test("failures in the database are told without what was stored", async () => {
  await withClient(database.superuserUrl, (client) =>
    client.query(`
      alter table contacts add constraint forced check (name not like '%forced%') not valid;
      create function fail() returns trigger language plpgsql as
        $$ begin raise exception 'no place for %', new.account_holder_name || new.bank_name using errcode = 'XX001'; end $$;
      create trigger fail before insert on bank_accounts for each row
        when (new.account_holder_name like '%forced%') execute function fail()`),
  );
  const customer = { code: "BASE" };
  const contact = await tenant.execute(
    "mutation($customer: CustomerKey!, $input: ContactInput!) { createContact(customer: $customer, input: $input) { id } }",
    { customer, input: { name: `${CANARY} forced` } },
  );
  expect(contact.errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", problems: [{ path: [] }] } }]);
  expect(told(contact)).not.toContain(CANARY);
  const account = await tenant.execute(
    "mutation($customer: CustomerKey!, $input: BankAccountInput!) { createBankAccount(customer: $customer, input: $input) { id } }",
    { customer, input: { accountHolderName: `${CANARY} forced`, bankName: CANARY, accountNumber: ACCOUNT_NUMBERS[0] } },
  );
  expect(account.errors).toMatchObject([
    { message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } },
  ]);
  // The log says of both what can be acted on.
  const lines = server
    .output()
    .split("\n")
    .filter((line) => line.includes("Unexpected error"));
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ code: "23514", constraint: "forced", table: "contacts", stack: expect.any(Array) }),
    expect.objectContaining({ code: "XX001", routine: "exec_stmt_raise", stack: expect.any(Array) }),
  ]);
});

test("an answer that is kept for retries is not readable in the database", async () => {
  const key = "retry-canary";
  const input = { name: CANARY, bankAccounts: [{ accountNumber: ACCOUNT_NUMBERS[0] }] };
  const query =
    "mutation($input: CustomerInput!) { createCustomer(input: $input) { id bankAccounts { accountNumber } } }";
  const body = JSON.stringify({ query, variables: { input } });
  const first = await post(body, { "idempotency-key": key });
  expect(first).toContain(ACCOUNT_NUMBERS[0]);
  expect(await post(body, { "idempotency-key": key })).toBe(first);
});

test("nothing of all this is in the log, and nothing secret in the database", async () => {
  const log = server.output().toLowerCase();
  expect(log.split("\n").length).toBeGreaterThan(500);
  const { token } = tenant;
  const found = [CANARY, token, token.slice(-32), "select ", "insert into"].filter((text) =>
    log.includes(text.toLowerCase()),
  );
  expect(found).toEqual([]);
  expect(holdsAccountNumber(log)).toBe(false);
  for (const line of server
    .output()
    .split("\n")
    .filter((text) => text.startsWith("{"))) {
    const known = [
      "level",
      "time",
      "requestId",
      "status",
      "durationMs",
      "tenantId",
      "credentialId",
      "operationType",
      "operationName",
      "codes",
      "reason",
      "msg",
    ];
    const ofErrors = ["error", "message", "code", "constraint", "table", "column", "routine", "stack", "cause"];
    expect([...known, ...ofErrors]).toEqual(expect.arrayContaining(Object.keys(JSON.parse(line) as object)));
  }

  const secrets = [
    token,
    token.slice(-32),
    ...ACCOUNT_NUMBERS.flatMap((number) => [number, number.replaceAll(" ", "")]),
  ];
  const forms = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    return [secret, bytes.toString("hex"), bytes.toString("base64").replaceAll("=", "")];
  });
  let rows = 0;
  for (const table of [...(await tenantTables(database)), "tenants"]) {
    for (const { row } of await stored<{ row: string }>(database, `select t::text as row from ${table} t`)) {
      rows++;
      expect([table, forms.filter((form) => row.toLowerCase().includes(form.toLowerCase()))]).toEqual([table, []]);
    }
  }
  expect(rows).toBeGreaterThan(300);
  // The search is a search: names are found.
  const names = await stored<{ row: string }>(database, "select t::text as row from customers t");
  expect(names.some(({ row }) => row.toLowerCase().includes(CANARY))).toBe(true);
});
