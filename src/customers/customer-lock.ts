import { NotFoundError, type ArgumentPath } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { Customer } from "./customer.entity";
import { checkCustomerKey, customerIdSql, type CustomerKey } from "./customer-key";

/**
 * The customer that a key means, locked until the transaction ends. Whoever writes something that belongs to a customer,
 * or decides about it, takes this lock first: moving a customer to the trash does not collide with the lock that a
 * foreign key takes.
 * @throws NotFoundError where there is none, or it is in the trash
 */
export async function lockCustomer(scope: TenantScope, key: CustomerKey, path: ArgumentPath): Promise<Customer> {
  checkCustomerKey(key, path);
  const p = new Parameters();
  const [customer] = await scope.select(
    Customer,
    "c",
    `where c.tenant_id = $1 and c.id = ${customerIdSql(key, p)} and c.deleted_at is null for no key update`,
    p,
  );
  if (!customer) throw new NotFoundError("Customer");
  return customer;
}
