import { type ArgumentPath } from "../errors/domain-errors";
import { type Condition } from "../pagination/list";
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
