import { type App } from "../app";
import { ALL_SCOPES } from "../auth/scopes";
import { type TenantAdministration } from "../tenancy/tenant-administration";
import { seedDemo, type ProgressListener } from "./seed-demo";

const CODE = "demo";
const NAME = "Demo";
/** Each start makes a key of its own, since only hashes are kept, and ends the one before. */
const KEY_NAME = "Key of the running server";

/** The tenant with demo data, made where it is missing, and a fresh key to it. @returns the key's token */
export async function ensureDemo(
  app: App,
  tenants: TenantAdministration,
  onProgress: ProgressListener,
): Promise<string> {
  const tenant = (await tenants.findByCode(CODE)) ?? (await tenants.create(CODE, NAME));
  await seedDemo(app, tenant.id, new Date(), onProgress);
  const { apiKeys } = app.services;
  const made = await app.database.write(tenant.id, async (scope) => {
    const former = (await apiKeys.list(scope)).filter(({ name, revokedAt }) => name === KEY_NAME && !revokedAt);
    for (const { id } of former) await apiKeys.revoke(scope, id);
    return apiKeys.create(scope, KEY_NAME, [ALL_SCOPES]);
  });
  return made.token;
}
