/**
 * Measures how reading keeps up with a tenant's size: a fresh embedded PostgreSQL, one tenant with many customers (each with
 * a phone number, a tag, custom values, a contact, an asset, a work order, ...), the gateway in this process, row-level
 * security on. Requests go in at its HTTP door.
 *
 *     node -r @swc-node/register bench/growth.ts [--customers 100000] [--rounds 41]
 *
 * Ends with 1 where page 1,000 takes more than twice as long as page 1, or a search that finds ten customers 50 ms or more.
 */
import "reflect-metadata";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type FastifyInstance } from "fastify";
import { createApp, type App } from "../src/app";
import { ALL_SCOPES } from "../src/auth/scopes";
import { startEmbeddedPostgres } from "../src/database/embedded-postgres";
import { ensureEmbeddedRoles } from "../src/database/embedded-roles";
import { migrate } from "../src/database/migrate";
import { createApolloServer } from "../src/graphql/apollo-server";
import { createHttpServer } from "../src/http/server";
import { createLogger } from "../src/logging/logger";
import { TenantAdministration } from "../src/tenancy/tenant-administration";
import { fillTenant } from "../test/support/fill-tenant";

const PAGE = 20;
const DEEP_PAGE = 1000;
const MAX_RATIO = 2;
const MAX_SEARCH_MS = 50;

interface Reading {
  readonly name: string;
  readonly query: string;
}

type Run = (query: string) => Promise<Answer>;

interface Answer {
  readonly customers: { readonly pageInfo: { readonly endCursor: string } };
}

async function main(customers: number, rounds: number): Promise<boolean> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "clientele-bench-"));
  fs.chmodSync(folder, 0o755); // PostgreSQL has an account of its own where this runs as root
  const server = await startEmbeddedPostgres({ dir: folder });
  try {
    const urls = await ensureEmbeddedRoles(server.superuserUrl, folder);
    await migrate(urls.adminUrl);
    const tenants = await TenantAdministration.connect(urls.adminUrl);
    const { id: tenantId } = await tenants.create("bench", "Bench");
    await tenants.close();
    const started = performance.now();
    const superuserUrl = new URL(server.superuserUrl);
    superuserUrl.pathname = new URL(urls.adminUrl).pathname;
    await fillTenant(superuserUrl.href, tenantId, { customers });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `${customers} customers in ${seconds} s; ${cpus().length} cores, Node ${process.version}; median of ${rounds}, in ms`,
    );
    return await withGateway(urls.url, tenantId, (app, run) => measure(app, run, customers, rounds));
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(app: App, run: Run, customers: number, rounds: number): Promise<boolean> {
  const cursor = await findCursor(run, Math.min((DEEP_PAGE - 1) * PAGE, Math.floor(customers / 2)));
  const deep = { name: "page 1,000", query: page(`first: ${PAGE}, after: "${cursor}"`) };
  const first = { name: "page 1", query: page(`first: ${PAGE}`) };
  const search = { name: "search, 10 found", query: page(`filter: { search: "zyxwvut" }`) };

  console.log(`\nStatistics never gathered, as in the middle of an import (load ${loadavg()[0]?.toFixed(1)})`);
  await table(run, [first, deep, search], rounds);

  const started = performance.now();
  await app.database.refreshStatistics();
  console.log(
    `\nStatistics gathered, in ${(performance.now() - started).toFixed(0)} ms (load ${loadavg()[0]?.toFixed(1)})`,
  );
  const medians = await table(
    run,
    [
      first,
      deep,
      { name: "page 1,000 backward", query: page(`last: ${PAGE}, before: "${cursor}"`) },
      { name: "page 1 by name", query: page(`first: ${PAGE}, orderBy: [{ field: NAME }]`) },
      { name: "last page, newest", query: page(`last: ${PAGE}`) },
      { name: "total count", query: "{ customers { totalCount } }" },
      search,
      { name: "search, 1 found by phone", query: page(`filter: { search: "0910000077" }`) },
      { name: "search, 40 % found", query: page(`filter: { search: "nguyen" }`) },
      { name: "search, two letters", query: page(`filter: { search: "an" }`) },
      { name: "phone", query: page(`filter: { phone: "+84910000077" }`) },
      { name: "tag of few", query: page(`filter: { tag: ["rare"] }`) },
      { name: "tag of 40 %", query: page(`filter: { tag: ["broad"] }`) },
      { name: "status of few, by name", query: page(`filter: { status: ["RARE"] }, orderBy: [{ field: NAME }]`) },
      {
        name: "page 1, nested",
        query: `{ customers(first: ${PAGE}) { nodes {
          code name status { name } contacts { name email } bankAccounts { maskedAccountNumber }
          workOrders(first: 3) { totalCount nodes { code asset { name } } }
        } } }`,
      },
    ],
    rounds,
  );

  const median = ({ name }: Reading): number => medians.get(name) ?? Number.NaN;
  const ratio = median(deep) / median(first);
  return [
    verdict(ratio <= MAX_RATIO, `page 1,000 takes ${ratio.toFixed(2)} times as long as page 1 (at most ${MAX_RATIO})`),
    verdict(
      median(search) < MAX_SEARCH_MS,
      `a search that finds 10 takes ${median(search).toFixed(1)} ms (less than ${MAX_SEARCH_MS})`,
    ),
  ].every(Boolean);
}

