import fs from "node:fs";
import path from "node:path";
import { type Command } from "commander";
import { type BackupContents } from "../backup/backup-contents";
import { readBackupFile } from "../backup/backup-file";
import { readEmbeddedContents, restoreEmbedded } from "../backup/embedded-backup";
import { examineRestore, restore } from "../backup/restore";
import { neededRights } from "../backup/restore-rights";
import { readConfig, type Config } from "../config";
import { MIGRATION_NAMES } from "../database/data-source";
import { findLocalKeyring, localKeyringFile, parseKeyring } from "../encryption/keyring";
import { describeContents } from "./backup";
import { CommandError } from "./session";
import { StopSignals } from "./stop-signals";

interface RestoreOptions {
  readonly withoutKeys?: true;
}

/** `clientele restore` */
export function addRestoreCommand(program: Command): void {
  program
    .command("restore <backup>")
    .description("restore what clientele backup has made into an empty database")
    .option("--without-keys", "restore although encryption keys are missing: what they have sealed cannot be read")
    .addHelpText(
      "after",
      `
Logs in with DATABASE_ADMIN_URL, which is to own the database, and looks at everything before it begins: that the backup is whole,
that the database is empty, which rights are lacking (with the SQL that gives them), and that the encryption keys are in
ENCRYPTION_KEYS. Runs pg_restore and psql (from PATH, the usual places, or PG_BIN). All of it is restored, in one transaction, or
nothing. The rows of each table are counted and compared with the backup.
On the embedded database the backup is a folder, and goes where no database is: move the old one away, or set DATA_DIR.`,
    )
    .action((backup: string, options: RestoreOptions) => run(path.resolve(backup), options));
}

async function run(file: string, options: RestoreOptions): Promise<void> {
  const config = readConfig();
  if (!fs.existsSync(file)) throw new CommandError(`There is no ${file}.`);
  const isFolder = fs.statSync(file).isDirectory();
  const stopping = new StopSignals();
  try {
    if (config.databaseAdminUrl === undefined) {
      if (!isFolder)
        throw new CommandError(
          `${file} is a backup of a PostgreSQL of one's own: set DATABASE_URL and DATABASE_ADMIN_URL to an empty database.`,
        );
      checkKeys(config, readEmbeddedContents(file), options);
      report(await restoreEmbedded(config, file));
      return;
    }
    if (isFolder)
      throw new CommandError(`${file} is a backup of the embedded database: restore it without DATABASE_URL.`);
    const contents = await readBackupFile(file);
    checkKeys(config, contents, options);
    console.error(`Needed: ${neededRights(contents)}.`);
    const restoring = { file, contents, url: config.databaseAdminUrl, config, signal: stopping.signal };
    const target = await examineRestore(restoring);
    console.error(`All of it is there. Restoring into ${target.database} as ${target.login} …`);
    await restore(restoring, target);
    report(contents);
  } finally {
    stopping.end();
  }
}

/** @throws CommandError naming the keys that something is sealed with and that are not at hand */
function checkKeys(config: Config, { keyIds }: BackupContents, { withoutKeys }: RestoreOptions): void {
  const keyring =
    config.encryptionKeys === undefined ? findLocalKeyring(config.dataDir) : parseKeyring(config.encryptionKeys);
  const missing = keyIds.filter((id) => !keyring?.some((key) => key.id === id));
  if (missing.length === 0) return;
  const where =
    config.encryptionKeys === undefined
      ? `ENCRYPTION_KEYS (or ${localKeyringFile(config.dataDir)})`
      : "ENCRYPTION_KEYS";
  const message = `${where} lacks ${missing.map((id) => `"${id}"`).join(", ")}, with which data of the backup is sealed; no backup holds keys`;
  if (!withoutKeys)
    throw new CommandError(
      `${message}. Put back what is missing, or add --without-keys: servers do not start until the keys are there.`,
    );
  console.error(`${message}. Servers do not start until they are there.`);
}

function report(contents: BackupContents): void {
  console.log(describeContents(contents));
  const isOld = MIGRATION_NAMES.some((name) => !contents.migrations.includes(name));
  console.log(
    `Restored; every table has the rows that the backup counts. Next: ${isOld ? "clientele migrate, then " : ""}clientele doctor.`,
  );
}
