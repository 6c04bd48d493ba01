import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { DeletionBlocker, DeletionBlockerKind } from "./deletion";

/** Which rows block, by kind; each condition has its partial index. */
const BLOCKING = [
  { kind: DeletionBlockerKind.ACTIVE_WORK_ORDER, table: "work_orders", condition: "t.is_active" },
  { kind: DeletionBlockerKind.ACTIVE_CONTRACT, table: "contracts", condition: "t.status = 'ACTIVE'" },
  { kind: DeletionBlockerKind.PENDING_INVOICE, table: "invoices", condition: "t.status = 'PENDING'" },
] as const;

/** How many ids are told of each kind. */
const TOLD_IDS = 10;

/** One kind of thing in the way of deleting a customer, as SQL reads it. */
export interface BlockerRow {
  readonly kind: DeletionBlockerKind;
  readonly count: number;
  readonly ids: string[];
}

/** The kinds that are in the way of deleting customers, one after another: selected with `more` in front. */
function blockerRows(more: string, ofCustomers: string, rest: string): string {
  return BLOCKING.map(
    ({ kind, table, condition }) =>
      `select ${more}'${kind}' as kind, count(*)::int as count,
         (array_agg(t.id order by t.id))[1:${TOLD_IDS}]::text[] as ids
       from ${table} t where t.tenant_id = $1 and t.customer_id ${ofCustomers} and ${condition} ${rest}`,
  ).join("\nunion all\n");
}

/** SQL for what is in the way of deleting the customer of a row, as JSON: a list of {@link BlockerRow}. */
export function blockersSql(customer: string): string {
  const rows = blockerRows("", `= ${customer}.id`, "having count(*) > 0");
  return `(select coalesce(json_agg(b), '[]'::json) from (${rows}) b)`;
}

/** What is in the way of deleting each customer, in one statement; customers with nothing are not in the answer. */
export async function readBlockersByCustomer(
  scope: TenantScope,
  customerIds: readonly string[],
): Promise<Map<string, DeletionBlocker[]>> {
  const p = new Parameters();
  const ofCustomers = `= any(${p.add(customerIds)}::uuid[])`;
  const rows = await scope.query<BlockerRow & { customerId: string }>(
    blockerRows(`t.customer_id as "customerId", `, ofCustomers, "group by t.customer_id"),
    p,
  );
  const blockers = new Map<string, DeletionBlocker[]>();
  for (const { customerId, ...row } of rows) {
    blockers.set(customerId, [...(blockers.get(customerId) ?? []), ...toBlockers([row])]);
  }
  return blockers;
}

export function toBlockers(rows: readonly BlockerRow[]): DeletionBlocker[] {
  return rows.map(({ kind, count, ids }) => new DeletionBlocker(kind, count, ids));
}
