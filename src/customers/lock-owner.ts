import { NotFoundError } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type EntityClass, type TenantScope } from "../tenancy/tenant-scope";
import { isUuid } from "../validation/uuid";
import { type Customer } from "./customer.entity";
import { lockCustomer } from "./customer-lock";

/** How often a record can change hands while its owner is being locked. */
const MAX_TRIES = 3;

/**
 * A record by its id, with the customer that it belongs to locked until the transaction ends. The owner is locked before
 * the record is read for good, so that the record stays as it is read.
 * @throws NotFoundError where there is no such record, or its customer is in the trash
 */
export async function lockOwnerOf<T extends TenantOwned & { customerId: string }>(
  scope: TenantScope,
  entity: EntityClass<T>,
  id: string,
): Promise<{ record: T; customer: Customer }> {
  if (!isUuid(id)) throw new NotFoundError(entity.name);
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const owner = await ownerOf(scope, entity, id);
    if (owner === undefined) break;
    const customer = await lockLiveOwner(scope, owner, entity.name);
    const [record] = await scope.findByIds(entity, [id]);
    if (record?.customerId === owner) return { record, customer };
  }
  throw new NotFoundError(entity.name);
}

async function ownerOf(scope: TenantScope, entity: EntityClass<object>, id: string): Promise<string | undefined> {
  const p = new Parameters();
  const [row] = await scope.query<{ customerId: string }>(
    `select t.customer_id as "customerId" from ${scope.table(entity)} t where t.tenant_id = $1 and t.id = ${p.add(id)}::uuid`,
    p,
  );
  return row?.customerId;
}

async function lockLiveOwner(scope: TenantScope, id: string, typeName: string): Promise<Customer> {
  try {
    return await lockCustomer(scope, { id }, ["id"]);
  } catch (error) {
    if (error instanceof NotFoundError) throw new NotFoundError(typeName);
    throw error;
  }
}
