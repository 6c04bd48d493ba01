import { type TenantScope } from "../tenancy/tenant-scope";
import { TenantSettings } from "./tenant-settings.entity";

/** The tenant's settings, the defaults where none was ever changed. */
export async function readSettings(scope: TenantScope): Promise<TenantSettings> {
  const [settings] = await scope.select(TenantSettings, "s", "where s.tenant_id = $1");
  return settings ?? new TenantSettings();
}
