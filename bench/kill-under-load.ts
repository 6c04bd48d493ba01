/**
 * Kills the gateway with `kill -9` while clients create customers, starts it again, and looks at what is there: every
 * customer that was acknowledged has to be whole, every other one whole or absent, and none there twice. Prints the
 * figures; exits with 1 where one of them is wrong. It takes a minute or two, and leaves nothing behind.
 *
 *     npm run build && node -r @swc-node/register bench/kill-under-load.ts [rounds, default 10] [clients, default 12]
 */
import "reflect-metadata";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import fs from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual, promisify } from "node:util";
import { Client } from "pg";
import { readConfig } from "../src/config";
import { embeddedClusterFolder } from "../src/database/embedded-postgres";
import { isRunning, identifyProcess } from "../src/database/live-process";
import { openDatabase } from "../src/database/open-database";

const MAIN = path.join(__dirname, "../dist/src/cli/main.js");
const TIME_LIMIT_MS = 160_000;
const START_LIMIT_MS = 60_000;
/** A kill comes after so many acknowledged customers. */
const FEWEST = 20;
const MOST = 120;
/** Acknowledged customers of a round that are sent once more after the kill, those of the last moment. */
const REPEATED = 5;

/** What a kill hits. */
const KILLS = [
  "the server (its guard ends PostgreSQL)",
  "the server and PostgreSQL (which recovers from its log)",
  "the server (PostgreSQL goes on for another user)",
] as const;

interface Contact {
  name: string;
  email: string;
  phone: string;
  isPrimary: boolean;
}

interface BankAccount {
  bankCode: string;
  accountHolderName: string;
  accountNumber: string;
}

interface CustomerInput {
  /** Left out by some: the gateway assigns one, so that no unique code keeps a second one out. */
  code?: string;
  name: string;
  /** Belongs to one create alone. */
  email: string;
  phones: string[];
  tags: string[];
  contacts: Contact[];
  bankAccounts: BankAccount[];
  customFields: { field: string; value: string | number }[];
}

/** A customer as the gateway tells it. */
interface Customer extends Omit<CustomerInput, "code" | "customFields"> {
  id: string;
  code: string;
  version: number;
  createdAt: string;
  source: string;
  rank: number;
  history: { nodes: { action: string }[] };
}

/** A create that was sent. */
interface Sent {
  readonly input: CustomerInput;
  /** Its Idempotency-Key. */
  readonly key: string | undefined;
  /** Set once the gateway has acknowledged it. */
  answer?: Customer;
}

const WHOLE = `
  id code name email phones tags version createdAt
  contacts { name email phone isPrimary }
  bankAccounts { bankCode accountHolderName accountNumber }
  source: customField(code: "source") rank: customField(code: "rank")
  history(first: 5) { nodes { action } }`;
const CREATE = `mutation Create($input: CustomerInput!) { createCustomer(input: $input) { ${WHOLE} } }`;

/** What the tables hold of each customer beside its own row. */
const PARTS = {
  contacts: 2,
  bank_accounts: 2,
  customer_phones: 2,
  customer_tags: 2,
  customer_field_values: 2,
  customer_changes: 1,
};

/** What is wrong, a sentence each. */
const violations: string[] = [];

