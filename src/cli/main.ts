import "reflect-metadata";
import { Command, CommanderError } from "commander";
import { addBackupCommand } from "./backup";
import { addDoctorCommand } from "./doctor";
import { addClientCommands } from "./client";
import { addImportCommand } from "./import";
import { addKeyCommands } from "./key";
import { addEncryptionKeyCommands } from "./keys";
import { addMigrateCommand } from "./migrate";
import { addRestoreCommand } from "./restore";
import { addRevealsCommand } from "./reveals";
import { addServeCommand } from "./serve";
import { addTenantCommands } from "./tenant";

/** The command line: a command a file. Failures are one clear line and a non-zero exit code. */
async function main(): Promise<void> {
  const program = new Command("clientele")
    .description(
      "A GraphQL gateway over customer data. Works on DATABASE_URL, else on an embedded PostgreSQL under .data/.",
    )
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)");
  for (const add of [
    addServeCommand,
    addMigrateCommand,
    addTenantCommands,
    addKeyCommands,
    addEncryptionKeyCommands,
    addRevealsCommand,
    addClientCommands,
    addImportCommand,
    addBackupCommand,
    addRestoreCommand,
    addDoctorCommand,
  ])
    add(program);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode; // said already
      return;
    }
    console.error(`clientele: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode ??= 1; // a signal has one of its own
  }
}

void main();
