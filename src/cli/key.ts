import { type Command } from "commander";
import { isScope, SCOPES } from "../auth/scopes";
import { readConfig } from "../config";
import { CommandError, tenantByCode, withSession } from "./session";

const MAX_NAME_LENGTH = 200;

/** `clientele key create|list|revoke` */
export function addKeyCommands(program: Command): void {
  const key = program.command("key").description("make, list and revoke API keys");
  key
    .command("create")
    .description("make an API key; its token is shown this once")
    .requiredOption("--tenant <code>", "the tenant whose data it reaches")
    .requiredOption("--name <name>", "what it is for")
    .requiredOption("--scope <scope...>", `what it may do: ${SCOPES.join(", ")}, or * for all`)
    .option("--json", 'print { "id", "token" } alone')
    .action((options: { tenant: string; name: string; scope: string[]; json?: true }) =>
      withSession(readConfig(), async ({ app, tenants }) => {
        const name = options.name.trim();
        if (name === "" || name.length > MAX_NAME_LENGTH)
          throw new CommandError(`--name has 1 to ${MAX_NAME_LENGTH} characters`);
        const scopes = [...new Set(options.scope.flatMap((scope) => scope.split(",")).filter(Boolean))];
        const unknown = scopes.find((scope) => !isScope(scope));
        if (unknown !== undefined)
          throw new CommandError(`There is no scope "${unknown}". Scopes: ${SCOPES.join(", ")}, *`);
        const tenant = await tenantByCode(tenants, options.tenant);
        const made = await app.database.write(tenant.id, (scope) => app.services.apiKeys.create(scope, name, scopes));
        if (options.json) console.log(JSON.stringify(made));
        else console.log(`Made API key ${made.id} of ${tenant.code}. Its token, shown this once:\n${made.token}`);
      }),
    );
  key
    .command("list")
    .description("list API keys; tokens are not stored and cannot be shown")
    .option("--tenant <code>", "of this tenant only")
    .option("--json", "print JSON")
    .action((options: { tenant?: string; json?: true }) =>
      withSession(readConfig(), async ({ app, tenants }) => {
        const wanted =
          options.tenant === undefined ? await tenants.list() : [await tenantByCode(tenants, options.tenant)];
        const keys = [];
        for (const tenant of wanted) {
          const found = await app.database.read(tenant.id, (scope) => app.services.apiKeys.list(scope));
          for (const { id, name, tokenPrefix, scopes, createdAt, revokedAt } of found) {
            keys.push({ id, tenant: tenant.code, name, tokenPrefix, scopes, createdAt, revokedAt });
          }
        }
        if (options.json) console.log(JSON.stringify(keys));
        for (const { id, tenant, name, tokenPrefix, scopes, revokedAt } of options.json ? [] : keys) {
          const state = revokedAt ? `revoked ${revokedAt.toISOString()}` : "valid";
          console.log([id, tenant, name, `${tokenPrefix}…`, scopes.join(" "), state].join("\t"));
        }
      }),
    );
  key
    .command("revoke <id>")
    .description("make an API key worthless; servers notice within 5 seconds")
    .action((id: string) =>
      withSession(readConfig(), async ({ app, tenants }) => {
        for (const tenant of await tenants.list()) {
          if (await app.database.write(tenant.id, (scope) => app.services.apiKeys.revoke(scope, id))) {
            console.log(`Revoked API key ${id} of ${tenant.code}.`);
            return;
          }
        }
        throw new CommandError(`There is no valid API key ${id}. List them with: clientele key list`);
      }),
    );
}