async function main(rounds: number, clients: number): Promise<void> {
  if (!fs.existsSync(MAIN)) throw new Error("There is no build: npm run build");
  const started = Date.now();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(new Error("Interrupted")));
  const limit = setTimeout(() => stop.abort(new Error(`Not done within ${TIME_LIMIT_MS / 1000} s`)), TIME_LIMIT_MS);
  const folder = fs.mkdtempSync(path.join(tmpdir(), "clientele-kill-"));
  fs.chmodSync(folder, 0o755); // PostgreSQL has an account of its own where this runs as root
  const gateway = new Gateway(folder, await freePort(), stop.signal);
  try {
    console.log(`${rounds} rounds, ${clients} clients; ${cpus().length} cores, Node ${process.version}`);
    await gateway.start();
    const token = await gateway.makeKey();
    const load = new Load(new Caller(gateway.url, token, stop.signal));
    await load.prepare();
    for (let round = 1; round <= rounds; round++) {
      const kill = (round - 1) % KILLS.length;
      // Another process that uses the embedded PostgreSQL keeps it running.
      const other = kill === 2 ? await openDatabase(gateway.config) : undefined;
      try {
        const before = load.acknowledged.length;
        const wanted = randomInt(FEWEST, MOST);
        const unanswered = await load.run(clients, wanted, () => gateway.kill({ withPostgres: kill === 1 }));
        const killedAt = Date.now();
        await gateway.start();
        console.log(
          `round ${round}: killed ${KILLS[kill]} after ${load.acknowledged.length - before} acknowledged, ` +
            `${unanswered.length} unanswered; back after ${((Date.now() - killedAt) / 1000).toFixed(1)} s`,
        );
        await load.sendAgain(unanswered, killedAt);
      } finally {
        await other?.close();
      }
    }
    const database = await openDatabase(gateway.config);
    try {
      await report(rounds, load, database.adminUrl);
    } finally {
      await gateway.end();
      await database.close(); // the last one waits for the end of PostgreSQL
    }
  } catch (error) {
    violations.push(error instanceof Error ? error.message : String(error));
    if (gateway.said) console.error(`The gateway said:\n${gateway.said}`);
  } finally {
    clearTimeout(limit);
    await gateway.end();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`);
  for (const violation of violations.slice(0, 20)) console.error(`WRONG: ${violation}`);
  if (violations.length > 20) console.error(`WRONG: and ${violations.length - 20} more`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

/** The process under test, on a folder of its own. */
class Gateway {
  readonly config = readConfig({ DATA_DIR: this.folder });
  /** The end of what it printed as errors. */
  said = "";
  private process: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly stop: AbortSignal,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private get env(): NodeJS.ProcessEnv {
    const { PATH, TMPDIR } = process.env;
    const settings = { DATA_DIR: this.folder, PORT: String(this.port), LOG_LEVEL: "error" };
    return { PATH, TMPDIR, ...settings, DEMO: "false", EXPLORER: "false" };
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, "serve"], { env: this.env, stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.on("data", (text: Buffer) => (this.said = `${this.said}${text.toString()}`.slice(-4000)));
    this.process = child;
    this.ended = new Promise((resolve) => child.once("exit", () => resolve()));
    for (const deadline = Date.now() + START_LIMIT_MS; !(await this.isReady()); await sleep(50)) {
      this.stop.throwIfAborted();
      if (child.exitCode !== null) throw new Error(`The gateway did not start (exit code ${child.exitCode})`);
      if (Date.now() > deadline) throw new Error(`The gateway was not ready within ${START_LIMIT_MS / 1000} s`);
    }
  }

  private async isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** A new tenant's key, made on the command line while the server runs. */
  async makeKey(): Promise<string> {
    const command = async (...words: string[]): Promise<unknown> => {
      const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...words, "--json"], { env: this.env });
      return JSON.parse(stdout);
    };
    await command("tenant", "create", "load", "--name", "Load");
    const made = await command("key", "create", "--tenant", "load", "--name", "load", "--scope", "*");
    return (made as { token: string }).token;
  }

  /** `kill -9`, of both at the same moment where PostgreSQL is to die too. */
  kill({ withPostgres }: { withPostgres: boolean }): Promise<void> {
    if (withPostgres) process.kill(this.postmasterPid(), "SIGKILL");
    this.process?.kill("SIGKILL");
    return this.ended;
  }

  /** Ends what is left, in whatever state it is. */
  async end(): Promise<void> {
    if (this.process?.exitCode === null) {
      this.process.kill("SIGTERM");
      await Promise.race([this.ended, sleep(15_000, undefined, { ref: false })]);
      this.process.kill("SIGKILL");
      await this.ended;
    }
    // Its guard ends PostgreSQL after a kill; that takes a moment.
    const postmaster = this.findPostmaster();
    for (const deadline = Date.now() + 15_000; postmaster && isRunning(postmaster) && Date.now() < deadline;) {
      await sleep(50);
    }
  }

  private findPostmaster(): string | undefined {
    try {
      return identifyProcess(this.postmasterPid());
    } catch {
      return undefined; // it has ended
    }
  }

  private postmasterPid(): number {
    const file = path.join(embeddedClusterFolder(`${this.folder}/postgres`), "data/postmaster.pid");
    return Number.parseInt(fs.readFileSync(file, "utf8"), 10);
  }
}

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
}

/** Sends operations over HTTP. */
class Caller {
  constructor(
    private readonly url: string,
    private readonly token: string,
    readonly stop: AbortSignal,
  ) {}

  /** @throws Error where no whole answer came */
  async send(query: string, variables: object = {}, key?: string): Promise<Answer> {
    this.stop.throwIfAborted();
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.token}`,
        "content-type": "application/json",
        ...(key !== undefined && { "idempotency-key": key }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.any([this.stop, AbortSignal.timeout(20_000)]),
    });
    return (await response.json()) as Answer;
  }

  /** As send, for what must succeed. */
  async run<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.send(query, variables);
    if (errors) throw new Error(`An operation failed: ${JSON.stringify(errors)}`);
    return data as Data;
  }
}

