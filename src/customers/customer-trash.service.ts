import { findHolders } from "../codes/assign-codes";
import { ConflictError } from "../errors/domain-errors";
import { CustomerChangeAction } from "../history/customer-change.entity";
import { differences, recordChanges } from "../history/record-changes";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { releasePreviousCodes } from "./customer-creation.service";
import { customerCodes } from "./customer-references";
import { Customer } from "./customer.entity";
import { type CustomerKey } from "./customer-key";
import { checkVersion, lockCustomer, lockTrashedCustomer } from "./customer-lock";
import { readBlockersByCustomer } from "./deletion-blockers";

const MOVED = { set: ["version = t.version + 1", "updated_at = now()"] } as const;

/** Moves customers to the trash, brings them back, and erases them. */
export class CustomerTrashService {
  /**
   * The lock on the customer comes first: whoever adds work to it waits, or is waited for and seen.
   * @throws NotFoundError where there is no such customer, or it is in the trash
   * @throws ConflictError with the blockers while there are any; or with the version, where another is expected
   */
  async delete(scope: TenantScope, by: CustomerKey, expectedVersion: number | null = null): Promise<Customer> {
    const customer = await lockCustomer(scope, by, ["by"]);
    checkVersion(customer, expectedVersion);
    const blockers = (await readBlockersByCustomer(scope, [customer.id])).get(customer.id) ?? [];
    if (blockers.length > 0) throw new ConflictError("BLOCKED", {}, { blockers });
    return this.move(scope, customer, new Date(), CustomerChangeAction.DELETED);
  }

  /**
   * @throws NotFoundError where there is no such customer
   * @throws ConflictError where it is not in the trash, or another customer has its code by now
   */
  async restore(scope: TenantScope, by: CustomerKey): Promise<Customer> {
    const customer = await lockTrashedCustomer(scope, by, ["by"]);
    const holder = (await findHolders(scope, customerCodes(""), [customer.codeKey])).get(customer.codeKey);
    if (holder) throw ConflictError.codeTaken("customer", holder);
    await releasePreviousCodes(scope, [customer.codeKey]);
    return this.move(scope, customer, null, CustomerChangeAction.RESTORED);
  }

  /**
   * Erases it with all that belongs to it, its history included.
   * @returns the id that it had
   * @throws NotFoundError where there is no such customer
   * @throws ConflictError where it is not in the trash
   */
  async purge(scope: TenantScope, by: CustomerKey): Promise<string> {
    const { id } = await lockTrashedCustomer(scope, by, ["by"]);
    await forgetMerges(scope, id);
    await scope.delete(Customer, [id]);
    return id;
  }

  private async move(
    scope: TenantScope,
    { id, deletedAt: before, mergedIntoId }: Customer,
    deletedAt: Date | null,
    action: CustomerChangeAction,
  ): Promise<Customer> {
    const [[moved]] = await Promise.all([
      scope.update(Customer, [{ id, deletedAt, mergedIntoId: deletedAt ? mergedIntoId : null }], MOVED),
      recordChanges(scope, [{ customerId: id, action, fields: differences([], { deletedAt: before }, { deletedAt }) }]),
    ]);
    if (!moved) throw new Error("A locked customer can be updated");
    return moved;
  }
}

/** Customers in the trash that were merged into one that goes for good no longer point to it. */
async function forgetMerges(scope: TenantScope, id: string): Promise<void> {
  const p = new Parameters();
  await scope.query(
    `update customers t set merged_into_id = null where t.tenant_id = $1 and t.merged_into_id = ${p.add(id)}::uuid`,
    p,
  );
}
