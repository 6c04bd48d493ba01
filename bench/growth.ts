/**
 * Measures how reading and writing keep up with a tenant's size: for each size a fresh embedded PostgreSQL, one tenant with
 * so many customers (each with a phone number, a tag, custom values, a contact, an asset, a work order, ...), and the gateway
 * as it is built, row-level security on. Prints a table, and writes a plot where `--svg` names a file.
 *
 *     npm run build && node -r @swc-node/register bench/growth.ts [--customers 10000,100000,1000000] [--rounds 41] [--svg docs/growth.svg]
 *
 * Ends with 1 where, at the largest size, page 1,000 takes more than twice as long as page 1, or a search that finds ten
 * customers 20 ms or more.
 */
import "reflect-metadata";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Client } from "pg";
import { startEmbeddedPostgres } from "../src/database/embedded-postgres";
import { ensureEmbeddedRoles } from "../src/database/embedded-roles";
import { migrate } from "../src/database/migrate";
import { TenantAdministration } from "../src/tenancy/tenant-administration";
import { fillTenant } from "../test/support/fill-tenant";
import { clientele } from "./compare/clientele";
import { RunningContender } from "./compare/contender";
import { makeApiKey } from "./database/api-key";
import { withClient } from "./database/bench-database";
import { withoutIndexes } from "./database/without-indexes";
import { plot } from "./growth/plot";

const PAGE = 20;
const DEEP_PAGE = 1000;
const MAX_RATIO = 2;
const MAX_SEARCH_MS = 20;

const PAGE_1 = "page 1";
const PAGE_1000 = "page 1,000 (or the middle)";
const RARE_SEARCH = "search, 10 found";
const PLOTTED = [
  PAGE_1,
  "page 100",
  PAGE_1000,
  "total count",
  "filter by code",
  "filter by status",
  "filter by custom field",
  RARE_SEARCH,
  "create",
];

/** Nothing but the measured moments: what else PostgreSQL does by itself after a while is done at once instead. */
const DATABASE_SETTINGS = { autovacuum: "off", max_wal_size: "16GB" };
/** Long enough for what is known to be slow. */
const GATEWAY_SETTINGS = { STATEMENT_TIMEOUT_MS: "60000" };

/** Sends an operation. @throws Error for any error in the answer */
type Run = (query: string) => Promise<Answer>;

interface Answer {
  readonly customers: { readonly pageInfo: { readonly endCursor: string } };
}

interface Reading {
  readonly name: string;
  /** Made anew each time. */
  readonly query: () => string;
}

/** Median times in milliseconds, by what was measured. */
type Medians = ReadonlyMap<string, number>;

async function main(sizes: readonly number[], rounds: number, svg: string | undefined): Promise<boolean> {
  console.log(`${cpus().length} cores, Node ${process.version}; medians of ${rounds}, in ms`);
  const measured: Medians[] = [];
  for (const customers of sizes) measured.push(await measureSize(customers, rounds));
  printTable(sizes, measured);
  if (svg !== undefined) {
    const series = PLOTTED.map((name) => ({ name, values: measured.map((medians) => medianOf(medians, name)) }));
    fs.writeFileSync(svg, plot("Time of an operation by the size of its tenant", sizes, series));
  }
  const largest = measured.at(-1) ?? new Map<string, number>();
  const ratio = medianOf(largest, PAGE_1000) / medianOf(largest, PAGE_1);
  const search = medianOf(largest, RARE_SEARCH);
  return [
    verdict(ratio <= MAX_RATIO, `page 1,000 takes ${ratio.toFixed(2)} times as long as page 1 (at most ${MAX_RATIO})`),
    verdict(
      search < MAX_SEARCH_MS,
      `a search that finds 10 takes ${search.toFixed(1)} ms (less than ${MAX_SEARCH_MS})`,
    ),
  ].every(Boolean);
}

