import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import { v7 as uuidv7 } from "uuid";
import { type Cipher } from "../encryption/cipher";
import { type SealedColumn } from "../encryption/sealed-column";
import { Parameters } from "../tenancy/parameters";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type TenantScope } from "../tenancy/tenant-scope";
import { BELIEVED_MS, MAX_REMEMBERED, type Credential } from "./credential";
import { formatClientId, parseClientId, type ParsedClientId } from "./client-id";
import { SigningClient } from "./signing-client.entity";

const SECRET_BYTES = 32;

/** A client with a secret that was just made: the only time that it is shown. */
export interface CreatedSecret {
  /** What the client sends as x-client-id. */
  readonly id: string;
  readonly secret: string;
}

/** A client as it is checked: whom it stands for, and the secrets that it may sign with. */
export interface KnownClient {
  readonly credential: Credential;
  readonly secrets: readonly string[];
}

/** Makes, lists, revokes and finds clients that sign their requests, and exchanges their secrets. */
export class SigningClientService {
  private readonly remembered = new LRUCache<string, KnownClient>({ max: MAX_REMEMBERED, ttl: BELIEVED_MS });

  constructor(
    private readonly database: TenantDatabase,
    private readonly cipher: Cipher,
  ) {}

  async create(scope: TenantScope, name: string, scopes: readonly string[]): Promise<CreatedSecret> {
    const owner = { tenantId: scope.tenantId, id: uuidv7() };
    const secret = createSecret();
    const { ciphertext, keyId } = this.cipher.seal(secret, belongsTo(owner));
    await scope.add(SigningClient, [
      { id: owner.id, name, scopes: [...scopes], secretCiphertext: ciphertext, secretKeyId: keyId },
    ]);
    return { id: formatClientId(owner), secret };
  }

  list(scope: TenantScope): Promise<SigningClient[]> {
    return scope.select(SigningClient, "c", "where c.tenant_id = $1 order by c.id");
  }

  /**
   * Gives a client a new secret. The one before works on for a while, so that the client can be changed meanwhile; one that
   * is older still stops working.
   * @param id the client's own id, without the tenant
   * @returns undefined where there is no such client that still works
   */
  async rotate(scope: TenantScope, id: string, keepMs: number): Promise<CreatedSecret | undefined> {
    const owner = { tenantId: scope.tenantId, id };
    const secret = createSecret();
    const { ciphertext, keyId } = this.cipher.seal(secret, belongsTo(owner));
    const p = new Parameters();
    const rotated = await scope.query(
      `update signing_clients c
       set previous_secret_ciphertext = c.secret_ciphertext, previous_secret_key_id = c.secret_key_id,
         previous_secret_expires_at = ${p.add(new Date(Date.now() + keepMs))},
         secret_ciphertext = ${p.add(ciphertext)}, secret_key_id = ${p.add(keyId)}
       where c.tenant_id = $1 and c.id = ${p.add(id)} and c.revoked_at is null returning c.id`,
      p,
    );
    return rotated.length > 0 ? { id: formatClientId(owner), secret } : undefined;
  }

  /**
   * @param id the client's own id, without the tenant
   * @returns whether there was such a client that still worked
   */
  async revoke(scope: TenantScope, id: string): Promise<boolean> {
    const p = new Parameters();
    const revoked = await scope.query(
      `update signing_clients c set revoked_at = now()
       where c.tenant_id = $1 and c.id = ${p.add(id)} and c.revoked_at is null returning c.id`,
      p,
    );
    return revoked.length > 0;
  }

  /** The client that a request names; undefined where there is none, or none any more. */
  async find(clientId: string): Promise<KnownClient | undefined> {
    const parsed = parseClientId(clientId);
    if (!parsed) return undefined;
    const known = this.remembered.get(clientId);
    if (known) return known;
    const start = performance.now(); // believed from when it was asked for: the answer may come late
    const row = await this.database.read(parsed.tenantId, (scope) => findRow(scope, parsed.id));
    if (!row) return undefined;
    const { secret, previous, ...credential } = row;
    const sealed = previous.isLive ? [secret, previous] : [secret];
    const secrets = sealed.map(({ ciphertext, keyId }) =>
      this.cipher.open({ ciphertext: Buffer.from(ciphertext, "hex"), keyId }, belongsTo(parsed)),
    );
    const client = { credential, secrets };
    this.remembered.set(clientId, client, { start });
    return client;
  }
}

interface SealedText {
  /** In hexadecimal. */
  readonly ciphertext: string;
  readonly keyId: string;
}

interface ClientRow extends Credential {
  readonly secret: SealedText;
  readonly previous: SealedText & { readonly isLive: boolean };
}

async function findRow(scope: TenantScope, id: string): Promise<ClientRow | undefined> {
  const p = new Parameters();
  const [row] = await scope.query<ClientRow>(
    `select c.id, c.name, c.scopes, json_build_object('id', t.id, 'code', t.code, 'name', t.name) as tenant,
       json_build_object('ciphertext', encode(c.secret_ciphertext, 'hex'), 'keyId', c.secret_key_id) as secret,
       json_build_object('ciphertext', encode(c.previous_secret_ciphertext, 'hex'), 'keyId', c.previous_secret_key_id,
         'isLive', coalesce(c.previous_secret_expires_at > now(), false)) as previous
     from signing_clients c join tenants t on t.id = $1
     where c.tenant_id = $1 and c.id = ${p.add(id)} and c.revoked_at is null`,
    p,
  );
  return row;
}

/** Also the previous secret's: it moves from one column to the other as it is. */
const belongsTo = ({ tenantId, id }: ParsedClientId): string => `${tenantId}|${id}|signing_secret`;

/** Both secrets, as they are sealed. */
export const SIGNING_SECRETS: readonly SealedColumn[] = ["secret", "previous_secret"].map((name) => ({
  table: "signing_clients",
  name,
  rowKey: "id",
  identity: ["id"],
  belongsTo: (tenantId, { id }) => belongsTo({ tenantId, id: id ?? "" }),
}));

const createSecret = (): string => `cs_${randomBytes(SECRET_BYTES).toString("base64url")}`;
