import { type Command } from "commander";
import { isScope, SCOPES } from "../auth/scopes";
import { type TenantScope } from "../tenancy/tenant-scope";
import { type TenantRecord } from "../tenancy/tenant-administration";
import { CommandError, tenantByCode, tenantsByCode, type Session } from "./session";

const MAX_NAME_LENGTH = 200;

/** What the commands ask for that make a credential. */
export interface CredentialOptions {
  readonly tenant: string;
  readonly name: string;
  readonly scope: readonly string[];
  readonly json?: true;
}

/** @param printed what --json prints */
export function addCredentialOptions(command: Command, printed: string): Command {
  return command
    .requiredOption("--tenant <code>", "the tenant whose data it reaches")
    .requiredOption("--name <name>", "what it is for")
    .requiredOption("--scope <scope...>", `what it may do: ${SCOPES.join(", ")}, or * for all`)
    .option("--json", `print ${printed} alone`);
}

/** Makes a credential of the tenant that is named. @throws CommandError for a name, a scope or a tenant that there cannot be */
export async function createCredential<T>(
  { app, tenants }: Session,
  options: CredentialOptions,
  create: (scope: TenantScope, name: string, scopes: readonly string[]) => Promise<T>,
): Promise<{ made: T; tenant: TenantRecord }> {
  const name = options.name.trim();
  if (name === "" || name.length > MAX_NAME_LENGTH)
    throw new CommandError(`--name has 1 to ${MAX_NAME_LENGTH} characters`);
  const scopes = [...new Set(options.scope.flatMap((scope) => scope.split(",")).filter(Boolean))];
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined) throw new CommandError(`There is no scope "${unknown}". Scopes: ${SCOPES.join(", ")}, *`);
  const tenant = await tenantByCode(tenants, options.tenant);
  const made = await app.database.write(tenant.id, (scope) => create(scope, name, scopes));
  return { made, tenant };
}

/** The credentials of one tenant, or of every one. */
export async function listCredentials<T>(
  { app, tenants }: Session,
  code: string | undefined,
  list: (scope: TenantScope) => Promise<T[]>,
): Promise<{ tenant: TenantRecord; credential: T }[]> {
  const found = [];
  for (const tenant of await tenantsByCode(tenants, code)) {
    const credentials = await app.database.read(tenant.id, list);
    found.push(...credentials.map((credential) => ({ tenant, credential })));
  }
  return found;
}

/** Whether a credential works, for a list. */
export function stateOf({ revokedAt }: { readonly revokedAt: Date | null }): string {
  return revokedAt ? `revoked ${revokedAt.toISOString()}` : "valid";
}
