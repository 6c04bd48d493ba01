/**
 * Lets the gateway work for a long time at half of what it can: queries of several shapes, searches, whole lives of
 * customers, refused requests, several tenants, kept and new connections. Prints latencies, memory and connections, and
 * exits with 1 where an answer was wrong, memory grew by more than 64 MB after the warm-up, more connections were open than the
 * pools have, or a transaction was left idle. It leaves nothing behind.
 *
 *     npm run build && node -r @swc-node/register bench/soak.ts [minutes, default 20]
 */
import "reflect-metadata";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { readConfig } from "../src/config";
import { openDatabase } from "../src/database/open-database";

const MAIN = path.join(__dirname, "../dist/src/cli/main.js");
const TENANTS = ["soak-a", "soak-b", "soak-c"];
const CUSTOMERS = 300;
const CLIENTS = 16;
const CAPACITY_MS = 20_000;
const SHARE_OF_CAPACITY = 0.5;
const LOOK_EVERY_MS = 2000;
const POOL_SIZE = 10;
/** One more gives out codes. */
const MOST_CONNECTIONS = POOL_SIZE + 1;
const MOST_GROWTH_BYTES = 64 * 1024 * 1024;
/** The share of the time after which memory is compared. */
const WARM_UP = 0.2;
const NEW_CONNECTION_EVERY = 10;

interface Tenant {
  readonly code: string;
  readonly token: string;
}

/** An answer, as it came. */
interface Reply {
  readonly status: number;
  readonly text: string;
}

/** What is sent, and what its answer must be. */
interface Step {
  readonly query: string;
  readonly variables?: object;
  readonly token?: string;
  readonly isRight: (reply: Reply) => boolean;
}

/** Steps one after another; each may use the answer to the one before. */
type Script = (tenant: Tenant, number: number) => Generator<Step, void, Reply>;

const succeeds = ({ status, text }: Reply): boolean => status === 200 && !text.includes('"errors":[');
const refusedWith =
  (code: string, expected = 200) =>
  ({ status, text }: Reply): boolean =>
    status === expected && text.includes(`"code":"${code}"`);
/** Every customer is called after its tenant. */
const tellsOf =
  (tenant: Tenant) =>
  (reply: Reply): boolean =>
    succeeds(reply) && TENANTS.every((code) => reply.text.includes(code) === (code === tenant.code));
/** The first value of a name in an answer. */
const valueOf = (name: string, { text }: Reply): string => new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1] ?? "";

const PAGE = `query Page($after: String) { customers(first: 50, after: $after, orderBy: [{ field: NAME }]) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { code name phone status { name } contacts { name email } bankAccounts { maskedAccountNumber }
    workOrders(first: 3) { totalCount nodes { title } } deletion { allowed } } } }`;
const FIND = `query Find($search: String) { customers(first: 10, filter: { search: $search }) { nodes { name } } }`;
const ONE = `query One($code: String!) { customer(by: { code: $code }) { name contacts { name } history(first: 3) { nodes { action } } } }`;
const CREATE = `mutation Create($input: CustomerInput!) { createCustomer(input: $input) { id name version } }`;
const UPDATE = `mutation Change($id: ID!, $input: CustomerPatch!) { updateCustomer(by: { id: $id }, input: $input, expectedVersion: 1) { name version } }`;
const END = `mutation End($id: ID!) { deleteCustomer(by: { id: $id }) { id } purgeCustomer(by: { id: $id }) }`;

const SCRIPTS: readonly Script[] = [
  function* page(tenant) {
    const first = yield { query: PAGE, isRight: tellsOf(tenant) };
    yield { query: PAGE, variables: { after: valueOf("endCursor", first) }, isRight: tellsOf(tenant) };
  },
  function* search(tenant, number) {
    yield { query: FIND, variables: { search: `khach ${number % CUSTOMERS}` }, isRight: tellsOf(tenant) };
  },
  function* one(tenant, number) {
    yield { query: ONE, variables: { code: `S-${number % CUSTOMERS}` }, isRight: tellsOf(tenant) };
  },
  function* viewer(tenant) {
    yield { query: "{ viewer { tenant { code } } }", isRight: tellsOf(tenant) };
  },
  function* life(tenant, number) {
    const input = { ...customer(tenant, number), code: undefined };
    const made = yield { query: CREATE, variables: { input }, isRight: tellsOf(tenant) };
    const id = valueOf("id", made);
    const patch = { name: `${tenant.code} changed`, contacts: [{ name: "B" }] };
    yield { query: UPDATE, variables: { id, input: patch }, isRight: tellsOf(tenant) };
    yield { query: UPDATE, variables: { id, input: patch }, isRight: refusedWith("CONFLICT") };
    yield { query: END, variables: { id }, isRight: succeeds };
    yield { query: END, variables: { id }, isRight: refusedWith("NOT_FOUND") };
  },
  function* refused() {
    yield {
      query: CREATE,
      variables: { input: { email: "x", status: "nope" } },
      isRight: refusedWith("BAD_USER_INPUT"),
    };
    yield { query: "{ nope }", isRight: refusedWith("GRAPHQL_VALIDATION_FAILED", 400) };
    yield { query: "{ nope", isRight: refusedWith("GRAPHQL_PARSE_FAILED", 400) };
    yield { query: "{ __typename }", token: "ck_nobody", isRight: refusedWith("UNAUTHENTICATED", 401) };
  },
];

