import { type FieldChange } from "./customer-change.entity";
import { differences } from "./record-changes";

/** Columns that say nothing of their own: keys and forms that follow from others, and when. */
const UNTOLD = /^(tenantId|id|customerId|createdAt|updatedAt|searchText|\w+Key|\w+Folded)$/;

/**
 * What changed in a record that belongs to a customer.
 * @param list how the customer's field of such records is called: workOrders
 * @param before undefined where the record is new
 * @param after undefined where it is gone
 */
export function recordDifferences(
  list: string,
  before: { readonly id: string } | undefined,
  after: { readonly id: string } | undefined,
): FieldChange[] {
  return differences([list, (before ?? after)?.id ?? ""], told(before), told(after));
}

function told(record: object | undefined): object | undefined {
  return record && Object.fromEntries(Object.entries(record).filter(([name]) => !UNTOLD.test(name)));
}
