import { type Command } from "commander";
import { readConfig } from "../config";
import {
  addCredentialOptions,
  createCredential,
  listCredentials,
  stateOf,
  type CredentialOptions,
} from "./credential-options";
import { CommandError, withSession } from "./session";

/** `clientele key create|list|revoke` */
export function addKeyCommands(program: Command): void {
  const key = program.command("key").description("make, list and revoke API keys");
  addCredentialOptions(key.command("create"), '{ "id", "token" }')
    .description("make an API key; its token is shown this once")
    .action((options: CredentialOptions) =>
      withSession(readConfig(), async (session) => {
        const { apiKeys } = session.app.services;
        const { made, tenant } = await createCredential(session, options, (...wanted) => apiKeys.create(...wanted));
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
      withSession(readConfig(), async (session) => {
        const { apiKeys } = session.app.services;
        const found = await listCredentials(session, options.tenant, (scope) => apiKeys.list(scope));
        const keys = found.map(({ tenant, credential: { id, name, tokenPrefix, scopes, createdAt, revokedAt } }) => {
          return { id, tenant: tenant.code, name, tokenPrefix, scopes, createdAt, revokedAt };
        });
        if (options.json) console.log(JSON.stringify(keys));
        for (const { id, tenant, name, tokenPrefix, scopes, revokedAt } of options.json ? [] : keys) {
          console.log([id, tenant, name, `${tokenPrefix}…`, scopes.join(" "), stateOf({ revokedAt })].join("\t"));
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
