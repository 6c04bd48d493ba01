import { v7 as uuidv7 } from "uuid";
import { type CreationOutcome } from "../customers/customer-creation.service";
import { type CustomerUpdateService, type WriteMode } from "../customers/customer-update.service";
import { problem, type ExistingRecord, type Problem } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { besides, type CustomerBatch, type CustomerRow, type CustomerRowReader } from "./customer-rows";
import {
  advanceImportRun,
  beginImportRun,
  finishImportRun,
  forgetImportRuns,
  listImportRuns,
  type ImportRun,
} from "./import-runs";
import { type ImportSource } from "./import-source";
import { type RejectedRow, type RejectedRows } from "./rejected-rows";
import { type RowReader, type SourcePlace } from "./source-row";

/** What to import, and how. */
export interface ImportOrder {
  readonly tenantId: string;
  readonly source: ImportSource;
  readonly readRows: RowReader;
  readonly rejectedRows: RejectedRows;
  /** Whether rows make customers, change the ones that have their code, or either; create unless said. */
  readonly mode?: WriteMode;
  /** Rows of one transaction. */
  readonly batchSize: number;
  /** Everything is checked and nothing is kept. */
  readonly dryRun?: boolean;
  /** What was imported before is imported once more. */
  readonly again?: boolean;
  /** Ends the import after the batch that is under way. */
  readonly signal?: AbortSignal;
  /** Told before the first row, where an earlier import of the file has come to. */
  readonly onResume?: (run: ImportRun) => void;
  /** Told after each batch. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** What this import has done so far; earlier ones of the same file are not counted. */
export interface ImportProgress extends SourcePlace {
  readonly created: number;
  readonly updated: number;
  readonly rejected: number;
}

export interface ImportResult extends ImportProgress {
  /** imported before: there was nothing left to do. */
  readonly outcome: "finished" | "interrupted" | "imported before";
  /** The earlier import that this one went on from. */
  readonly resumed: ImportRun | undefined;
}

/** A file cannot be imported as things are, told in one line. */
export class ImportRefusedError extends Error {}

/** After so many created customers the planner is told of them, and again after ten times as many. */
const FIRST_REFRESH = 1000;

/** Whom the history of a customer names. */
const ACTOR = { id: null, name: "clientele import" };

/** What became of a batch. */
interface BatchResult {
  /** Codes that were given, by their keys, with the line of each. */
  readonly codes: ReadonlyMap<string, number>;
  readonly created: number;
  readonly updated: number;
  readonly rejected: readonly RejectedRow[];
}

/** A dry run takes back what it has done. */
class RolledBack extends Error {
  constructor(readonly result: BatchResult) {
    super("A dry run keeps nothing");
  }
}

/**
 * Imports customers in batches, one transaction each, in the order of the file. How far it has come is written in the same
 * transaction: an interrupted import, by kill -9 too, goes on after the last batch that was committed.
 */
export class CustomerImportService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly customers: CustomerUpdateService,
    private readonly rowReader: CustomerRowReader,
  ) {}

  /**
   * @throws ImportRefusedError where the part of the file that was imported before has changed
   * @throws ImportCollisionError where another process imports the file
   * @throws RejectedRowsError
   */
  async import(order: ImportOrder): Promise<ImportResult> {
    const { source, rejectedRows, signal } = order;
    const start = await this.findStart(order);
    if (start.resumed) order.onResume?.(start.resumed);

    const rows = order.readRows(source.chunks(start.resumed, signal), start.resumed);
    const batches = this.rowReader.batches(rows, order.batchSize, start.resumed);
    const importer = new BatchImporter(this.database, this.customers, order, start);
    let next = batches.next();
    let { value: batch } = (await next) as { value: CustomerBatch | undefined };
    if (!batch && start.resumed?.finishedAt && !signal?.aborted) return importer.result("imported before");
    await rejectedRows.begin(start.resumed?.line);
    let refreshAt = FIRST_REFRESH;
    try {
      while (batch && !signal?.aborted) {
        next = batches.next(); // read while the database works
        next.catch(() => undefined); // told when its turn comes
        await importer.import(batch);
        order.onProgress?.(importer.progress);
        if (importer.progress.created >= refreshAt && !order.dryRun) {
          refreshAt = 10 * importer.progress.created;
          await this.refreshStatistics();
        }
        ({ value: batch } = (await next) as { value: CustomerBatch | undefined });
      }
      if (signal?.aborted) return importer.result("interrupted");
      await importer.finish();
      if (importer.progress.created >= FIRST_REFRESH && !order.dryRun) await this.refreshStatistics();
      return importer.result("finished");
    } finally {
      await rejectedRows.close();
    }
  }

  /** Nothing is lost where it fails: PostgreSQL does the same by itself, later. */
  private async refreshStatistics(): Promise<void> {
    await this.database.refreshStatistics().catch(() => undefined);
  }

  private async findStart({ source, tenantId, again }: ImportOrder): Promise<ImportStart> {
    if (!source.isResumable) return { resumed: undefined, superseded: [] };
    const runs = await this.database.read(tenantId, (scope) => listImportRuns(scope));
    const readBefore = await source.readBy(runs);
    const unfinished = runs.filter((run) => run.pathKey === source.pathKey && run.finishedAt === null);
    if (again) return { resumed: undefined, superseded: [...new Set([...readBefore, ...unfinished])] };
    const changed = unfinished.find((run) => !readBefore.includes(run));
    if (changed) {
      throw new ImportRefusedError(
        `${source.name} has changed in its first ${changed.line} lines, which were imported before: going on with it would ` +
          `leave out or double customers. Put them back as they were, or import all of it with --again.`,
      );
    }
    const resumed = readBefore.at(-1);
    return { resumed, superseded: unfinished.filter((run) => run !== resumed) };
  }
}

