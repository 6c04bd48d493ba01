import path from "node:path";
import { type Command } from "commander";
import { backUp, MAKE_BACKUP_LOGIN } from "../backup/back-up";
import { type BackupContents } from "../backup/backup-contents";
import { backUpEmbedded } from "../backup/embedded-backup";
import { readConfig } from "../config";
import { localKeyringFile } from "../encryption/keyring";
import { count } from "./import-progress";
import { CommandError } from "./session";
import { StopSignals } from "./stop-signals";

interface BackupOptions {
  readonly to?: string;
  readonly json?: true;
}

/** `clientele backup` */
export function addBackupCommand(program: Command): void {
  program
    .command("backup")
    .description("write everything of every tenant into a file, as it is at this moment; servers go on working")
    .option("--to <file>", "the file to make (default: clientele-<time>.backup in this folder)")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Logs in with DATABASE_BACKUP_URL, and runs pg_dump of the server's version or newer (from PATH, the usual places, or PG_BIN).
As an administrator, make that login once:
  ${MAKE_BACKUP_LOGIN}
The file is there whole or not at all, and for your eyes only. It holds no encryption keys: keep ENCRYPTION_KEYS elsewhere.
On the embedded database the backup is a folder: a copy of the stopped database, made while no server runs on it.
docs/backup.md says how to do it without this command.`,
    )
    .action((options: BackupOptions) => run(options));
}

async function run({ to, json }: BackupOptions): Promise<void> {
  const config = readConfig();
  const target = path.resolve(to ?? `clientele-${new Date().toISOString().replaceAll(":", "").slice(0, 17)}Z.backup`);
  const stopping = new StopSignals();
  try {
    if (config.databaseUrl === undefined && config.databaseBackupUrl === undefined) {
      const contents = await backUpEmbedded(config, target);
      report(target, contents, json);
      if (config.encryptionKeys === undefined && !json)
        console.log(`The encryption keys are not in it: keep a copy of ${localKeyringFile(config.dataDir)} elsewhere.`);
      return;
    }
    if (config.databaseBackupUrl === undefined) {
      throw new CommandError(
        `Set DATABASE_BACKUP_URL to a login that reads everything. As an administrator, make it: ${MAKE_BACKUP_LOGIN}`,
      );
    }
    const { contents } = await backUp(config.databaseBackupUrl, target, config, stopping.signal);
    report(target, contents, json);
    if (!json && contents.keyIds.length > 0)
      console.log(
        `No backup holds the encryption keys: keep ${contents.keyIds.join(", ")} of ENCRYPTION_KEYS elsewhere.`,
      );
  } finally {
    stopping.end();
  }
}

function report(file: string, contents: BackupContents, json: true | undefined): void {
  if (json) console.log(JSON.stringify({ file, ...contents }));
  else console.log(`${describeContents(contents)}\nBacked up to ${file}.`);
}

/** What a backup holds, for people to read: a table a line. */
export function describeContents({ takenAt, tenants, tables }: BackupContents): string {
  const entries = Object.entries(tables);
  const width = Math.max(...entries.map(([table]) => table.length));
  const rows = entries.map(([table, number]) => `  ${table.padEnd(width)}  ${count(number)}`);
  const all = entries.reduce((sum, [, number]) => sum + number, 0);
  return [`Rows of each table on ${takenAt}:`, ...rows, `Tenants: ${count(tenants)}. Rows in all: ${count(all)}.`].join(
    "\n",
  );
}
