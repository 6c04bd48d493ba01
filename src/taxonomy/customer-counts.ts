import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";

/**
 * How many customers, not in the trash, carry each term; terms that nobody carries are not in the answer.
 * @param column the customers' column that names a term of the kind
 */
export async function readCustomerCounts(
  scope: TenantScope,
  column: string,
  termIds: readonly string[],
): Promise<Map<string, number>> {
  const p = new Parameters();
  const rows = await scope.query<{ termId: string; count: number }>(
    `select c.${column} as "termId", count(*)::int as count from customers c
     where c.tenant_id = $1 and c.${column} = any(${p.add(termIds)}::uuid[]) and not c.is_trashed
     group by c.${column}`,
    p,
  );
  return new Map(rows.map(({ termId, count }) => [termId, count]));
}

/** SQL for how many customers, not in the trash, carry the term of a row. @param column as above */
export function customerCountSql(term: string, column: string): string {
  return `(select count(*)::int from customers k where k.tenant_id = $1 and k.${column} = ${term}.id and not k.is_trashed)`;
}
