import { BadUserInputError } from "../errors/domain-errors";
import { nearest } from "../errors/nearest";
import { CustomerStatus } from "../taxonomy/taxonomy-term.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { validateInputOrThrow } from "../validation/validate-input";
import { TenantSettings } from "./tenant-settings.entity";
import { type TenantSettingsPatch } from "./tenant-settings.input";

/** The rules for a tenant's settings. Customers that are there are not checked again until they are written. */
export class SettingsService {
  /** @throws BadUserInputError with every problem of the patch */
  async update(scope: TenantScope, patch: TenantSettingsPatch): Promise<TenantSettings> {
    validateInputOrThrow(patch, ["input"]);
    await scope.query("insert into tenant_settings (tenant_id) values ($1) on conflict (tenant_id) do nothing");
    const [current = new TenantSettings()] = await scope.select(
      TenantSettings,
      "s",
      "where s.tenant_id = $1 for update",
    );
    const next = {
      defaultRegion: patch.defaultRegion === undefined ? current.defaultRegion : patch.defaultRegion,
      codePrefix: patch.codePrefix ?? current.codePrefix,
      defaultStatusId: await this.defaultStatus(scope, patch.defaultStatus, current),
      companyNeedsContact: patch.companyNeedsContact ?? current.companyNeedsContact,
      requiredFields: [...new Set(patch.requiredFields ?? current.requiredFields)],
    };
    const q = new Parameters();
    await scope.query(
      `update tenant_settings s set default_region = ${q.add(next.defaultRegion)}, code_prefix = ${q.add(next.codePrefix)},
         default_status_id = ${q.add(next.defaultStatusId)}::uuid, company_needs_contact = ${q.add(next.companyNeedsContact)},
         required_fields = ${q.add(next.requiredFields)}::text[], updated_at = now()
       where s.tenant_id = $1`,
      q,
    );
    return Object.assign(new TenantSettings(), next);
  }

  private async defaultStatus(
    scope: TenantScope,
    code: string | null | undefined,
    current: TenantSettings,
  ): Promise<string | null> {
    if (code === undefined) return current.defaultStatusId;
    if (code === null) return null;
    const statuses = await scope.select(
      CustomerStatus,
      "t",
      "where t.tenant_id = $1 order by t.code_key for key share",
    );
    const status = statuses.find(({ codeKey: key }) => key === codeKey(code));
    if (status) return status.id;
    const codes = statuses.map((known) => known.code);
    throw BadUserInputError.at(["input", "defaultStatus"], "UNKNOWN_CODE", {
      what: "customer status",
      nearest: nearest(code, codes),
    });
  }
}
