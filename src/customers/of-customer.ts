import { type ArgumentPath } from "../errors/domain-errors";
import { noRow } from "../pagination/conditions";
import { type Condition } from "../pagination/list";
import { one, type FieldPlan } from "../read-planner/planned";
import { Parameters } from "../tenancy/parameters";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type EntityClass, type TenantScope } from "../tenancy/tenant-scope";
import { isUuid } from "../validation/uuid";
import { Customer } from "./customer.entity";
import { checkCustomerKey, customerIdSql, type CustomerKey } from "./customer-key";

/**
 * Holds for rows of the customer that a key means.
 * @throws BadUserInputError unless the key names exactly one of id and code
 */
export function ofCustomer(key: CustomerKey, path: ArgumentPath): Condition {
  checkCustomerKey(key, path);
  return (alias, p) => `${alias}.customer_id = ${customerIdSql(key, p)}`;
}

/** Holds for rows whose customer is not in the trash: what belongs to one that is there is out of every list with it. */
export const ofLiveCustomer: Condition = (alias) =>
  `exists (select 1 from customers k where k.tenant_id = $1 and k.id = ${alias}.customer_id and k.deleted_at is null)`;

/** Holds for the row with this id, unless its customer is in the trash; for none where it cannot be an id. */
export function oneOfTenant(id: string): Condition {
  if (!isUuid(id)) return noRow;
  return (alias, p) => `${alias}.id = ${p.add(id)}::uuid and ${ofLiveCustomer(alias, p)}`;
}

/** The row with this id, unless its customer is in the trash. */
export async function findOfTenant<T extends TenantOwned>(
  scope: TenantScope,
  entity: EntityClass<T>,
  id: string,
): Promise<T | null> {
  if (!isUuid(id)) return null;
  const p = new Parameters();
  const [row] = await scope.select(entity, "t", `where t.tenant_id = $1 and ${oneOfTenant(id)("t", p)}`, p);
  return row ?? null;
}

/** How the read planner gets from what belongs to a customer to the customer. */
export const ofItsCustomer: FieldPlan = one(Customer, (customer, record) => `${customer}.id = ${record}.customer_id`);
