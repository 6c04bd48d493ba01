import { Parameters } from "../tenancy/parameters";
import { type TenantDatabase } from "../tenancy/tenant-database";

/** Old signatures removed beside each new one, at most. */
const PRUNED_AT_ONCE = 100;

/**
 * Which signatures were accepted already, by whichever server of the database. They are kept in a transaction of their own
 * that ends before the operation begins: in the operation's, a mutation that fails would take the signature back with its
 * effect, a read could not write, and who sends a signature again would wait for the first to end.
 */
export class UsedSignatures {
  constructor(
    private readonly database: TenantDatabase,
    /** How far a signature's time may be from now, in seconds. */
    private readonly windowSeconds: number,
  ) {}

  /** @returns false where the signature was used before */
  claim(tenantId: string, hash: Buffer, signedAt: Date): Promise<boolean> {
    return this.database.write(tenantId, async (scope) => {
      const p = new Parameters();
      const claimed = scope.query(
        `insert into used_signatures as u (tenant_id, signature_hash, signed_at)
         values ($1, ${p.add(hash)}, ${p.add(signedAt)})
         on conflict (tenant_id, signature_hash) do nothing returning u.signature_hash`,
        p,
      );
      // Beside it rather than in the background: what nobody waits for can fail unseen. Who prunes at the same time takes
      // other rows.
      const q = new Parameters();
      const pruned = scope.query(
        `delete from used_signatures u where u.tenant_id = $1 and u.signature_hash in (
           select o.signature_hash from used_signatures o
           where o.tenant_id = $1 and o.signed_at < ${q.add(new Date(Date.now() - 2 * this.windowSeconds * 1000))}
           limit ${PRUNED_AT_ONCE} for update skip locked)`,
        q,
      );
      const [rows] = await Promise.all([claimed, pruned]);
      return rows.length > 0;
    });
  }
}
