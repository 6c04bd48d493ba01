import { Parameters } from "../tenancy/parameters";
import { type TenantDatabase } from "../tenancy/tenant-database";

/** What has codes that the server can assign. */
export type NumberedKind = "customer" | "asset" | "work_order" | "contract" | "invoice";

/** Numbers start after this one: C-10001. */
const BEFORE_FIRST = 10_000;

/**
 * Gives out the numbers of assigned codes, each once. A number is taken in a short transaction of its own, so that no
 * create waits until another has committed; what is rolled back leaves a gap.
 *
 * That transaction has a connection of its own, beside the pool: a request that already holds one would otherwise wait for
 * a second. It needs no wait for the disk: a later commit, which waits, writes everything before it.
 */
export class CodeNumbers {
  /** @param database one that no request works with */
  constructor(private readonly database: TenantDatabase) {}

  /** The next numbers. */
  async take(tenantId: string, kind: NumberedKind, count: number): Promise<number[]> {
    return this.database.write(tenantId, async (scope) => {
      const p = new Parameters();
      await scope.control("set local synchronous_commit = off");
      const [row] = await scope.query<{ last: string }>(
        `insert into code_counters as t (tenant_id, kind, last_number)
         values ($1, ${p.add(kind)}, ${p.add(BEFORE_FIRST)}::bigint + ${p.add(count)}::bigint)
         on conflict (tenant_id, kind) do update set last_number = t.last_number + $4::bigint
         returning t.last_number as last`,
        p,
      );
      return upTo(Number(row?.last), count);
    });
  }

  /** The numbers that {@link take} would give now; they are not taken. */
  async peek(tenantId: string, kind: NumberedKind, count: number): Promise<number[]> {
    return this.database.read(tenantId, async (scope) => {
      const p = new Parameters();
      const [row] = await scope.query<{ last: string }>(
        `select t.last_number as last from code_counters t where t.tenant_id = $1 and t.kind = ${p.add(kind)}`,
        p,
      );
      return upTo(Number(row?.last ?? BEFORE_FIRST) + count, count);
    });
  }
}

const upTo = (last: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => last - count + 1 + index);
