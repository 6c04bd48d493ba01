/**
 * Compares Clientele with others over the same tables, on the same PostgreSQL, with the same answers: requests a second,
 * latency, processor time and memory. Prints a Markdown table. README.md beside this says what is compared, and how.
 *
 *     npm run build && node -r @swc-node/register bench/compare.ts [--customers 200000] [--contenders clientele,limit] …
 *
 * Linux only: processor time is read from /proc.
 */
import "reflect-metadata";
import fs from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Client } from "pg";
import { CLIENTELE, CLIENTELE_FIELD_BY_FIELD } from "./compare/clientele";
import { type Contender, RunningContender, type Setup } from "./compare/contender";
import { CONTENT, ENCRYPTION_KEY, fill } from "./compare/fill";
import { LIMIT } from "./compare/limit";
import { measure, type MeasureOptions, type Sample } from "./compare/measure";
import { markdownTable } from "./compare/report";
import { POSTGRAPHILE } from "./compare/postgraphile";
import { checkSameAnswers } from "./compare/same-answers";
import { NEW_CODE_PREFIX, readCalls, WORKLOADS, type Tenant, type Workload } from "./compare/workloads";
import { YOGA } from "./compare/yoga";
import { makeApiKey } from "./database/api-key";
import { openBenchDatabase, withClient } from "./database/bench-database";

const CONTENDERS: readonly Contender[] = [CLIENTELE, CLIENTELE_FIELD_BY_FIELD, POSTGRAPHILE, YOGA, LIMIT];
const NAMES = CONTENDERS.map(({ name }) => name);

const { values: options } = parseArgs({
  options: {
    customers: { type: "string", default: "200000" },
    tenants: { type: "string", default: "20" },
    contenders: { type: "string", default: NAMES.join(",") },
    only: { type: "string", default: Object.keys(WORKLOADS).join(",") },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    warmup: { type: "string", default: "5" },
    connections: { type: "string", default: "32" },
    pool: { type: "string", default: "10" },
    data: { type: "string", default: ".data/bench" },
    json: { type: "string" },
  },
});

async function main(): Promise<void> {
  const contenders = chosen("contenders", options.contenders, NAMES).map((name) => contenderCalled(name));
  const workloads = chosen("only", options.only, Object.keys(WORKLOADS)) as Workload[];
  const size = { customers: number("customers"), tenants: number("tenants") };
  const dir = path.resolve(options.data);
  console.error(
    `Opening ${size.customers} customers in ${size.tenants} tenants, filled where they are not there yet …`,
  );
  const database = await openBenchDatabase(dir, {
    name: `compare_${size.customers}_${size.tenants}`,
    content: CONTENT,
    fill: (client) => fill(client, size),
  });
  const running: RunningContender[] = [];
  try {
    await withClient(database.superuserUrl, async (client) => {
      await removeNew(client);
      const calls = await readCalls(client, await renewKeys(client));
      const setup: Setup = {
        databaseUrl: database.url,
        poolSize: number("pool"),
        dataDir: dir,
        encryptionKey: ENCRYPTION_KEY,
      };
      for (const contender of contenders) {
        console.error(`Starting ${contender.title} …`);
        running.push(await RunningContender.start(contender, setup));
      }
      let created = 0;
      const newNumber = (): string => String(++created).padStart(8, "0");
      for (const workload of workloads) await checkSameAnswers(running, workload, calls, client, newNumber);
      console.error("All of them answer the same.");
      const samples = await runRounds(running, workloads, calls, {
        postmasterPid: database.postmasterPid,
        connections: number("connections"),
        seconds: number("seconds"),
        newNumber,
      });
      await removeNew(client);
      console.log(
        `${size.customers} customers in ${size.tenants} tenants, ${options.connections} connections, pool of ${options.pool}, ` +
          `${options.rounds} rounds of ${options.seconds} s; ${cpus().length} cores, Node ${process.version}, medians\n\n` +
          markdownTable(samples, contenders),
      );
      if (options.json !== undefined)
        fs.writeFileSync(options.json, JSON.stringify({ options, samples }, undefined, 2));
    });
  } finally {
    for (const contender of running) await contender.stop();
    await database.stop();
  }
}

/** Every contender in turn under one workload, then the next workload; who begins changes with each round. */
async function runRounds(
  running: readonly RunningContender[],
  workloads: readonly Workload[],
  calls: Parameters<typeof measure>[3],
  measuring: MeasureOptions,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  console.error("Warming up …");
  for (const workload of workloads) {
    for (const contender of running)
      await measure(contender, workload, 0, calls, { ...measuring, seconds: number("warmup") });
  }
  for (let round = 1; round <= number("rounds"); round++) {
    console.error(`Round ${round} of ${number("rounds")} (load ${loadavg()[0]?.toFixed(1)})`);
    for (const workload of workloads) {
      const first = round % running.length;
      for (const contender of [...running.slice(first), ...running.slice(0, first)]) {
        const sample = await measure(contender, workload, round, calls, measuring);
        samples.push(sample);
        console.error(
          `  ${workload} ${contender.contender.name.padEnd(16)}${sample.requestsPerSecond.toFixed(0).padStart(7)}/s`,
        );
      }
    }
  }
  return samples;
}

/** New API keys for every tenant, which every contender knows; those of earlier runs go. The largest tenant comes first. */
async function renewKeys(client: Client): Promise<Tenant[]> {
  const { rows } = await client.query<{ id: string }>("select id from tenants order by created_at, length(code), code");
  await client.query("delete from api_keys where name = 'bench'");
  const tenants: Tenant[] = [];
  for (const { id } of rows) tenants.push({ id, token: await makeApiKey(client, id) });
  return tenants;
}

/** What M1 created goes, so that the next run finds the same database. */
async function removeNew(client: Client): Promise<void> {
  const { rowCount } = await client.query("delete from customers where code like $1", [`${NEW_CODE_PREFIX}%`]);
  if (rowCount) await client.query("vacuum analyze");
}

function contenderCalled(name: string): Contender {
  const contender = CONTENDERS.find((each) => each.name === name);
  if (!contender) throw new Error(`There is no contender ${name}`);
  return contender;
}

function chosen(option: string, text: string, known: readonly string[]): string[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--${option} can be any of ${known.join(",")}, but not ${unknown.join(",")}`);
  return known.filter((name) => names.includes(name));
}

function number(option: "customers" | "tenants" | "rounds" | "seconds" | "warmup" | "connections" | "pool"): number {
  const value = Number(options[option]);
  if (!(value > 0)) throw new Error(`--${option} must be a number above 0`);
  return value;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