/** Fills a database with one tenant of that size, and measures it before and after PostgreSQL knows what is in it. */
async function measureSize(customers: number, rounds: number): Promise<Medians> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "clientele-bench-"));
  fs.chmodSync(folder, 0o755); // PostgreSQL has an account of its own where this runs as root
  const server = await startEmbeddedPostgres({ dir: folder, settings: DATABASE_SETTINGS });
  try {
    const urls = await ensureEmbeddedRoles(server.superuserUrl, folder);
    await migrate(urls.adminUrl);
    const tenants = await TenantAdministration.connect(urls.adminUrl);
    const { id: tenantId } = await tenants.create("bench", "Bench");
    await tenants.close();
    const superuserUrl = new URL(server.superuserUrl);
    superuserUrl.pathname = new URL(urls.adminUrl).pathname;
    return await withClient(superuserUrl.href, async (client) => {
      const filling = seconds();
      await withoutIndexes(client, () => fillTenant(superuserUrl.href, tenantId, { customers }));
      console.log(`\n${customers.toLocaleString("en")} customers filled in ${filling()} s`);
      await forgetStatistics(client);
      // "none": so fillTenant() calls the key of account numbers that nobody is to read.
      const setup = {
        databaseUrl: urls.url,
        poolSize: 10,
        dataDir: folder,
        encryptionKey: `none:${randomBytes(32).toString("base64")}`,
      };
      const gateway = await RunningContender.start(clientele("clientele", "Clientele", GATEWAY_SETTINGS), setup);
      try {
        const token = await makeApiKey(client, tenantId);
        return await measure(client, (query) => send(gateway.port, token, query), customers, rounds);
      } finally {
        await gateway.stop();
      }
    });
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(client: Client, run: Run, customers: number, rounds: number): Promise<Medians> {
  const middle = Math.floor(customers / 2);
  const at100 = await findCursor(run, Math.min(99 * PAGE, middle));
  const at1000 = await findCursor(run, Math.min((DEEP_PAGE - 1) * PAGE, middle));
  const first = { name: PAGE_1, query: page(`first: ${PAGE}`) };
  const deep = { name: PAGE_1000, query: page(`first: ${PAGE}, after: "${at1000}"`) };
  const search = { name: RARE_SEARCH, query: page(`filter: { search: "zyxwvut" }`) };

  console.log(`Statistics never gathered, as in the middle of an import (load ${loadavg()[0]?.toFixed(1)})`);
  await timed(run, [first, deep, search], rounds);

  const gathering = seconds();
  await client.query("select refresh_statistics()");
  console.log(`Statistics gathered, in ${gathering()} s (load ${loadavg()[0]?.toFixed(1)})`);
  await client.query("vacuum");
  let created = 0;
  return timed(
    run,
    [
      first,
      { name: "page 100", query: page(`first: ${PAGE}, after: "${at100}"`) },
      deep,
      { name: `${PAGE_1000}, backward`, query: page(`last: ${PAGE}, before: "${at1000}"`) },
      { name: "last page, newest", query: page(`last: ${PAGE}`) },
      { name: "page 1 by name", query: page(`first: ${PAGE}, orderBy: [{ field: NAME }]`) },
      { name: "total count", query: () => "{ customers { totalCount } }" },
      { name: "filter by code", query: page(`filter: { code: { eq: "C-77" } }`) },
      { name: "filter by status", query: page(`filter: { status: ["SECOND"] }`) },
      {
        name: "filter by status of few, by name",
        query: page(`filter: { status: ["RARE"] }, orderBy: [{ field: NAME }]`),
      },
      { name: "filter by custom field", query: page(`filter: { customFields: [{ field: "Number", eq: 77 }] }`) },
      { name: "filter by phone", query: page(`filter: { phone: "+84910000077" }`) },
      { name: "filter by tag of few", query: page(`filter: { tag: ["rare"] }`) },
      { name: "filter by tag of 40 %", query: page(`filter: { tag: ["broad"] }`) },
      search,
      { name: "search, 1 found by phone", query: page(`filter: { search: "0910000077" }`) },
      { name: "search, 40 % found", query: page(`filter: { search: "nguyen" }`) },
      { name: "search, two letters", query: page(`filter: { search: "an" }`) },
      {
        name: "page 1, nested",
        query: () => `{ customers(first: ${PAGE}) { nodes {
          code name status { name } contacts { name email } bankAccounts { maskedAccountNumber }
          workOrders(first: 3) { totalCount nodes { code asset { name } } }
        } } }`,
      },
      { name: "create", query: () => creation(++created) },
    ],
    rounds,
  );
}

function page(args: string): () => string {
  return () => `{ customers(${args}) { nodes { id code name email phone } pageInfo { hasNextPage endCursor } } }`;
}

function creation(number: number): string {
  return `mutation { createCustomer(input: {
    code: "NEW-${number}", name: "Grace Hopper ${number}", email: "new.${number}@example.com", phones: ["+84912345678"],
    contacts: [{ name: "Contact ${number}", isPrimary: true }], bankAccounts: [{ accountNumber: "1234567890" }]
  }) { id code } }`;
}

/** The cursor of the customer at a place, from 1. */
async function findCursor(run: Run, place: number): Promise<string> {
  let after = "";
  for (let left = place; left > 0; left -= 100) {
    const args = `first: ${Math.min(left, 100)}${after === "" ? "" : `, after: "${after}"`}`;
    const { customers } = await run(`{ customers(${args}) { pageInfo { endCursor } } }`);
    after = customers.pageInfo.endCursor;
  }
  return after;
}

/** Runs all in turn, so that what else the machine does is shared by all. */
async function timed(run: Run, readings: readonly Reading[], rounds: number): Promise<Medians> {
  const times = new Map<string, number[]>(readings.map(({ name }) => [name, []]));
  for (let round = -3; round < rounds; round++) {
    for (const { name, query } of readings) {
      const text = query();
      const started = performance.now();
      await run(text);
      if (round >= 0) times.get(name)?.push(performance.now() - started);
    }
  }
  const medians = new Map<string, number>();
  for (const [name, taken] of times) {
    const sorted = taken.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    medians.set(name, at(0.5));
    console.log(`  ${name.padEnd(38)}${at(0.5).toFixed(1).padStart(8)}   (best ${at(0).toFixed(1)})`);
  }
  return medians;
}

/** Building an index counts the rows of its table; an import that is going on has no such count. */
async function forgetStatistics(client: Client): Promise<void> {
  await client.query(
    `select pg_clear_relation_stats('public', relname) from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')`,
  );
}

async function send(port: number, token: string, query: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: Answer; errors?: unknown };
  if (errors) throw new Error(`${query}\n${JSON.stringify(errors)}`);
  return data;
}

function printTable(sizes: readonly number[], measured: readonly Medians[]): void {
  console.log(`\n| ms at … customers | ${sizes.map((size) => size.toLocaleString("en")).join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(sizes.length)}`);
  for (const name of measured[0]?.keys() ?? []) {
    console.log(`| ${name} | ${measured.map((medians) => medianOf(medians, name).toFixed(1)).join(" | ")} |`);
  }
  console.log("");
}

const medianOf = (medians: Medians, name: string): number => medians.get(name) ?? Number.NaN;

/** Starts a clock. @returns what tells its seconds */
function seconds(): () => string {
  const started = performance.now();
  return () => ((performance.now() - started) / 1000).toFixed(1);
}

function verdict(isPassed: boolean, text: string): boolean {
  console.log(`${isPassed ? "PASS" : "FAIL"}  ${text}`);
  return isPassed;
}

const { values } = parseArgs({
  options: {
    customers: { type: "string", default: "10000,100000" },
    rounds: { type: "string", default: "41" },
    svg: { type: "string" },
  },
});
main(values.customers.split(",").map(Number), Number(values.rounds), values.svg).then(
  (isPassed) => (process.exitCode = isPassed ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
