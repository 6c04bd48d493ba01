import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { demoQueries } from "../../src/demo/demo-queries";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { digest } from "../support/stored";
import { makeWhole } from "../../src/doctor/whole-tenant";
import { attackFactor, attackSeed } from "./effort";
import { ECHO, hostileRequests, mutations, randomNumbers } from "./hostile-requests";

let gateway: TestGateway;
let tenant: TestTenant;
let before: unknown;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  await makeWhole(gateway.app.database, tenant, { customers: 3 });
  before = await digest(gateway.database);
});
afterAll(async () => {
  expect(await digest(gateway.database)).toEqual(before);
  expect(gateway.unexpected).toEqual([]);
  await gateway.close();
});

/** What no answer may tell: how this is made, and what was sent. */
const TOLD =
  /Did you mean|node_modules|\.[tj]s:\d|\bat \/|select |pg_|\beconn(reset|refused|aborted)|SQLSTATE|postgres|typeorm|stacktrace/i;
const ANSWER_LIMIT_MS = 5000;

interface Told {
  readonly data?: unknown;
  readonly errors?: readonly { message?: unknown; extensions?: { code?: unknown; requestId?: unknown } }[];
}

/** What is wrong with an answer, if anything is. */
function faultsOf(status: number, text: string, isRefused: boolean): string[] {
  const faults: string[] = [];
  if (status !== 200 && (status < 400 || status >= 500)) faults.push(`status ${status}`);
  if (isRefused && status === 200) faults.push("not refused");
  if (TOLD.test(text)) faults.push(`tells ${TOLD.exec(text)?.[0]}`);
  if (text.includes(ECHO)) faults.push("repeats what was sent");
  if (text.length > 100_000) faults.push(`${text.length} characters`);
  let answer: Told = {};
  try {
    answer = JSON.parse(text) as Told;
  } catch {
    faults.push(`no JSON: ${text.slice(0, 50)}`);
  }
  const { data, errors = [] } = answer;
  if (data === undefined && errors.length === 0) faults.push("neither data nor errors");
  if (errors.length > 5) faults.push(`${errors.length} errors`);
  for (const { message, extensions: { code, requestId } = {} } of errors) {
    if (typeof message !== "string" || typeof code !== "string" || typeof requestId !== "string")
      faults.push("an error without code or id");
    if (code === "INTERNAL_SERVER_ERROR") faults.push("an internal error");
  }
  return faults;
}

async function attack(
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
  isRefused: boolean,
): Promise<string[]> {
  const startedAt = performance.now();
  const { statusCode, body: text } = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json", ...headers },
    payload: body,
  });
  const tookMs = performance.now() - startedAt;
  return [
    ...faultsOf(statusCode, text, isRefused),
    ...(tookMs > ANSWER_LIMIT_MS ? [`took ${tookMs.toFixed(0)} ms`] : []),
  ];
}

test("hostile documents and bodies are refused or answered, quickly, and tell nothing", async () => {
  const faults: string[] = [];
  const requests = hostileRequests();
  for (const { name, body, headers = {}, isRefused } of requests) {
    faults.push(...(await attack(body, headers, isRefused)).map((fault) => `${name}: ${fault}`));
  }
  expect(faults).toEqual([]);
  expect(requests.length).toBeGreaterThan(120);
}, 60_000);

test("documents that are right but for a character are answers or refusals", async () => {
  const random = randomNumbers(attackSeed());
  const faults: string[] = [];
  let sent = 0;
  for (const { query, variables } of demoQueries.filter(({ query: text }) => !text.startsWith("mutation"))) {
    for (const document of mutations(query, Math.ceil(25 * attackFactor()), random)) {
      const body = JSON.stringify({
        query: document,
        variables: variables === undefined ? {} : (JSON.parse(variables) as object),
      });
      const found = await attack(body, {}, false);
      faults.push(...found.map((fault) => `${JSON.stringify(document)}: ${fault}`));
      sent++;
    }
  }
  expect(faults).toEqual([]);
  expect(sent).toBeGreaterThan(100);
}, 600_000);