/** Creates customers and remembers what became of each. */
class Load {
  readonly sent: Sent[] = [];
  readonly acknowledged: Sent[] = [];
  /** Sent again because no answer had come. */
  retried = 0;
  /** Of these, those that had taken effect before the kill. */
  doneBefore = 0;
  /** Sent again although they had been acknowledged. */
  repeated = 0;

  constructor(readonly caller: Caller) {}

  async prepare(): Promise<void> {
    await this.caller.run(`mutation {
      text: createCustomerField(input: { code: "source", name: "Source" }) { id }
      number: createCustomerField(input: { code: "rank", name: "Rank", type: NUMBER }) { id }
    }`);
  }

  /**
   * Lets clients create customers, one after another each, and kills under way.
   * @returns the creates that got no answer
   */
  async run(clients: number, killAfter: number, kill: () => Promise<void>): Promise<Sent[]> {
    const unanswered: Sent[] = [];
    const goal = this.acknowledged.length + killAfter;
    let killed: Promise<void> | undefined;
    const client = async (): Promise<void> => {
      while (!killed) {
        const create = this.next();
        const answer = await this.create(create);
        if (!answer) unanswered.push(create);
        else this.acknowledge(create, answer);
        if (this.acknowledged.length >= goal) killed ??= kill();
        if (!answer && !killed) throw new Error("The gateway left a create unanswered before it was killed");
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    await killed;
    return unanswered;
  }

  /** After the kill, what a careful client does: it sends again what has a key; some of it twice at the same moment. */
  async sendAgain(unanswered: readonly Sent[], killedAt: number): Promise<void> {
    for (const create of unanswered.filter(({ key }) => key !== undefined)) {
      const answers = await Promise.all([this.create(create), this.create(create)]);
      const [first, second] = answers;
      if (!first || !second) throw new Error("The gateway left a create unanswered that was sent again");
      if (!isDeepStrictEqual(first, second)) violations.push(`${create.input.email}: two answers to one key`);
      this.acknowledge(create, first);
      this.retried++;
      if (Date.parse(first.createdAt) < killedAt) this.doneBefore++;
    }
    const latest = this.acknowledged.filter(({ key }) => key !== undefined).slice(-REPEATED);
    for (const create of latest) {
      const answer = await this.create(create);
      if (!isDeepStrictEqual(answer, create.answer))
        violations.push(`${create.input.email}: another answer than before`);
      this.repeated++;
    }
  }

  private next(): Sent {
    const number = this.sent.length + 1;
    const hasKey = number % 2 === 0;
    const isCodeAssigned = number % 4 === 0;
    const input = customerInput(number);
    if (isCodeAssigned) delete input.code;
    const create: Sent = { input, key: hasKey ? randomUUID() : undefined };
    this.sent.push(create);
    return create;
  }

  /** The created customer; undefined where no answer came, or one that the database was away. */
  private async create({ input, key }: Sent): Promise<Customer | undefined> {
    const answer = await this.caller.send(CREATE, { input }, key).catch(() => this.caller.stop.throwIfAborted());
    if (!answer || answer.errors?.every(({ extensions }) => extensions.code === "SERVICE_UNAVAILABLE"))
      return undefined;
    if (answer.errors) throw new Error(`A create was refused: ${JSON.stringify(answer.errors)}`);
    return (answer.data as { createCustomer: Customer }).createCustomer;
  }

  private acknowledge(create: Sent, answer: Customer): void {
    create.answer = answer;
    this.acknowledged.push(create);
  }
}

function customerInput(number: number): CustomerInput {
  return {
    code: `LOAD-${number}`,
    name: `Khách hàng ${number}`,
    email: `customer${number}@example.com`,
    phones: [`+849${10_000_000 + number}`, `+8428${10_000_000 + number}`],
    tags: ["load", `tag-${number % 10}`],
    contacts: [
      {
        name: `Contact ${number}a`,
        email: `a${number}@example.com`,
        phone: `+8491${1_000_000 + number}`,
        isPrimary: true,
      },
      {
        name: `Contact ${number}b`,
        email: `b${number}@example.com`,
        phone: `+8492${1_000_000 + number}`,
        isPrimary: false,
      },
    ],
    bankAccounts: [
      { bankCode: "970436", accountHolderName: `Holder ${number}`, accountNumber: String(100_000_000_000 + number) },
      { bankCode: "970415", accountHolderName: `Holder ${number}`, accountNumber: String(200_000_000_000 + number) },
    ],
    customFields: [
      { field: "source", value: `source ${number}` },
      { field: "rank", value: number },
    ],
  };
}

/** Whether a customer is all that was sent, and nothing else. */
function isWhole(customer: Customer, { code, customFields, ...input }: CustomerInput): boolean {
  const { name, email, phones, tags, contacts, bankAccounts } = customer;
  return (
    isDeepStrictEqual({ name, email, phones, tags, contacts, bankAccounts }, input) &&
    (code === undefined ? /^C-\d+$/.test(customer.code) : customer.code === code) &&
    isDeepStrictEqual(
      [customer.source, customer.rank],
      customFields.map(({ value }) => value),
    ) &&
    customer.version === 1 &&
    isDeepStrictEqual(customer.history, { nodes: [{ action: "CREATED" }] })
  );
}

/** Reads everything back, through GraphQL and from the tables, and prints what it finds. */
async function report(rounds: number, load: Load, adminUrl: string): Promise<void> {
  const told = await readAll(load.caller);
  const { stored, orphans, keys } = await readTables(adminUrl);
  const toldOf = new Map<string, Customer[]>();
  for (const customer of told) toldOf.set(customer.email, [...(toldOf.get(customer.email) ?? []), customer]);

  let verified = 0;
  let absent = 0;
  let whole = 0;
  let lost = 0;
  let halfWritten = 0;
  let doubled = 0;
  for (const { input, answer } of load.sent) {
    const { email } = input;
    const [customer, ...others] = toldOf.get(email) ?? [];
    toldOf.delete(email);
    if (others.length > 0) doubled++;
    else if (!customer && answer) lost++;
    else if (!customer) absent++;
    else if (!isWhole(customer, input) || !isDeepStrictEqual(stored.get(customer.id), PARTS)) halfWritten++;
    else if (!answer) whole++;
    else if (isDeepStrictEqual(customer, answer)) verified++;
    else violations.push(`${email}: not as it was acknowledged`);
  }
  const unknown = [...toldOf.values()].flat().length + Math.abs(stored.size - told.length);
  const wantedKeys = new Set(load.acknowledged.flatMap(({ key }) => key ?? []));
  const missingKeys = [...wantedKeys].filter((key) => keys.get(key) !== true).length;
  const strangeKeys = [...keys.keys()].filter((key) => !wantedKeys.has(key)).length;

  const figures: [what: string, count: number, wanted?: number][] = [
    ["rounds, each with a kill -9", rounds],
    ["creates sent", load.sent.length],
    ["acknowledged", load.acknowledged.length],
    ["  of these when sent again with their Idempotency-Key", load.retried],
    ["    of these done before the kill: the answer was repeated", load.doneBefore],
    ["acknowledged ones sent again: the same answer", load.repeated],
    ["verified: acknowledged, there and whole", verified, load.acknowledged.length],
    ["unacknowledged and absent", absent],
    ["unacknowledged and whole", whole, load.sent.length - load.acknowledged.length - absent],
    ["lost", lost, 0],
    ["half-written", halfWritten, 0],
    ["doubled", doubled, 0],
    ["customers that nobody sent", unknown, 0],
    ["contacts, accounts, finder or history rows without their customer", orphans, 0],
    ["effects without their stored answer, or the other way round", missingKeys + strangeKeys, 0],
  ];
  console.log("");
  for (const [what, count, wanted] of figures) {
    console.log(`${String(count).padStart(6)}  ${what}`);
    if (wanted !== undefined && count !== wanted) violations.push(`${what}: ${count} instead of ${wanted}`);
  }
}

/** Every customer of the tenant, page by page. */
async function readAll(caller: Caller): Promise<Customer[]> {
  const all: Customer[] = [];
  for (let after: string | null = null; ;) {
    const { customers }: { customers: CustomerPage } = await caller.run(
      `query All($after: String) {
        customers(first: 100, after: $after, filter: { trash: INCLUDE }) {
          nodes { ${WHOLE} } pageInfo { hasNextPage endCursor }
        }
      }`,
      { after },
    );
    all.push(...customers.nodes);
    if (!customers.pageInfo.hasNextPage) return all;
    after = customers.pageInfo.endCursor;
  }
}

interface CustomerPage {
  nodes: Customer[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

interface Tables {
  /** How many rows of each table a customer has, by its id. */
  stored: Map<string, Record<string, number>>;
  /** Rows whose customer is not there. */
  orphans: number;
  /** Idempotency keys, and whether the answer is with them. */
  keys: Map<string, boolean>;
}

/** The rows themselves, by the login that sees all of them; without indexes, which might hide what is there. */
async function readTables(adminUrl: string): Promise<Tables> {
  const tables = Object.keys(PARTS);
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off");
    const { rows: customers } = await client.query<{ id: string; parts: Record<string, number> }>(
      `select c.id, json_build_object(${tables.map((table) => `'${table}', coalesce(${table}.count, 0)`).join(", ")}) as parts
       from customers c
       ${tables
         .map(
           (table) =>
             `left join (select customer_id, count(*)::int from ${table} group by customer_id) ${table} on ${table}.customer_id = c.id`,
         )
         .join(" ")}`,
    );
    const { rows: orphans } = await client.query<{ count: number }>(
      `select (${tables
        .map(
          (table) =>
            `(select count(*) from ${table} t where not exists (select from customers c where c.id = t.customer_id))`,
        )
        .join(" + ")})::int as count`,
    );
    const { rows: keys } = await client.query<{ key: string; answered: boolean }>(
      "select key, answer_ciphertext is not null as answered from idempotency_keys",
    );
    return {
      stored: new Map(customers.map(({ id, parts }) => [id, parts])),
      orphans: orphans[0]?.count ?? 0,
      keys: new Map(keys.map(({ key, answered }) => [key, answered])),
    };
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const [rounds = "10", clients = "12"] = process.argv.slice(2);
void main(Number(rounds), Number(clients));
