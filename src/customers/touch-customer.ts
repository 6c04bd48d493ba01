import { CustomerChangeAction, type FieldChange } from "../history/customer-change.entity";
import { recordChanges } from "../history/record-changes";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";

/**
 * Notes that something that belongs to a locked customer has changed: in its history, and where it is part of the customer
 * itself (contacts, bank accounts) in its version too.
 */
export async function touchCustomer(
  scope: TenantScope,
  customerId: string,
  fields: readonly FieldChange[],
  { isPart = false } = {},
): Promise<void> {
  if (fields.length === 0) return;
  const p = new Parameters();
  await Promise.all([
    isPart &&
      scope.query(
        `update customers c set version = c.version + 1, updated_at = now() where c.tenant_id = $1 and c.id = ${p.add(customerId)}::uuid`,
        p,
      ),
    recordChanges(scope, [{ customerId, action: CustomerChangeAction.UPDATED, fields }]),
  ]);
}
