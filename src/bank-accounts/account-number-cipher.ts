import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VISIBLE = 4;

/** A key of the keyring. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The row that a number belongs to: bound to the ciphertext, which is worth nothing in another row or tenant. */
export interface AccountNumberOwner {
  readonly tenantId: string;
  readonly accountId: string;
}

/** An account number as it is stored. */
export interface SealedAccountNumber {
  readonly accountNumberCiphertext: Buffer;
  readonly accountNumberKeyId: string;
  readonly accountNumberLastFour: string;
  readonly accountNumberLength: number;
}

/**
 * Encrypts account numbers with AES-256-GCM: a random 96-bit nonce, then ciphertext, then tag; tenant and row are
 * associated data. New numbers take the first key, old ones are read with the key that they name.
 * @see NIST SP 800-38D
 */
export class AccountNumberCipher {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly active: EncryptionKey;

  /** @param keyring the first key is the active one */
  constructor(keyring: readonly [EncryptionKey, ...EncryptionKey[]]) {
    this.active = keyring[0];
    this.keys = new Map(keyring.map(({ id, key }) => [id, key]));
  }

  seal(accountNumber: string, owner: AccountNumberOwner): SealedAccountNumber {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.active.key, iv).setAAD(associatedData(owner));
    const sealed = Buffer.concat([iv, cipher.update(accountNumber, "utf8"), cipher.final(), cipher.getAuthTag()]);
    const characters = [...accountNumber];
    return {
      accountNumberCiphertext: sealed,
      accountNumberKeyId: this.active.id,
      accountNumberLastFour: characters.length > VISIBLE ? characters.slice(-VISIBLE).join("") : "",
      accountNumberLength: characters.length,
    };
  }

  /** @throws Error where the key is not in the keyring, or the row is not the one it was sealed for */
  open(sealed: SealedAccountNumber, owner: AccountNumberOwner): string {
    const key = this.keys.get(sealed.accountNumberKeyId);
    if (!key) throw new Error(`The encryption key ${sealed.accountNumberKeyId} is not in ENCRYPTION_KEYS`);
    const bytes = sealed.accountNumberCiphertext;
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES))
      .setAAD(associatedData(owner))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString("utf8");
  }
}

/** What may be seen of a number: its last four characters; nothing of one with four or fewer. */
export function maskAccountNumber({
  accountNumberLastFour: lastFour,
  accountNumberLength: length,
}: Pick<SealedAccountNumber, "accountNumberLastFour" | "accountNumberLength">): string {
  return "*".repeat(length - [...lastFour].length) + lastFour;
}

const associatedData = ({ tenantId, accountId }: AccountNumberOwner): Buffer =>
  Buffer.from(`${tenantId}|${accountId}|account_number`, "utf8");