test("cursors that were made up, changed, or belong to another list or tenant show nothing of others", async () => {
  const other = await gateway.aTenant();
  await makeWhole(gateway.app.database, other, { customers: 3 });
  before = await digest(gateway.database);
  const ends = await other.run(`{
    customers(first: 1, orderBy: [{ field: NAME }]) { pageInfo { endCursor } }
    workOrders(first: 1) { pageInfo { endCursor } } }`);
  const own = (await tenant.run("{ customers(first: 1, orderBy: [{ field: NAME }]) { pageInfo { endCursor } } }"))
    .customers.pageInfo.endCursor as string;
  const random = randomNumbers(attackSeed());
  const [list, ...values] = JSON.parse(Buffer.from(own, "base64url").toString()) as string[];
  const encode = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString("base64url");
  const cursors = [
    ends.customers.pageInfo.endCursor as string,
    ends.workOrders.pageInfo.endCursor as string,
    ...[
      "",
      " ",
      "x",
      "null",
      "e30",
      "W10",
      own.slice(1),
      own.slice(0, -2),
      `${own}A`,
      own.toUpperCase(),
      own.repeat(1000),
    ],
    ...["\u0000", "\ud800", "' or true --", "9".repeat(10_000), "NaN", "", "infinity"].flatMap((text) => [
      encode([list, text, values.at(-1)]),
      encode([list, ...values.slice(0, -1), text]),
    ]),
    ...[
      [list],
      [list, ...values, "x"],
      [list, ...values.map(() => null)],
      [list, ...values.map(() => ({}))],
      {},
      null,
      7,
    ].map(encode),
    ...Array.from({ length: 60 * attackFactor() }, () => {
      const at = Math.floor(random() * own.length);
      return own.slice(0, at) + (own[at] === "A" ? "B" : "A") + own.slice(at + 1);
    }),
  ];
  for (const after of cursors) {
    const answer = await tenant.execute(
      "query ($after: String) { customers(first: 2, after: $after, orderBy: [{ field: NAME }]) { nodes { name } } }",
      { after },
    );
    const text = JSON.stringify(answer);
    expect([after, answer.status, text.includes(other.code)]).toEqual([after, expect.any(Number), false]);
    expect([
      after,
      faultsOf(answer.status, JSON.stringify({ data: answer.data, errors: answer.errors }), false),
    ]).toEqual([after, []]);
  }
  expect(cursors.length).toBeGreaterThan(80);
}, 600_000);

/** Whoever waits for more is told then that there is none. */
const LEAVE_AFTER_MS = 1500;

test("what is hardly HTTP is refused or cut off, and executes nothing", async () => {
  await gateway.http.listen({ host: "127.0.0.1", port: 0 });
  const { port } = gateway.http.server.address() as AddressInfo;
  const body = JSON.stringify({ query: `mutation { createCustomer(input: { code: "smuggled" }) { id } }` });
  const head = (line: string, ...headers: string[]): string =>
    [
      line,
      "host: localhost",
      `authorization: Bearer ${tenant.token}`,
      "content-type: application/json",
      "connection: close",
      ...headers,
      "",
      "",
    ].join("\r\n");
  const post = "POST /graphql HTTP/1.1";
  const length = `content-length: ${body.length}`;
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const requests: Record<string, string> = {
    "no HTTP": `${ECHO}\r\n\r\n`,
    "two lengths": head(post, length, `content-length: ${body.length + 1}`) + body,
    "a length and chunks": head(post, length, "transfer-encoding: chunked") + chunked,
    "chunks of another name": head(post, "transfer-encoding: xchunked") + chunked,
    "chunks twice": head(post, "transfer-encoding: chunked, chunked") + chunked,
    "a chunk of less than nothing": `${head(post, "transfer-encoding: chunked")}-1\r\n${body}\r\n0\r\n\r\n`,
    "a length of less than nothing": head(post, "content-length: -1") + body,
    "a length that is a text": head(post, "content-length: 0x10") + body,
    "a header without a name": head(post, length, ": x") + body,
    "a header with a space": head(post, length, "x y: z") + body,
    "a header with U+0000": head(post, length, "x: a\u0000b") + body,
    "a folded header": head(post, length, "x: a", " b") + body,
    "a header of 100,000 characters": head(post, length, `x: ${"x".repeat(100_000)}`) + body,
    "3,000 headers": head(post, length, ...Array.from({ length: 3000 }, (_, index) => `x${index}: 1`)) + body,
    "HTTP/0.9": "GET /graphql\r\n\r\n",
    "a method in lower case": head("post /graphql HTTP/1.1", length) + body,
    "a method of its own": head(`${ECHO} /graphql HTTP/1.1`, length) + body,
    TRACE: head("TRACE /graphql HTTP/1.1", length) + body,
    DELETE: head("DELETE /graphql HTTP/1.1", length) + body,
    "a path with U+0000": head("POST /graphql%00 HTTP/1.1", length) + body,
    "a path above": head("POST /x/../graphql HTTP/1.1", length) + body,
    "a path twice": head("POST //graphql HTTP/1.1", length) + body,
    "a path in capitals": head("POST /GRAPHQL HTTP/1.1", length) + body,
    "a path of another server": head("POST http://elsewhere.example/graphql/x HTTP/1.1", length) + body,
    "broken escapes": head("POST /graphql/%zz HTTP/1.1", length) + body,
    "a body that ends early": head(post, `content-length: ${body.length + 100}`) + body,
    "a key twice": head(post, length, "authorization: Bearer ck_x") + body,
  };
  const answered: [string, string][] = [];
  await Promise.all(
    Object.entries(requests).map(async ([name, text]) => {
      const socket = connect(port, "127.0.0.1").on("error", () => undefined);
      let answer = "";
      socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
      const closed = once(socket, "close");
      socket.write(text, "latin1");
      setTimeout(() => socket.end(), LEAVE_AFTER_MS).unref();
      await closed;
      answered.push([name, answer]);
    }),
  );
  for (const [name, answer] of answered) {
    const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? "none";
    expect([name, status]).toEqual([name, expect.stringMatching(/^(none|4\d\d|505)$/)]);
    expect([name, answer.includes(ECHO), TOLD.test(answer)]).toEqual([name, false, false]);
  }
  expect((await tenant.run(`{ customer(by: { code: "smuggled" }) { id } }`)).customer).toBeNull();
}, 60_000);
