import { BadUserInputError, ConflictError, NotFoundError, type ArgumentPath } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { Customer } from "./customer.entity";
import { checkCustomerKey, customerIdSql, trashedCustomerIdSql, type CustomerKey } from "./customer-key";

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

/** As {@link lockCustomer}, for several, in the order of their ids, so that two who lock the same never wait for each other. */
export async function lockCustomersById(scope: TenantScope, ids: readonly string[]): Promise<Customer[]> {
  const p = new Parameters();
  const customers = await scope.select(
    Customer,
    "c",
    `where c.tenant_id = $1 and c.id = any(${p.add(ids)}::uuid[]) and c.deleted_at is null order by c.id for no key update`,
    p,
  );
  if (customers.length < new Set(ids).size) throw new NotFoundError("Customer");
  return customers;
}

/**
 * The customer in the trash that a key means, locked until the transaction ends; by code, the one deleted last.
 * @throws ConflictError where the customer is not in the trash
 * @throws NotFoundError where there is none
 */
export async function lockTrashedCustomer(scope: TenantScope, key: CustomerKey, path: ArgumentPath): Promise<Customer> {
  checkCustomerKey(key, path);
  const p = new Parameters();
  const [customer] = await scope.select(
    Customer,
    "c",
    `where c.tenant_id = $1 and c.id = ${trashedCustomerIdSql(key, p)} and c.deleted_at is not null for update`,
    p,
  );
  if (customer) return customer;
  const live = new Parameters();
  const where = `where c.tenant_id = $1 and c.id = ${customerIdSql(key, live)}`;
  const [found] = await scope.select(Customer, "c", where, live);
  if (found) throw new ConflictError("NOT_IN_TRASH");
  throw new NotFoundError("Customer");
}

/** @throws ConflictError with the current version, where another is expected */
export function checkVersion(
  { version }: Customer,
  expectedVersion: number | null | undefined,
  path: ArgumentPath = ["expectedVersion"],
): void {
  if (expectedVersion == null || expectedVersion === version) return;
  if (expectedVersion < 1) throw BadUserInputError.at(path, "OUT_OF_RANGE", { min: 1, max: 2 ** 31 - 1 });
  throw new ConflictError("STALE_VERSION", {}, { currentVersion: version });
}
