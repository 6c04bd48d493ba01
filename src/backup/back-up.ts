import { type Config } from "../config";
import { DatabaseSnapshot } from "../database/database-snapshot";
import { EXTENSIONS, type ReadRows } from "../database/inspection";
import { readContents, type BackupContents } from "./backup-contents";
import { BackupError } from "./backup-error";
import { writeBackupFile } from "./backup-file";
import { findPrograms, startProgram, type PostgresPrograms } from "./postgres-programs";

/** The statements that make a login which may back up. */
export const MAKE_BACKUP_LOGIN =
  "create role clientele_backup login password '…' bypassrls; grant pg_read_all_data to clientele_backup;";

/** What was written. */
export interface BackedUp {
  readonly contents: BackupContents;
  readonly bytes: number;
}

/**
 * Writes everything of a database into a file, as it was at one moment, while servers go on working. Row-level security stays as
 * it is. The rows are counted in the same snapshot.
 * @param file must not exist; it appears when it is whole
 */
export async function backUp(url: string, file: string, config: Config, signal: AbortSignal): Promise<BackedUp> {
  const snapshot = await DatabaseSnapshot.take(url).catch((error: unknown) => {
    const { host, pathname } = new URL(url);
    throw new BackupError(`DATABASE_BACKUP_URL (${host}${pathname}): ${(error as Error).message}`, { cause: error });
  });
  try {
    await refuseUnfit(snapshot.rows);
    const [server] = await snapshot.rows<{ version: number }>(
      "select current_setting('server_version_num')::int / 10000 as version",
    );
    const programs = await findPrograms(["pg_dump"], server?.version ?? 0, config);
    return await writeBackupFile(file, (draft) => dump(url, snapshot, programs, draft, signal));
  } finally {
    snapshot.close();
  }
}

/** @throws BackupError where the login would not see every row, or this is no database of ours */
async function refuseUnfit(rows: ReadRows): Promise<void> {
  const [login] = await rows<{ name: string; powers: boolean[]; isOurs: boolean; isOwner: boolean }>(
    `select r.rolname as name,
       coalesce(pg_has_role(r.oid, (select relowner from pg_class where oid = to_regclass('public.tenants')), 'member'), false)
         as "isOwner", to_regclass('public.schema_migrations') is not null as "isOurs",
       array[r.rolsuper or r.rolbypassrls, r.rolsuper or pg_has_role(r.oid, 'pg_read_all_data', 'usage')] as powers
     from pg_roles r where r.rolname = current_user`,
  );
  const [seesAll = false, readsAll = false] = login?.powers ?? [];
  if (!seesAll || !readsAll) {
    const lacks = [...(seesAll ? [] : ["BYPASSRLS"]), ...(readsAll ? [] : ["pg_read_all_data"])];
    const name = login?.name ?? "";
    const cure = [
      ...(seesAll ? [] : [`alter role "${name}" bypassrls;`]),
      ...(readsAll ? [] : [`grant pg_read_all_data to "${name}";`]),
    ];
    throw new BackupError(
      `The login ${name} of DATABASE_BACKUP_URL lacks ${lacks.join(" and ")}: its dump would not be whole. As an administrator, ` +
        `make a login of its own: ${MAKE_BACKUP_LOGIN}${login?.isOwner ? "" : ` Or: ${cure.join(" ")}`}`,
    );
  }
  if (!login?.isOurs)
    throw new BackupError(
      "This is no database of Clientele: it has no table schema_migrations. Look at DATABASE_BACKUP_URL.",
    );
}

async function dump(
  url: string,
  snapshot: DatabaseSnapshot,
  programs: PostgresPrograms,
  draft: string,
  signal: AbortSignal,
): Promise<BackupContents> {
  const args = [
    "--format=custom",
    `--snapshot=${snapshot.id}`,
    "--schema=public",
    ...EXTENSIONS.map((name) => `--extension=${name}`),
    "--no-unlogged-table-data",
    `--file=${draft}`,
  ];
  const { child, done } = startProgram(programs, "pg_dump", args, { url, signal });
  try {
    const [contents] = await Promise.all([readContents(snapshot.rows), done]);
    return contents;
  } catch (error) {
    if (signal.aborted) throw new BackupError("Stopped: no backup was made.", { cause: error });
    throw error;
  } finally {
    child.kill();
    await done.catch(() => undefined);
  }
}