function page(args: string): string {
  return `{ customers(${args}) { nodes { id code name email phone } pageInfo { hasNextPage endCursor } } }`;
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

/** Runs all in turn, so that what else the machine does is shared by all. @returns the medians by name */
async function table(run: Run, readings: readonly Reading[], rounds: number): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(readings.map(({ name }) => [name, []]));
  for (let round = -3; round < rounds; round++) {
    for (const { name, query } of readings) {
      const started = performance.now();
      await run(query);
      if (round >= 0) times.get(name)?.push(performance.now() - started);
    }
  }
  const medians = new Map<string, number>();
  for (const [name, taken] of times) {
    const sorted = taken.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    medians.set(name, at(0.5));
    console.log(`  ${name.padEnd(26)}${at(0.5).toFixed(1).padStart(8)}   (best ${at(0).toFixed(1)})`);
  }
  return medians;
}

function verdict(isPassed: boolean, text: string): boolean {
  console.log(`${isPassed ? "PASS" : "FAIL"}  ${text}`);
  return isPassed;
}

async function withGateway<T>(url: string, tenantId: string, work: (app: App, run: Run) => Promise<T>): Promise<T> {
  const limits = { statementTimeoutMs: 60_000, lockTimeoutMs: 2000, idleTimeoutMs: 5000 };
  const keyring = [{ id: "bench", key: randomBytes(32) }] as const;
  const app = await createApp({ databaseUrl: url, keyring, poolSize: 10, poolTimeoutMs: 2000, limits });
  const apollo = createApolloServer({
    schema: app.schema,
    database: app.database,
    idempotencyKeys: app.idempotencyKeys,
    introspection: false,
    onUnexpectedError: (error) => console.error(error),
  });
  await apollo.start();
  let http: FastifyInstance | undefined;
  try {
    http = await createHttpServer({
      apollo,
      credentials: app.services.apiKeys,
      corsOrigins: [],
      bodyLimitBytes: 1024 * 1024,
      log: createLogger("silent"),
      isReady: () => app.isReady(),
    });
    const { token } = await app.database.write(tenantId, (scope) =>
      app.services.apiKeys.create(scope, "bench", [ALL_SCOPES]),
    );
    const door = http;
    return await work(app, async (query) => {
      const response = await door.inject({
        method: "POST",
        url: "/graphql",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        payload: JSON.stringify({ query }),
      });
      const { data, errors } = response.json<{ data: Answer; errors?: unknown }>();
      if (errors) throw new Error(`${query}\n${JSON.stringify(errors)}`);
      return data;
    });
  } finally {
    await http?.close();
    await apollo.stop();
    await app.close();
  }
}

const { values } = parseArgs({
  options: { customers: { type: "string", default: "100000" }, rounds: { type: "string", default: "41" } },
});
main(Number(values.customers), Number(values.rounds)).then(
  (isPassed) => (process.exitCode = isPassed ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
