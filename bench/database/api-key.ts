import { type Client } from "pg";
import { v7 as uuidv7 } from "uuid";
import { createToken } from "../../src/auth/api-key-token";
import { ALL_SCOPES } from "../../src/auth/scopes";

/** Makes a tenant's API key with every scope. @param client one that goes past row-level security @returns its token */
export async function makeApiKey(client: Client, tenantId: string): Promise<string> {
  const { token, hash, prefix } = createToken(tenantId);
  await client.query(
    "insert into api_keys (tenant_id, id, name, token_prefix, token_hash, scopes) values ($1, $2, 'bench', $3, $4, $5)",
    [tenantId, uuidv7(), prefix, hash, [ALL_SCOPES]],
  );
  return token;
}
