import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Config } from "../config";
import {
  embeddedClusterFolder,
  giveToServerAccount,
  isEmbeddedPostgresRunning,
  prepareClusterFolder,
} from "../database/embedded-postgres";
import { embeddedFolder, openDatabase } from "../database/open-database";
import { Inspection } from "../database/inspection";
import { claimServer } from "../database/single-server";
import { readContents, type BackupContents } from "./backup-contents";
import { BackupError } from "./backup-error";
import { refuseExisting, syncFolder } from "./backup-file";

/*
 * The embedded database is backed up as a folder: a copy of its cluster while no server runs on it, and what it holds. The
 * encryption keys of the data folder are left out, as they are of every backup: who has both has every account number.
 */

const CONTENTS = "contents.json";
const CLUSTER = "cluster";

/** Copies the stopped embedded database to a folder, which is there whole or not at all. @throws BackupError while it runs */
export async function backUpEmbedded(config: Config, folder: string): Promise<BackupContents> {
  const dir = embeddedFolder(config.dataDir);
  if (!fs.existsSync(dir) || !fs.existsSync(embeddedClusterFolder(dir)))
    throw new BackupError(
      `There is no embedded database in ${config.dataDir}. Set DATABASE_URL and DATABASE_BACKUP_URL to back up another.`,
    );
  refuseExisting(folder);
  const claim = claimServer(config.dataDir);
  try {
    refuseRunning(dir);
    const contents = await lookInside(config);
    refuseRunning(dir);
    const cluster = embeddedClusterFolder(dir);
    const before = stateOf(cluster);
    await makeWhole(folder, async (draft) => {
      await copyCluster(cluster, path.join(draft, CLUSTER));
      fs.writeFileSync(path.join(draft, CONTENTS), JSON.stringify(contents), { mode: 0o600 });
      refuseRunning(dir);
      if (stateOf(cluster) !== before)
        throw new BackupError("A command used the database meanwhile: no backup was made. Try again.");
    });
    return contents;
  } finally {
    claim.release();
  }
}

/** What a folder that {@link backUpEmbedded} made holds. @throws BackupError where it is none */
export function readEmbeddedContents(folder: string): BackupContents {
  try {
    const contents = JSON.parse(fs.readFileSync(path.join(folder, CONTENTS), "utf8")) as BackupContents;
    if (fs.existsSync(path.join(folder, CLUSTER, "data", "PG_VERSION"))) return contents;
  } catch {
    // told below
  }
  throw new BackupError(`${folder} is no backup: clientele backup makes them.`);
}

/** Puts a backup in the place of an embedded database that is not there. @throws BackupError where there is one */
export async function restoreEmbedded(config: Config, folder: string): Promise<BackupContents> {
  const expected = readEmbeddedContents(folder);
  const dir = embeddedFolder(config.dataDir);
  const claim = claimServer(config.dataDir);
  try {
    const cluster = prepareClusterFolder(dir);
    if (fs.existsSync(cluster))
      throw new BackupError(
        `${config.dataDir} holds a database already: move ${cluster} away, or set DATA_DIR to another folder.`,
      );
    await makeWhole(cluster, async (draft) => {
      await copyCluster(path.join(folder, CLUSTER), draft);
      giveToServerAccount(draft);
    });
    const restored = await lookInside(config);
    const wrong = Object.entries(expected.tables).filter(([table, rows]) => restored.tables[table] !== rows);
    if (wrong.length === 0) return restored;
    const told = wrong.map(([table, rows]) => `${table} has ${restored.tables[table] ?? 0} rows instead of ${rows}`);
    throw new BackupError(`The backup is not whole: ${told.join(", ")}. What is there of it is in ${cluster}.`);
  } finally {
    claim.release();
  }
}

/** Opens the database, counts, and leaves it stopped. */
async function lookInside(config: Config): Promise<BackupContents> {
  const database = await openDatabase(config);
  try {
    const inspection = await Inspection.connect(database.adminUrl);
    try {
      return await readContents(inspection.rows);
    } finally {
      await inspection.close();
    }
  } finally {
    await database.close();
  }
}

function refuseRunning(dir: string): void {
  if (isEmbeddedPostgresRunning(dir))
    throw new BackupError(
      `The embedded database in ${dir} is in use: stop the server, or wait until the other command has ended.`,
    );
}

/** PostgreSQL writes its control file whenever it starts and stops. */
function stateOf(cluster: string): string {
  const { mtimeMs, ino } = fs.statSync(path.join(cluster, "data", "global", "pg_control"));
  return `${mtimeMs} ${ino}`;
}

/** Without what belongs to a running server. */
async function copyCluster(from: string, to: string): Promise<void> {
  await fs.promises.cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: (source) => !/^(users-|postmaster\.pid)/.test(path.basename(source)),
  });
}

/** Makes a folder under another name, and renames it when it is whole. */
async function makeWhole(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = path.join(path.dirname(folder), `.${path.basename(folder)}.${randomBytes(4).toString("hex")}.partial`);
  try {
    fs.mkdirSync(draft, { mode: 0o700 });
  } catch (error) {
    throw new BackupError(`${path.dirname(path.resolve(folder))} cannot be written to: ${(error as Error).message}`);
  }
  try {
    await make(draft);
    refuseExisting(folder);
    fs.renameSync(draft, folder);
    syncFolder(path.dirname(folder));
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}
