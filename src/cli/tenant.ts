import { type Command } from "commander";
import { readConfig } from "../config";
import { withSession } from "./session";

/** `clientele tenant create|list` */
export function addTenantCommands(program: Command): void {
  const tenant = program.command("tenant").description("make and list tenants");
  tenant
    .command("create <code>")
    .description("make a tenant")
    .requiredOption("--name <name>", "display name")
    .option("--json", "print JSON")
    .action((code: string, options: { name: string; json?: true }) =>
      withSession(readConfig(), async ({ tenants }) => {
        const made = await tenants.create(code, options.name);
        console.log(
          options.json ? JSON.stringify({ id: made.id, code: made.code }) : `Made tenant ${made.code} (${made.id}).`,
        );
      }),
    );
  tenant
    .command("list")
    .description("list every tenant")
    .option("--json", "print JSON")
    .action((options: { json?: true }) =>
      withSession(readConfig(), async ({ tenants }) => {
        const all = await tenants.list();
        if (options.json) console.log(JSON.stringify(all));
        else for (const { id, code, name } of all) console.log(`${code}\t${name}\t${id}`);
      }),
    );
}
