import path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { readConfig } from "../config";
import { type WriteMode } from "../customers/customer-update.service";
import { hasCode } from "../database/error-code";
import { toDomainError } from "../database/database-errors";
import { CustomerImportService, type ImportProgress, type ImportResult } from "../import/customer-import.service";
import { CustomerRowReader } from "../import/customer-rows";
import { ImportSource } from "../import/import-source";
import { readJsonLines } from "../import/json-lines";
import { RejectedRows } from "../import/rejected-rows";
import { count, counted, showProgress, type ProgressDisplay } from "./import-progress";
import { type TenantRecord } from "../tenancy/tenant-administration";
import { CommandError, patient, tenantByCode, withSession } from "./session";
import { StopSignals } from "./stop-signals";

const DEFAULT_BATCH = 500;
const MAX_BATCH = 5000;

/** PostgreSQL's code for a table that is not there. */
const UNDEFINED_TABLE = "42P01";

interface ImportCommandOptions {
  readonly tenant: string;
  readonly dryRun?: true;
  readonly again?: true;
  readonly mode: WriteMode;
  readonly batch: number;
  readonly rejected?: string;
}

/** `clientele import <file>` */
export function addImportCommand(program: Command): void {
  program
    .command("import <file>")
    .description("write customers from JSON Lines: a CustomerInput a line; - reads standard input")
    .requiredOption("--tenant <code>", "the tenant whose customers they become")
    .addOption(
      new Option("--mode <mode>", "make customers, change those that have a row's code, or either")
        .choices(["create", "update", "upsert"])
        .default("create"),
    )
    .option("--dry-run", "check everything and keep nothing")
    .option("--again", "import what was imported before once more, from the beginning")
    .option("--batch <rows>", `rows of one transaction, 1 to ${MAX_BATCH}`, parseBatch, DEFAULT_BATCH)
    .option("--rejected <file>", "where rejected rows go (default: <file>.rejected.jsonl, beside it)")
    .addHelpText(
      "after",
      `
A row changes a customer as updateCustomer does: what it leaves out stays, null clears; a code that comes again is written
again. With --mode create, a code that is taken is a reason to reject the row.
A row that cannot be written is written to the file of rejected rows with its line and everything that is wrong
with it; mended there, that file can be imported as it is.
Interrupted, the same command goes on where it stopped. Exit code 1: rows were rejected, or it failed.`,
    )
    .action((file: string, options: ImportCommandOptions) => importFile(file, options));
}

async function importFile(file: string, options: ImportCommandOptions): Promise<void> {
  const rejectedFile = options.rejected ?? rejectedFileOf(file);
  if (file !== "-" && path.resolve(rejectedFile) === path.resolve(file))
    throw new CommandError("--rejected must name another file than the one to import");
  const source = await ImportSource.open(file);
  const stopping = new StopSignals();
  try {
    await withSession(patient(readConfig()), async ({ app, tenants }) => {
      const tenant = await tenantByCode(tenants, options.tenant);
      if (stopping.signal.aborted) return;
      const imports = new CustomerImportService(
        app.database,
        app.services.customers.update,
        new CustomerRowReader(app.schema),
      );
      await run(imports, { ...options, tenant, source, rejectedFile, signal: stopping.signal });
    });
  } finally {
    await source.close();
    stopping.end();
  }
}

interface Order extends Omit<ImportCommandOptions, "tenant"> {
  readonly tenant: TenantRecord;
  readonly source: ImportSource;
  readonly rejectedFile: string;
  readonly signal: AbortSignal;
}

