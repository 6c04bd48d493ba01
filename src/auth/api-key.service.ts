import { LRUCache } from "lru-cache";
import { v7 as uuidv7 } from "uuid";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { isUuid } from "../validation/uuid";
import { ApiKey } from "./api-key.entity";
import { createToken, parseToken } from "./api-key-token";
import { BELIEVED_MS, MAX_REMEMBERED, type Credential } from "./credential";

/** A key that was just made: the only time its token is known. */
export interface CreatedApiKey {
  readonly id: string;
  readonly token: string;
}

/** Makes, lists, revokes and checks API keys. */
export class ApiKeyService {
  /** By token: finding one again takes no hash. Nothing but this process's memory, where tokens come in anyway, holds them. */
  private readonly remembered = new LRUCache<string, Credential>({ max: MAX_REMEMBERED, ttl: BELIEVED_MS });

  constructor(private readonly database: TenantDatabase) {}

  async create(scope: TenantScope, name: string, scopes: readonly string[]): Promise<CreatedApiKey> {
    const { token, hash, prefix } = createToken(scope.tenantId);
    const id = uuidv7();
    await scope.insert(ApiKey, [
      { id, name, scopes: [...scopes], tokenHash: hash, tokenPrefix: prefix, revokedAt: null },
    ]);
    return { id, token };
  }

  list(scope: TenantScope): Promise<ApiKey[]> {
    return scope.select(ApiKey, "k", "where k.tenant_id = $1 order by k.id");
  }

  /** @returns whether there was such a key that still worked */
  async revoke(scope: TenantScope, id: string): Promise<boolean> {
    if (!isUuid(id)) return false;
    const p = new Parameters();
    const revoked = await scope.query(
      `update api_keys k set revoked_at = now() where k.tenant_id = $1 and k.id = ${p.add(id)} and k.revoked_at is null returning k.id`,
      p,
    );
    return revoked.length > 0;
  }

  /** The credential that a token proves, at once where it is believed from before; undefined for every reason that it does not. */
  authenticate(token: string): Credential | Promise<Credential | undefined> {
    return this.remembered.get(token) ?? this.lookUp(token);
  }

  private async lookUp(token: string): Promise<Credential | undefined> {
    const parsed = parseToken(token);
    if (!parsed) return undefined;
    const start = performance.now(); // believed from when it was asked for: the answer may come late
    const credential = await this.database.read(parsed.tenantId, (scope) => findCredential(scope, parsed.hash));
    if (credential) this.remembered.set(token, credential, { start });
    return credential;
  }
}

async function findCredential(scope: TenantScope, hash: Buffer): Promise<Credential | undefined> {
  const p = new Parameters();
  const [credential] = await scope.query<Credential>(
    `select k.id, k.name, k.scopes, json_build_object('id', t.id, 'code', t.code, 'name', t.name) as tenant
     from api_keys k join tenants t on t.id = $1
     where k.tenant_id = $1 and k.token_hash = ${p.add(hash)} and k.revoked_at is null`,
    p,
  );
  return credential;
}
