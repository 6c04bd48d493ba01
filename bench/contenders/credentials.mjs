import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

const BELIEVED_MS = 3000;

/**
 * Who asks, by the API key in `Authorization: Bearer ck_…`. A key that was found is believed for 3 s, as Clientele does.
 * @param pool of the package pg
 * @returns a function from a request's Authorization header to `{ tenantId, id, name }`, undefined where there is none
 */
export function credentialChecker(pool) {
  const known = new Map();
  return async (authorization) => {
    const token = /^Bearer (ck_\S+)$/.exec(authorization ?? "")?.[1];
    if (token === undefined) return undefined;
    const entry = known.get(token);
    if (entry && entry.until > Date.now()) return entry.credential;
    const credential = await find(pool, token);
    if (credential) known.set(token, { credential, until: Date.now() + BELIEVED_MS });
    return credential;
  };
}

async function find(pool, token) {
  // A key begins with its tenant: 16 bytes in base64url.
  const tenantId = Buffer.from(token.slice(3, 25), "base64url").toString("hex");
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_tenant($1)", [tenantId]);
    const { rows } = await client.query(
      `select tenant_id as "tenantId", id, name from api_keys
       where tenant_id = $1 and token_hash = $2 and revoked_at is null`,
      [tenantId, createHash("sha256").update(token).digest()],
    );
    return rows[0];
  } finally {
    await client.query("rollback");
    client.release();
  }
}
