import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { DeletionBlocker, DeletionBlockerKind } from "./deletion";

/** Which rows block, by kind; each condition has its partial index. */
const BLOCKING = [
  { kind: DeletionBlockerKind.ACTIVE_WORK_ORDER, table: "work_orders", condition: "t.is_active" },
  { kind: DeletionBlockerKind.ACTIVE_CONTRACT, table: "contracts", condition: "t.status = 'ACTIVE'" },
  { kind: DeletionBlockerKind.PENDING_INVOICE, table: "invoices", condition: "t.status = 'PENDING'" },
] as const;

/** What is in the way of deleting each customer, in one statement; customers with nothing are not in the answer. */
export async function readBlockersByCustomer(
  scope: TenantScope,
  customerIds: readonly string[],
): Promise<Map<string, DeletionBlocker[]>> {
  const p = new Parameters();
  const ids = p.add(customerIds);
  const rows = await scope.query<{ customerId: string; kind: DeletionBlockerKind; count: number; ids: string[] }>(
    BLOCKING.map(
      ({ kind, table, condition }) =>
        `select t.customer_id as "customerId", '${kind}' as kind, count(*)::int as count,
           (array_agg(t.id order by t.id))[1:10]::text[] as ids
         from ${table} t where t.tenant_id = $1 and t.customer_id = any(${ids}::uuid[]) and ${condition}
         group by t.customer_id`,
    ).join("\nunion all\n"),
    p,
  );
  const blockers = new Map<string, DeletionBlocker[]>();
  for (const { customerId, kind, count, ids: first } of rows) {
    blockers.set(customerId, [...(blockers.get(customerId) ?? []), new DeletionBlocker(kind, count, first)]);
  }
  return blockers;
}
