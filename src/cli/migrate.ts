import { type Command } from "commander";
import { readConfig } from "../config";
import { migrate, revertMigration } from "../database/migrate";
import { openDatabase } from "../database/open-database";

/** `clientele migrate` */
export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to this version")
    .option("--revert", "take back the newest migration instead; what it made is dropped with its data")
    .action(async ({ revert }: { revert?: true }) => {
      const database = await openDatabase(readConfig());
      try {
        if (revert) {
          console.log(
            (await revertMigration(database.adminUrl))
              ? "Took back the newest migration."
              : "There is nothing to take back.",
          );
          return;
        }
        const done = await migrate(database.adminUrl);
        console.log(done.length > 0 ? `Migrated: ${done.join(", ")}.` : "The database is up to date.");
      } finally {
        await database.close();
      }
    });
}