/** Imports, and says how far it is and what has come of it. */
async function run(imports: CustomerImportService, order: Order): Promise<void> {
  const { source, tenant, dryRun = false, again = false, signal } = order;
  if (!source.isResumable && !dryRun)
    say("This is no file that can be read twice: interrupted, the import could not go on where it stopped.");
  let display: ProgressDisplay | undefined;
  let reached: ImportProgress | undefined;
  const show = (startBytes: number): ProgressDisplay =>
    showProgress({ sizeBytes: source.sizeBytes, startBytes, stream: process.stderr });
  const started = performance.now();
  try {
    const result = await imports.import({
      tenantId: tenant.id,
      source,
      readRows: readJsonLines,
      rejectedRows: new RejectedRows(order.rejectedFile),
      batchSize: order.batch,
      mode: order.mode,
      dryRun,
      again,
      signal,
      onResume: ({ line, finishedAt, end }) => {
        if (end < (source.sizeBytes ?? 0) && finishedAt === null)
          say(`The first ${count(line)} lines were imported before: going on after them.`);
        display = show(end);
      },
      onProgress: (progress) => {
        reached = progress;
        (display ??= show(0)).update(progress);
      },
    });
    display?.stop();
    report(result, order, (performance.now() - started) / 1000);
  } catch (error) {
    display?.stop();
    throw explained(error, order, reached);
  }
}

function report(result: ImportResult, order: Order, seconds: number): void {
  const { source, tenant, dryRun, rejectedFile } = order;
  const { outcome, created, updated, rejected, resumed } = result;
  if (outcome === "imported before" && resumed) {
    console.log(
      `${source.name} was imported into ${tenant.code} before (${resumed.finishedAt?.toISOString()}): ` +
        `${counted(resumed)}. Nothing was done; --again imports it once more.`,
    );
    if (resumed.rejected > 0) process.exitCode = 1;
    return;
  }
  const took = `in ${seconds.toFixed(1)} s (${count(Math.round((created + updated) / seconds))} customers/s)`;
  console.log(
    dryRun
      ? `Checked ${source.name}: it would be ${counted(result)} ${took}. Nothing was kept.`
      : `Imported ${source.name} into ${tenant.code}: ${counted(result)} ${took}.`,
  );
  const earlier = resumed?.finishedAt === null ? resumed : { created: 0, updated: 0, rejected: 0 };
  const all = {
    created: earlier.created + created,
    updated: earlier.updated + updated,
    rejected: earlier.rejected + rejected,
  };
  if (earlier.created + earlier.updated + earlier.rejected > 0)
    console.log(`With what was imported before: ${counted(all)}.`);
  if (all.rejected > 0) {
    console.log(`The rejected rows, and what is wrong with each: ${rejectedFile}`);
    if (outcome !== "interrupted") process.exitCode = 1;
  }
  if (outcome === "interrupted") console.log(howToGoOn(order, result));
}

/** What the user needs to know of a failure, in a line. */
function explained(error: unknown, order: Order, reached: ImportProgress | undefined): unknown {
  if (hasCode(error, UNDEFINED_TABLE))
    return new CommandError("The database is older than this version. Run: clientele migrate");
  const known = toDomainError(error);
  if (!known) return error;
  return new CommandError([known.message, ...(reached ? [howToGoOn(order, reached)] : [])].join(" "));
}

function howToGoOn({ source, dryRun }: Order, { line }: ImportProgress): string {
  if (dryRun) return `Stopped after line ${count(line)}.`;
  return source.isResumable
    ? `Stopped after line ${count(line)}: the same command goes on from there.`
    : `Stopped after line ${count(line)}: to go on, leave out the lines up to it.`;
}

/** customers.jsonl → customers.rejected.jsonl, beside it; of standard input and pipes in the current folder. */
function rejectedFileOf(file: string): string {
  if (file === "-" || file.startsWith("/dev/")) return "stdin.rejected.jsonl";
  return `${file.replace(/\.(jsonl|ndjson|json)$/i, "")}.rejected.jsonl`;
}

function parseBatch(text: string): number {
  const rows = /^\d+$/.test(text) ? Number(text) : 0;
  if (rows < 1 || rows > MAX_BATCH) throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_BATCH}.`);
  return rows;
}

const say = (text: string): void => console.error(text);
