import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A key of the keyring. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Encryption keys; the first is the active one. */
export type Keyring = readonly [EncryptionKey, ...EncryptionKey[]];

/** A text as it is stored. */
export interface Sealed {
  /** A random 96-bit nonce, the ciphertext, the tag. */
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

/**
 * Encrypts texts with AES-256-GCM. What a text belongs to is associated data: its ciphertext is worth nothing elsewhere. New
 * texts take the first key, old ones are read with the key that they name.
 * @see NIST SP 800-38D
 */
export class Cipher {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly active: EncryptionKey;

  constructor(keyring: Keyring) {
    this.active = keyring[0];
    this.keys = new Map(keyring.map(({ id, key }) => [id, key]));
  }

  seal(text: string, belongsTo: string): Sealed {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.active.key, iv).setAAD(Buffer.from(belongsTo, "utf8"));
    const ciphertext = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return { ciphertext, keyId: this.active.id };
  }

  /** The key that new texts are sealed with. */
  get activeKeyId(): string {
    return this.active.id;
  }

  /** Whether texts under a key can be read. */
  hasKey(id: string): boolean {
    return this.keys.has(id);
  }

  /** @throws Error where the key is not in the keyring, or the text belongs to something else */
  open({ ciphertext, keyId }: Sealed, belongsTo: string): string {
    const key = this.keys.get(keyId);
    if (!key) throw new Error(`The encryption key ${keyId} is not in ENCRYPTION_KEYS`);
    const decipher = createDecipheriv(ALGORITHM, key, ciphertext.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(belongsTo, "utf8"))
      .setAuthTag(ciphertext.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(ciphertext.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString(
      "utf8",
    );
  }
}
