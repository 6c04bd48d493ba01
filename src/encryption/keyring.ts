import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type EncryptionKey, type Keyring } from "./cipher";

const KEY_BYTES = 32;
const FILE = "encryption-keys";

/**
 * Reads `<key id>:<32 bytes in base64>`, comma-separated, the first being the active one.
 * @throws Error that says what is wrong, and no key
 */
export function parseKeyring(text: string): Keyring {
  const keys = text.split(",").map((entry): EncryptionKey => {
    const [, id, encoded] = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/=_-]+)\s*$/.exec(entry) ?? [];
    const key = Buffer.from(encoded ?? "", "base64");
    if (id === undefined || key.length !== KEY_BYTES) {
      throw new Error(
        "ENCRYPTION_KEYS must be <key id>:<32 bytes in base64>, several separated by commas; make one with: openssl rand -base64 32",
      );
    }
    return { id, key };
  });
  const [active, ...older] = keys;
  if (!active) throw new Error("ENCRYPTION_KEYS must name a key");
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Error("ENCRYPTION_KEYS names a key id twice");
  return [active, ...older];
}

/** Where {@link localKeyring} keeps its keys. */
export const localKeyringFile = (dir: string): string => path.join(dir, FILE);

/** The keyring kept in a folder; undefined where it has none. */
export function findLocalKeyring(dir: string): Keyring | undefined {
  const file = localKeyringFile(dir);
  return fs.existsSync(file) ? parseKeyring(fs.readFileSync(file, "utf8").trim()) : undefined;
}

/** The keyring kept in a folder, made there when it is missing: for development, where nobody has set one. */
export function localKeyring(dir: string): Keyring {
  const file = localKeyringFile(dir);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(dir, { recursive: true });
    try {
      // An id of its own: a key that was lost is then missing, and not taken for the one that was made in its place.
      const id = `local-${randomBytes(4).toString("hex")}`;
      fs.writeFileSync(file, `${id}:${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process has just made it
    }
  }
  return parseKeyring(fs.readFileSync(file, "utf8").trim());
}
