import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { type Cipher } from "../encryption/cipher";
import { type SealedColumn } from "../encryption/sealed-column";
import { BadUserInputError, ConflictError } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";

/** How long an answer is kept. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** Old answers removed beside each new one, at most. */
const PRUNED_AT_ONCE = 100;

/** A mutation that its caller may send again: the key of the caller's choice, and what was asked. */
export interface RetriableRequest {
  readonly key: string;
  readonly hash: Buffer;
}

/** @throws BadUserInputError where the header is no key */
export function retriableRequest(key: string, request: readonly unknown[]): RetriableRequest {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw BadUserInputError.at([], "INVALID_IDEMPOTENCY_KEY");
  return { key, hash: createHash("sha256").update(JSON.stringify(request)).digest() };
}

/**
 * Answers a mutation that is sent again as it was answered first. The answer is stored in the transaction of the effect: it
 * is there exactly when the effect is. What failed had no effect and is tried anew.
 */
export class IdempotencyKeys {
  constructor(private readonly cipher: Cipher) {}

  /**
   * The stored answer; undefined where this request is the first, and claims the key. Where the first is still running, waits
   * for it.
   * @throws ConflictError where the key was used for another request
   */
  async claim(scope: TenantScope, { key, hash }: RetriableRequest): Promise<string | undefined> {
    const { id: credentialId } = scope.actor;
    const expired = new Date(Date.now() - KEPT_MS);
    const p = new Parameters();
    const claimed = await scope.query(
      `insert into idempotency_keys as t (tenant_id, id, credential_id, key, request_hash)
       values ($1, ${p.add(uuidv7())}, ${p.add(credentialId)}, ${p.add(key)}, ${p.add(hash)})
       on conflict (tenant_id, credential_id, key) do update
         set request_hash = excluded.request_hash, answer_ciphertext = null, answer_key_id = null, created_at = excluded.created_at
         where t.created_at < ${p.add(expired)}
       returning t.id`,
      p,
    );
    if (claimed.length > 0) {
      await prune(scope, expired);
      return undefined;
    }
    const q = new Parameters();
    const [earlier] = await scope.query<{ hash: Buffer; ciphertext: Buffer; keyId: string }>(
      `select t.request_hash as hash, t.answer_ciphertext as ciphertext, t.answer_key_id as "keyId" from idempotency_keys t
       where t.tenant_id = $1 and t.credential_id = ${q.add(credentialId)} and t.key = ${q.add(key)}`,
      q,
    );
    if (!earlier) throw new ConflictError("TRY_AGAIN");
    if (!earlier.hash.equals(hash)) throw new ConflictError("IDEMPOTENCY_KEY_REUSED");
    return this.cipher.open(earlier, belongsTo(scope.tenantId, credentialId, key));
  }

  /** Keeps the answer of the request that claimed the key. */
  async store(scope: TenantScope, { key }: RetriableRequest, answer: string): Promise<void> {
    const { ciphertext, keyId } = this.cipher.seal(answer, belongsTo(scope.tenantId, scope.actor.id, key));
    const p = new Parameters();
    await scope.query(
      `update idempotency_keys t set answer_ciphertext = ${p.add(ciphertext)}, answer_key_id = ${p.add(keyId)}
       where t.tenant_id = $1 and t.credential_id = ${p.add(scope.actor.id)} and t.key = ${p.add(key)}`,
      p,
    );
  }
}

const belongsTo = (tenantId: string, credentialId: string | null, key: string): string =>
  `${tenantId}|${credentialId}|${key}|answer`;

/** Stored answers, as they are sealed. */
export const STORED_ANSWERS: SealedColumn = {
  table: "idempotency_keys",
  name: "answer",
  rowKey: "id",
  identity: ["credential_id", "key"],
  belongsTo: (tenantId, { credential_id: credentialId = null, key }) => belongsTo(tenantId, credentialId, key ?? ""),
};

/** Who prunes at the same time takes other rows. */
async function prune(scope: TenantScope, expired: Date): Promise<void> {
  const p = new Parameters();
  await scope.query(
    `delete from idempotency_keys t where t.tenant_id = $1 and t.id in (
       select o.id from idempotency_keys o where o.tenant_id = $1 and o.created_at < ${p.add(expired)}
       limit ${PRUNED_AT_ONCE} for update skip locked)`,
    p,
  );
}
