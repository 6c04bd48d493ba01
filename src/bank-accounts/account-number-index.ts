import { createHmac, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import { type Cipher } from "../encryption/cipher";
import { type SealedColumn } from "../encryption/sealed-column";
import { Parameters } from "../tenancy/parameters";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type TenantScope } from "../tenancy/tenant-scope";

const KEY_BYTES = 32;
/** Tenants whose key is remembered. A key never changes. */
const MAX_REMEMBERED = 10_000;

/**
 * Finds account numbers without reading them: an HMAC-SHA256 of each stands beside its ciphertext. The key is random, each
 * tenant's own, and sealed with the keyring: the same number has another digest in every tenant, and rotating the keyring
 * changes none.
 *
 * A tenant's key is made in a transaction of its own, on a connection beside the pool: what is remembered has been committed.
 */
export class AccountNumberIndex {
  private readonly remembered = new LRUCache<string, Buffer>({ max: MAX_REMEMBERED });

  /** @param database one that no request works with */
  constructor(
    private readonly database: TenantDatabase,
    private readonly cipher: Cipher,
  ) {}

  /** The digest that a number is stored with. */
  async digest(tenantId: string, accountNumber: string): Promise<Buffer> {
    const key = this.remembered.get(tenantId) ?? (await this.database.write(tenantId, (scope) => this.makeKey(scope)));
    this.remembered.set(tenantId, key);
    return hmac(key, accountNumber);
  }

  /** The digest to look for; undefined where no number can have it. */
  async find(tenantId: string, accountNumber: string): Promise<Buffer | undefined> {
    if (normalizeAccountNumber(accountNumber) === "") return undefined;
    const key = this.remembered.get(tenantId) ?? (await this.database.read(tenantId, (scope) => this.readKey(scope)));
    if (!key) return undefined;
    this.remembered.set(tenantId, key);
    return hmac(key, accountNumber);
  }

  private async readKey(scope: TenantScope): Promise<Buffer | undefined> {
    const [stored] = await scope.query<{ ciphertext: Buffer; keyId: string }>(
      `select t.secret_ciphertext as ciphertext, t.secret_key_id as "keyId" from account_number_index_keys t
       where t.tenant_id = $1`,
    );
    return stored && Buffer.from(this.cipher.open(stored, belongsTo(scope.tenantId)), "base64");
  }

  private async makeKey(scope: TenantScope): Promise<Buffer> {
    const found = await this.readKey(scope);
    if (found) return found;
    const key = randomBytes(KEY_BYTES);
    const { ciphertext, keyId } = this.cipher.seal(key.toString("base64"), belongsTo(scope.tenantId));
    const p = new Parameters();
    const made = await scope.query(
      `insert into account_number_index_keys as t (tenant_id, secret_ciphertext, secret_key_id)
       values ($1, ${p.add(ciphertext)}, ${p.add(keyId)}) on conflict (tenant_id) do nothing returning t.tenant_id`,
      p,
    );
    if (made.length > 0) return key;
    const other = await this.readKey(scope); // another process was first, and has committed
    if (!other) throw new Error("A tenant keeps the key of its account numbers");
    return other;
  }
}

/**
 * What is compared of a number: its letters and digits, in upper case. Spaces, hyphens, dots and slashes are how it is
 * written, not what it is.
 */
export function normalizeAccountNumber(accountNumber: string): string {
  return accountNumber
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

const hmac = (key: Buffer, accountNumber: string): Buffer =>
  createHmac("sha256", key).update(normalizeAccountNumber(accountNumber), "utf8").digest();

const belongsTo = (tenantId: string): string => `${tenantId}|account_number_index`;

/** The tenants' keys, as they are sealed. */
export const ACCOUNT_NUMBER_INDEX_KEYS: SealedColumn = {
  table: "account_number_index_keys",
  name: "secret",
  rowKey: "tenant_id",
  identity: [],
  belongsTo,
};
