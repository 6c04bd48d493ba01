import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type IncomingHttpHeaders } from "node:http";

const TIMESTAMP = /^\d{10}$/;
/** HMAC-SHA256 in lower case: one form only, so that a signature cannot come again in another. */
const SIGNATURE = /^[0-9a-f]{64}$/;

/** What a signed request says before its body. */
export interface SignedHead {
  readonly clientId: string;
  /** Seconds since 1970 in ten digits, as they came. */
  readonly timestamp: string;
  readonly signature: string;
  readonly method: string;
  /** Path and query as they were requested. */
  readonly path: string;
}

/** Whether any of a signed request's headers is there. */
export function isSigned(headers: IncomingHttpHeaders): boolean {
  const { "x-client-id": clientId, "x-timestamp": timestamp, "x-signature": signature } = headers;
  return clientId !== undefined || timestamp !== undefined || signature !== undefined;
}

/** @returns undefined where the headers are not all there, or timestamp or signature have another form */
export function readSignedHead(
  headers: IncomingHttpHeaders,
  { method, path }: Pick<SignedHead, "method" | "path">,
): SignedHead | undefined {
  const { "x-client-id": clientId, "x-timestamp": timestamp, "x-signature": signature } = headers;
  if (typeof clientId !== "string" || typeof timestamp !== "string" || typeof signature !== "string") return undefined;
  if (!TIMESTAMP.test(timestamp) || !SIGNATURE.test(signature)) return undefined;
  return { clientId, timestamp, signature, method, path };
}

/** Whether one of the secrets has made the signature. */
export function isSignedWith(secrets: readonly string[], head: SignedHead, body: Buffer): boolean {
  const text = canonicalForm(head, body);
  const given = Buffer.from(head.signature, "hex");
  return secrets.map((secret) => timingSafeEqual(hmac(secret, text), given)).includes(true);
}

/** By which a signature that was used is known again. */
export function hashOfSignature({ clientId, signature }: SignedHead): Buffer {
  return createHash("sha256").update(`${clientId}:${signature}`).digest();
}

/** What is signed. docs/authentication.md tells it to those who write clients. */
function canonicalForm({ clientId, timestamp, method, path }: SignedHead, body: Buffer): string {
  const bodyHash = createHash("sha256").update(body).digest("hex");
  return `v1\n${clientId}\n${timestamp}\n${method}\n${path}\n${bodyHash}`;
}

const hmac = (secret: string, text: string): Buffer => createHmac("sha256", secret).update(text).digest();
