import fs from "node:fs";
import path from "node:path";
import { type Command } from "commander";
import { createApp } from "../app";
import { type BackupContents } from "../backup/backup-contents";
import { readBackupFile } from "../backup/backup-file";
import { readEmbeddedContents, restoreEmbedded } from "../backup/embedded-backup";
import { examineRestore, restore } from "../backup/restore";
import { neededRights } from "../backup/restore-rights";
import { readConfig, type Config } from "../config";
import { MIGRATION_NAMES } from "../database/data-source";
import { type Keyring } from "../encryption/cipher";
import { findLocalKeyring, localKeyringFile, parseKeyring } from "../encryption/keyring";
import { TenantAdministration } from "../tenancy/tenant-administration";
import { describeContents } from "./backup";
import { CommandError, patient } from "./session";
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
    if (!isOld(contents)) await checkReadable(config, config.databaseAdminUrl);
  } finally {
    stopping.end();
  }
}

/** The keys, and none that are made for it. */
const keyringAtHand = ({ encryptionKeys, dataDir }: Config): Keyring | undefined =>
  encryptionKeys === undefined ? findLocalKeyring(dataDir) : parseKeyring(encryptionKeys);

/** Whether migrations are to follow. */
const isOld = ({ migrations }: BackupContents): boolean => MIGRATION_NAMES.some((name) => !migrations.includes(name));

/** @throws CommandError naming the keys that something is sealed with and that are not at hand */
function checkKeys(config: Config, { keyIds }: BackupContents, { withoutKeys }: RestoreOptions): void {
  const keyring = keyringAtHand(config);
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

/** Opens some of what is sealed. @throws CommandError naming the keys that are not those of the backup */
async function checkReadable(config: Config, url: string): Promise<void> {
  const keyring = keyringAtHand(config);
  if (!keyring) return;
  const app = await createApp({
    databaseUrl: url,
    keyring,
    poolSize: 1,
    poolTimeoutMs: 10_000,
    limits: patient(config),
  });
  const tenants = await TenantAdministration.connect(url);
  try {
    const all = await tenants.list();
    const unreadable = await app.keys.unreadableSamples(all.map(({ id }) => id));
    const wrong = [...new Set(unreadable.map(({ keyId }) => `"${keyId}"`))];
    if (wrong.length === 0) return;
    throw new CommandError(
      `What was sealed with ${wrong.join(", ")} does not open: ENCRYPTION_KEYS has another key of that id. Put the right one there before a server starts.`,
    );
  } finally {
    await tenants.close();
    await app.close();
  }
}

function report(contents: BackupContents): void {
  console.log(describeContents(contents));
  console.log(
    `Restored; every table has the rows that the backup counts. Next: ${isOld(contents) ? "clientele migrate, then " : ""}clientele doctor.`,
  );
}
