import { createHash, randomBytes } from "node:crypto";
import { compactUuid, expandUuid } from "./compact-uuid";

/** 192 random bits. */
const SECRET_BYTES = 24;
/** `ck_`, the tenant's id in base64url, and the secret in base64url: lengths are fixed, so nothing separates them. */
const TOKEN = /^ck_([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{32})$/;
/** Of the secret, so that a key can be recognised in a list. */
const VISIBLE_CHARACTERS = 6;

/** A token, taken apart. */
export interface ParsedToken {
  readonly tenantId: string;
  readonly hash: Buffer;
}

/** A new token for a tenant, what is stored of it, and what may be shown of it later. */
export function createToken(tenantId: string): { token: string; hash: Buffer; prefix: string } {
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const token = `ck_${compactUuid(tenantId)}${secret}`;
  return { token, hash: hashOf(token), prefix: secret.slice(0, VISIBLE_CHARACTERS) };
}

/** @returns undefined where the text has not the form of a token */
export function parseToken(token: string): ParsedToken | undefined {
  const tenant = TOKEN.exec(token)?.[1];
  if (tenant === undefined) return undefined;
  return { tenantId: expandUuid(tenant), hash: hashOf(token) };
}

/** SHA-256 is enough: the secret has too many bits to be guessed. */
const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();