const customer = ({ code }: Tenant, number: number): { [field: string]: unknown } => ({
  code: `S-${number}`,
  name: `${code} Khách ${number}`,
  email: `customer${number}@example.com`,
  phones: [`+849${10_000_000 + (number % 10_000_000)}`],
  contacts: [{ name: "A", email: "a@example.com", isPrimary: true }],
  bankAccounts: [{ bankName: "Vietcombank", accountNumber: String(10_000_000 + number) }],
});

const REQUEST_ID = /"requestId":"[^"]*"/g;
const wrong = new Map<string, number>();
const note = (what: string): void => void wrong.set(what, (wrong.get(what) ?? 0) + 1);

/** Sends scripts, as fast as answers come or so many requests a second. */
class Load {
  sent = 0;
  readonly latenciesMs: number[] = [];
  private number = 0;
  private readonly kept = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });

  constructor(
    private readonly url: URL,
    private readonly tenants: readonly Tenant[],
  ) {}

  async run(durationMs: number, perSecond = Infinity): Promise<void> {
    const end = performance.now() + durationMs;
    let due = performance.now();
    const turn = async (): Promise<void> => {
      due = Math.max(due + 1000 / perSecond, performance.now() - 1000);
      const wait = due - performance.now();
      if (wait > 0) await sleep(wait);
    };
    const client = async (): Promise<void> => {
      while (performance.now() < end) {
        const number = this.number++;
        const tenant = this.tenants[number % this.tenants.length] as Tenant;
        const script = SCRIPTS[randomInt(SCRIPTS.length)] as Script;
        const steps = script(tenant, number);
        for (let step = steps.next(); !step.done;) {
          await turn();
          const reply = await this.send(step.value, tenant);
          if (!step.value.isRight(reply))
            note(`${script.name}: ${reply.status} ${reply.text.replace(REQUEST_ID, "").trim().slice(0, 300)}`);
          step = steps.next(reply);
        }
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  close(): void {
    this.kept.destroy();
  }

  private send({ query, variables, token }: Step, tenant: Tenant): Promise<Reply> {
    const startedAt = performance.now();
    const isKept = this.sent++ % NEW_CONNECTION_EVERY !== 0;
    const headers = { authorization: `Bearer ${token ?? tenant.token}`, "content-type": "application/json" };
    return new Promise((resolve) => {
      const fail = (error: NodeJS.ErrnoException): void => resolve({ status: 0, text: error.message });
      const request = http.request(
        new URL("/graphql", this.url),
        { method: "POST", headers, agent: isKept ? this.kept : false, timeout: 10_000 },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", fail);
          response.on("end", () => {
            this.latenciesMs.push(performance.now() - startedAt);
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
          });
        },
      );
      request.on("timeout", () => request.destroy(new Error("No answer within 10 s")));
      request.on("error", fail);
      request.end(JSON.stringify({ query, variables }));
    });
  }
}

/** Looks at memory and connections from time to time. */
class Watch {
  readonly memory: { at: number; bytes: number }[] = [];
  mostConnections = 0;
  private readonly stopped = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: URL,
    private readonly database: Client,
  ) {}

  start(): void {
    this.done = this.look();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.done;
  }

  private async look(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const metrics = await (await fetch(new URL("/metrics", this.url))).text();
      const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
      this.memory.push({ at: performance.now(), bytes });
      const { rows } = await this.database.query<{ open: number; forgotten: number }>(
        `select count(*)::int as open,
           count(*) filter (where state like 'idle in transaction%' and state_change < now() - interval '2 seconds')::int as forgotten
         from pg_stat_activity where datname = current_database() and application_name = 'clientele'`,
      );
      const { open = 0, forgotten = 0 } = rows[0] ?? {};
      this.mostConnections = Math.max(this.mostConnections, open);
      if (forgotten > 0) note("a transaction was left idle for more than 2 s");
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  /** The median of a part of the time. */
  memoryBetween(from: number, to: number): number {
    const first = this.memory[0]?.at ?? 0;
    const length = (this.memory.at(-1)?.at ?? 0) - first;
    const part = this.memory.filter(({ at }) => at >= first + from * length && at <= first + to * length);
    return percentile(
      part.map(({ bytes }) => bytes),
      0.5,
    );
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

const latencies = (values: readonly number[]): string =>
  [0.5, 0.95, 0.99, 1].map((share) => `p${share * 100} ${percentile(values, share).toFixed(1)} ms`).join(", ");
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`;

async function main(minutes: number): Promise<void> {
  if (!fs.existsSync(MAIN)) throw new Error("There is no build: npm run build");
  const folder = fs.mkdtempSync(path.join(tmpdir(), "clientele-soak-"));
  fs.chmodSync(folder, 0o755); // PostgreSQL has an account of its own where this runs as root
  const { PATH, TMPDIR } = process.env;
  const settings = { DATA_DIR: folder, PORT: "0", LOG_LEVEL: "error", POOL_SIZE: String(POOL_SIZE) };
  const env = { PATH, TMPDIR, ...settings, DEMO: "false", EXPLORER: "false" };
  const database = await openDatabase(readConfig(settings));
  const server = spawn(process.execPath, [MAIN, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const watcher = new Client({ connectionString: database.adminUrl, application_name: "soak" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.kill("SIGKILL"));
  try {
    const url = await listening(server);
    await watcher.connect();
    const tenants = await makeTenants(env);
    console.log(
      `${minutes} minutes, ${CLIENTS} clients, ${tenants.length} tenants; ${cpus().length} cores, Node ${process.version}`,
    );
    const load = new Load(url, tenants);
    await fill(url, tenants);
    const capacity = await measureCapacity(load);
    const watch = new Watch(url, watcher);
    watch.start();
    await soak(load, minutes * 60_000, capacity * SHARE_OF_CAPACITY);
    await watch.stop();
    load.close();
    report(watch);
  } finally {
    await watcher.end().catch(() => undefined);
    server.kill("SIGTERM");
    await ended;
    if (server.exitCode !== 0) note(`the server ended with ${server.exitCode ?? server.signalCode}`);
    await database.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  for (const [what, times] of [...wrong].slice(0, 20)) console.error(`WRONG (${times} times): ${what}`);
  process.exitCode = wrong.size > 0 ? 1 : 0;
}

async function measureCapacity(load: Load): Promise<number> {
  await load.run(CAPACITY_MS / 2); // compiled, planned, cached
  load.latenciesMs.length = 0;
  await load.run(CAPACITY_MS / 2);
  const capacity = load.latenciesMs.length / (CAPACITY_MS / 2000);
  console.log(`capacity: ${capacity.toFixed(0)} requests a second (${latencies(load.latenciesMs)})`);
  return capacity;
}

async function soak(load: Load, durationMs: number, perSecond: number): Promise<void> {
  const all: number[] = [];
  const parts = Math.max(5, Math.round(durationMs / 60_000));
  for (let part = 1; part <= parts; part++) {
    load.latenciesMs.length = 0;
    await load.run(durationMs / parts, perSecond);
    all.push(...load.latenciesMs.filter((_, index) => index % parts === 0)); // enough of each for the whole
    const rate = load.latenciesMs.length / (durationMs / parts / 1000);
    console.log(
      `${part} of ${parts}: ${rate.toFixed(0)} a second, ${latencies(load.latenciesMs)}, ${wrong.size} wrong`,
    );
  }
  console.log(`in all: ${load.sent} requests; ${latencies(all)}`);
}

function report(watch: Watch): void {
  const before = watch.memoryBetween(WARM_UP, WARM_UP + 0.2);
  const after = watch.memoryBetween(0.8, 1);
  console.log(`memory: ${megabytes(before)} after the warm-up, ${megabytes(after)} at the end`);
  console.log(`connections: ${watch.mostConnections} at most, ${MOST_CONNECTIONS} allowed`);
  if (!(after - before <= MOST_GROWTH_BYTES)) note(`memory grew by ${megabytes(after - before)}`);
  if (watch.mostConnections > MOST_CONNECTIONS) note(`${watch.mostConnections} connections`);
}

async function listening(server: ChildProcess): Promise<URL> {
  let said = "";
  server.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const url = /GraphQL +(\S+)/.exec(said)?.[1];
    if (url !== undefined) return new URL(url);
    if (server.exitCode !== null) break;
  }
  throw new Error("The gateway did not start");
}

async function makeTenants(env: NodeJS.ProcessEnv): Promise<Tenant[]> {
  const command = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...words, "--json"], { env });
    return JSON.parse(stdout);
  };
  const tenants: Tenant[] = [];
  for (const code of TENANTS) {
    await command("tenant", "create", code, "--name", code);
    const made = await command("key", "create", "--tenant", code, "--name", "soak", "--scope", "*");
    tenants.push({ code, token: (made as { token: string }).token });
  }
  return tenants;
}

async function fill(url: URL, tenants: readonly Tenant[]): Promise<void> {
  const query = "mutation ($input: [CustomerInput!]!) { upsertCustomers(input: $input) { id } }";
  for (const tenant of tenants) {
    const input = Array.from({ length: CUSTOMERS }, (_, number) => customer(tenant, number));
    const response = await fetch(new URL("/graphql", url), {
      method: "POST",
      headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const reply = { status: response.status, text: await response.text() };
    if (!succeeds(reply)) throw new Error(`The customers were not made: ${reply.text}`);
  }
}

const [minutes = "20"] = process.argv.slice(2);
void main(Number(minutes));
