import { violatedUniqueKey } from "../database/database-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { type SourcePlace } from "./source-row";

/** How far a file has been imported into a tenant. */
export interface ImportRun extends SourcePlace {
  readonly id: string;
  readonly fileName: string;
  /** Tells where the file lies from elsewhere. */
  readonly pathKey: string;
  /** Of the file up to `end`: SHA-256, hexadecimal. */
  readonly digest: string;
  readonly created: number;
  readonly updated: number;
  readonly rejected: number;
  /** Null while there is more to read. */
  readonly finishedAt: Date | null;
}

/** Another process imports the same file. */
export class ImportCollisionError extends Error {
  constructor() {
    super("Another process is importing this file: this one has stopped.");
  }
}

/** Every file that was ever imported. */
export function listImportRuns(scope: TenantScope): Promise<ImportRun[]> {
  return scope.query<ImportRun>(
    `select t.id, t.file_name as "fileName", t.path_key as "pathKey", t.line, t.read_bytes::float8 as "end",
       t.read_digest as digest, t.created_count as created, t.updated_count as updated, t.rejected_count as rejected, t.finished_at as "finishedAt"
     from import_runs t where t.tenant_id = $1`,
  );
}

/** Records the first batch of a file. @throws ImportCollisionError where another process has just done so */
export async function beginImportRun(scope: TenantScope, run: ImportRun): Promise<void> {
  const p = new Parameters();
  const { id, fileName, pathKey, line, end, digest, created, updated, rejected } = run;
  const values = [id, fileName, pathKey, line, end, digest, created, updated, rejected].map((value) => p.add(value));
  try {
    await scope.query(
      `insert into import_runs (tenant_id, id, file_name, path_key, line, read_bytes, read_digest, created_count, updated_count, rejected_count)
       values ($1, ${values.join(", ")}) returning id`,
      p,
    );
  } catch (error) {
    throw violatedUniqueKey(error) === "import_runs_unfinished_u" ? new ImportCollisionError() : error;
  }
}

/**
 * Records a further batch.
 * @param before how far the run was
 * @throws ImportCollisionError where it is not there any more: another process has gone on with it
 */
export async function advanceImportRun(scope: TenantScope, run: ImportRun, before: SourcePlace): Promise<void> {
  const p = new Parameters();
  const rows = await scope.query(
    `update import_runs t set file_name = ${p.add(run.fileName)}, path_key = ${p.add(run.pathKey)}, line = ${p.add(run.line)},
       read_bytes = ${p.add(run.end)}, read_digest = ${p.add(run.digest)}, created_count = ${p.add(run.created)}, updated_count = ${p.add(run.updated)},
       rejected_count = ${p.add(run.rejected)}, updated_at = now()
     where t.tenant_id = $1 and t.id = ${p.add(run.id)} and t.read_bytes = ${p.add(before.end)} and t.finished_at is null
     returning t.id`,
    p,
  );
  if (rows.length === 0) throw new ImportCollisionError();
}

/** Records that a file has been read to its end. */
export async function finishImportRun(scope: TenantScope, run: ImportRun): Promise<void> {
  const p = new Parameters();
  await scope.query(
    `update import_runs t set finished_at = now(), updated_at = now()
     where t.tenant_id = $1 and t.id = ${p.add(run.id)} and t.read_bytes = ${p.add(run.end)} returning t.id`,
    p,
  );
}

/** Forgets runs: what they read may be imported again. */
export async function forgetImportRuns(scope: TenantScope, runs: readonly ImportRun[]): Promise<void> {
  if (runs.length === 0) return;
  const p = new Parameters();
  const ids = p.add(runs.map(({ id }) => id));
  await scope.query(
    `delete from import_runs t where t.tenant_id = $1 and t.id = any(${ids}::uuid[]) returning t.id`,
    p,
  );
}