/** Where an import begins. */
interface ImportStart {
  /** The run that has come furthest in this file. */
  readonly resumed: ImportRun | undefined;
  /** Runs that count no more from the first batch on. */
  readonly superseded: readonly ImportRun[];
}

/** Imports one batch after another, and knows how far it is. */
class BatchImporter {
  progress: ImportProgress;
  private run: ImportRun | undefined;
  /** In a dry run the codes of all rows so far, each with its line: nothing else remembers them. */
  private readonly codes = new Map<string, number>();

  constructor(
    private readonly database: TenantDatabase,
    private readonly customers: CustomerUpdateService,
    private readonly order: ImportOrder,
    private readonly start: ImportStart,
  ) {
    const { line, end } = start.resumed ?? { line: 0, end: 0 };
    this.progress = { line, end, created: 0, updated: 0, rejected: 0 };
    if (start.resumed?.finishedAt === null) this.run = start.resumed;
  }

  result(outcome: ImportResult["outcome"]): ImportResult {
    return { ...this.progress, outcome, resumed: this.start.resumed };
  }

  async import(batch: CustomerBatch): Promise<void> {
    const { tenantId, rejectedRows, dryRun, source } = this.order;
    const digest = source.isResumable ? source.digestUpTo(batch) : undefined;
    let run: ImportRun | undefined;
    const work = async (scope: TenantScope): Promise<BatchResult> => {
      const result = await this.write(scope, batch.rows);
      await rejectedRows.write(result.rejected); // before the commit: what is written too much can be told and cut
      if (dryRun) throw new RolledBack(result);
      if (digest !== undefined) run = await this.record(scope, batch, digest, result);
      return result;
    };
    const result = await this.database.write(tenantId, work, ACTOR).catch((error: unknown) => {
      if (error instanceof RolledBack) return error.result;
      throw error;
    });
    this.run = run;
    await rejectedRows.keepWritten();
    if (dryRun) for (const [key, line] of result.codes) this.codes.set(key, line);
    this.progress = {
      line: batch.line,
      end: batch.end,
      created: this.progress.created + result.created,
      updated: this.progress.updated + result.updated,
      rejected: this.progress.rejected + result.rejected.length,
    };
  }

  /** The file has been read to its end. */
  async finish(): Promise<void> {
    const { run, order } = this;
    if (run && !order.dryRun) await this.database.write(order.tenantId, (scope) => finishImportRun(scope, run), ACTOR);
  }

