import { type Command } from "commander";
import { formatClientId, parseClientId, type ParsedClientId } from "../auth/client-id";
import { readConfig } from "../config";
import {
  addCredentialOptions,
  createCredential,
  listCredentials,
  stateOf,
  type CredentialOptions,
} from "./credential-options";
import { CommandError, withSession } from "./session";

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_KEPT_MS = 30 * UNIT_MS.d;

/** `clientele client create|list|rotate|revoke` */
export function addClientCommands(program: Command): void {
  const client = program
    .command("client")
    .description("make, list, rotate and revoke clients that sign their requests");
  addCredentialOptions(client.command("create"), '{ "id", "secret" }')
    .description("make a client that signs its requests; its secret is shown this once")
    .action((options: CredentialOptions) =>
      withSession(readConfig(), async (session) => {
        const { signingClients } = session.app.services;
        const { made, tenant } = await createCredential(session, options, (...wanted) =>
          signingClients.create(...wanted),
        );
        if (options.json) console.log(JSON.stringify(made));
        else console.log(`Made client ${made.id} of ${tenant.code}. Its secret, shown this once:\n${made.secret}`);
      }),
    );
  client
    .command("list")
    .description("list clients; secrets are not shown")
    .option("--tenant <code>", "of this tenant only")
    .option("--json", "print JSON")
    .action((options: { tenant?: string; json?: true }) =>
      withSession(readConfig(), async (session) => {
        const { signingClients } = session.app.services;
        const found = await listCredentials(session, options.tenant, (scope) => signingClients.list(scope));
        const clients = found.map(({ tenant, credential: client }) => ({
          id: formatClientId({ tenantId: tenant.id, id: client.id }),
          tenant: tenant.code,
          name: client.name,
          scopes: client.scopes,
          createdAt: client.createdAt,
          previousSecretExpiresAt: client.previousSecretExpiresAt,
          revokedAt: client.revokedAt,
        }));
        if (options.json) console.log(JSON.stringify(clients));
        for (const { id, tenant, name, scopes, revokedAt } of options.json ? [] : clients) {
          console.log([id, tenant, name, scopes.join(" "), stateOf({ revokedAt })].join("\t"));
        }
      }),
    );
  client
    .command("rotate <id>")
    .description("give a client a new secret, shown this once; the one before works on for a while, older ones do not")
    .option("--keep <duration>", "how long the one before works on: 30m, 24h, 7d, at most 30d; 0s: not at all", "24h")
    .option("--json", 'print { "id", "secret" } alone')
    .action((id: string, options: { keep: string; json?: true }) => {
      const { tenantId, id: ownId } = clientIdIn(id);
      const keepMs = durationIn(options.keep);
      return withSession(readConfig(), async ({ app }) => {
        const made = await app.database.write(tenantId, (scope) =>
          app.services.signingClients.rotate(scope, ownId, keepMs),
        );
        if (!made) throw unknownClient(id);
        if (options.json) console.log(JSON.stringify(made));
        else console.log(`The new secret of client ${id}, shown this once:\n${made.secret}`);
      });
    });
  client
    .command("revoke <id>")
    .description("make a client's secrets worthless; servers notice within 5 seconds")
    .action((id: string) => {
      const { tenantId, id: ownId } = clientIdIn(id);
      return withSession(readConfig(), async ({ app }) => {
        if (!(await app.database.write(tenantId, (scope) => app.services.signingClients.revoke(scope, ownId))))
          throw unknownClient(id);
        console.log(`Revoked client ${id}.`);
      });
    });
}

function clientIdIn(text: string): ParsedClientId {
  const parsed = parseClientId(text);
  if (!parsed) throw unknownClient(text);
  return parsed;
}

const unknownClient = (id: string): CommandError =>
  new CommandError(`There is no valid client ${id}. List them with: clientele client list`);

/** @returns milliseconds */
function durationIn(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const duration = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (duration <= MAX_KEPT_MS) return duration;
  throw new CommandError("--keep is a number with s, m, h or d, such as 24h, and at most 30d");
}