  private async write(scope: TenantScope, rows: readonly CustomerRow[]): Promise<BatchResult> {
    const { mode = "create", dryRun = false } = this.order;
    const outcomeOf = new Map<CustomerRow["input"], CreationOutcome | undefined>();
    for (const wave of mode === "create" ? [rows] : wavesOf(rows)) {
      const readable = wave.flatMap(({ input, problems }) => (input ? [{ input, problems }] : []));
      const inputs = readable.map(({ input }) => input);
      const known = readable.map(({ problems }) => problems);
      const paths = readable.map(() => []);
      const outcomes = await this.customers.writeEach(scope, inputs, paths, mode, { validateOnly: dryRun, known });
      inputs.forEach((input, index) => outcomeOf.set(input, outcomes[index]));
    }
    let updated = 0;
    const codes = new Map<string, number>();
    const refused: { readonly row: CustomerRow; readonly outcome: CreationOutcome | undefined }[] = [];
    for (const row of rows) {
      const outcome = row.input && outcomeOf.get(row.input);
      const key = givenCode(row);
      const isTakenAbove = mode === "create" && key !== undefined && this.codes.has(key);
      if (!outcome || !("customer" in outcome) || isTakenAbove) {
        refused.push({ row, outcome });
        continue;
      }
      if (outcome.wasThere) updated += 1;
      if (mode === "create" && key !== undefined) codes.set(key, row.row.line);
    }
    const wanted = mode === "create" ? refused.flatMap(({ row }) => givenCode(row) ?? []) : [];
    const holders = await findHolders(scope, wanted);
    const rejected = refused.map(({ row, outcome }) => {
      const key = givenCode(row) ?? "";
      const line = this.codes.get(key) ?? codes.get(key);
      return toRejectedRow(row, outcome, line, holders.get(key));
    });
    return { codes, created: rows.length - rejected.length - updated, updated, rejected };
  }

  private async record(
    scope: TenantScope,
    batch: CustomerBatch,
    digest: string,
    { created, updated, rejected }: BatchResult,
  ): Promise<ImportRun> {
    const { source } = this.order;
    const before = this.run;
    const run: ImportRun = {
      id: before?.id ?? uuidv7(),
      fileName: source.fileName,
      pathKey: source.pathKey,
      line: batch.line,
      end: batch.end,
      digest,
      created: (before?.created ?? 0) + created,
      updated: (before?.updated ?? 0) + updated,
      rejected: (before?.rejected ?? 0) + rejected.length,
      finishedAt: null,
    };
    if (this.progress.end === (this.start.resumed?.end ?? 0)) await forgetImportRuns(scope, this.start.superseded);
    if (before) await advanceImportRun(scope, run, before);
    else await beginImportRun(scope, run);
    return run;
  }
}

/** A code that comes again is written after the one before, as if it stood in a batch of its own: later rows win. */
function wavesOf(rows: readonly CustomerRow[]): CustomerRow[][] {
  const waves: CustomerRow[][] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = givenCode(row);
    const wave = key === undefined ? 0 : (seen.get(key) ?? 0);
    if (key !== undefined) seen.set(key, wave + 1);
    (waves[wave] ??= []).push(row);
  }
  return waves;
}

/** The key of the code that a row asks for. */
function givenCode({ input }: CustomerRow): string | undefined {
  return input?.code == null || input.code === "" ? undefined : codeKey(input.code);
}

function toRejectedRow(
  { row, problems: known }: CustomerRow,
  outcome: CreationOutcome | undefined,
  lineWithCode: number | undefined,
  holder: ExistingRecord | undefined,
): RejectedRow {
  const found = outcome && "problems" in outcome ? outcome.problems : [];
  const problems = [...known, ...besides(known, found)].filter(
    ({ code, path }) => !(code === "DUPLICATE" && path[0] === "code"),
  );
  const conflict =
    outcome && "conflict" in outcome ? (outcome.conflict.details["existing"] as ExistingRecord) : undefined;
  const existing = holder ?? conflict;
  const taken: Problem[] =
    lineWithCode !== undefined
      ? [problem(["code"], "CODE_ON_LINE", { line: lineWithCode })]
      : existing
        ? [problem(["code"], "CODE_TAKEN", { what: "customer" })]
        : [];
  return { row, problems: [...problems, ...taken], ...(existing && lineWithCode === undefined && { existing }) };
}

/** The customers that have these codes: a row that is mended in all else would still collide with them. */
async function findHolders(scope: TenantScope, keys: readonly string[]): Promise<ReadonlyMap<string, ExistingRecord>> {
  if (keys.length === 0) return new Map();
  const p = new Parameters();
  const rows = await scope.query<ExistingRecord & { codeKey: string }>(
    `select t.id, t.code, t.code_key as "codeKey" from customers t
     where t.tenant_id = $1 and t.code_key = any(${p.add(keys)}::text[]) and t.deleted_at is null`,
    p,
  );
  return new Map(rows.map(({ codeKey: key, id, code }) => [key, { id, code }]));
}
