import { createHash } from "node:crypto";
import { errors, jwtVerify, type JWTPayload } from "jose";
import { LRUCache } from "lru-cache";
import { v5 as uuidv5 } from "uuid";
import { UnauthenticatedError } from "../errors/domain-errors";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { codeKey, hasControlCharacters, isCleanText } from "../text/text";
import { isUuid } from "../validation/uuid";
import { BELIEVED_MS, MAX_REMEMBERED, type Credential } from "./credential";
import { IssuerKeys } from "./issuer-keys";
import { isScope } from "./scopes";

/** Which tokens are accepted. */
export interface JwtOptions {
  /** Where the issuer's public keys are. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** The claim that holds the tenant's id or code. */
  readonly tenantClaim: string;
  /** The claim that holds the scopes. */
  readonly scopeClaim: string;
}

/** How far the issuer's clock may be from this one. */
const CLOCK_SKEW_SECONDS = 30;
const MAX_CLAIM_LENGTH = 200;
/** Of the ids that are made from issuer and subject. */
const SUBJECTS = "8f6e1c1a-0a35-4d0b-9a6e-4f6f4f3c2d51";

/** Checks JSON Web Tokens of one issuer. @see RFC 7519, RFC 8725 */
export class JwtChecker {
  private readonly keys: IssuerKeys;
  private readonly remembered = new LRUCache<string, Credential>({ max: MAX_REMEMBERED });

  constructor(
    private readonly database: TenantDatabase,
    private readonly options: JwtOptions,
  ) {
    this.keys = new IssuerKeys(new URL(options.jwksUrl));
  }

  /** @throws UnauthenticatedError for every reason that the token proves nothing */
  async authenticate(token: string): Promise<Credential> {
    const key = createHash("sha256").update(token).digest("base64url");
    const known = this.remembered.get(key);
    if (known) return known;
    const claims = await this.verify(token);
    const credential = await this.credentialOf(claims);
    const ttl = Math.min(BELIEVED_MS, (claims.exp ?? 0) * 1000 - Date.now());
    if (ttl > 0) this.remembered.set(key, credential, { ttl });
    return credential;
  }

  private async verify(token: string): Promise<JWTPayload> {
    const { issuer, audience, algorithms } = this.options;
    try {
      const { payload } = await jwtVerify(token, this.keys.find, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: CLOCK_SKEW_SECONDS,
        requiredClaims: ["exp"],
      });
      return payload;
    } catch (error) {
      throw new UnauthenticatedError(error instanceof errors.JOSEError ? reasonOf(error) : "jwks_unreachable");
    }
  }

  private async credentialOf(claims: JWTPayload): Promise<Credential> {
    const { sub } = claims;
    if (!isName(sub)) throw new UnauthenticatedError("jwt_subject");
    const tenant = await this.findTenant(claims[this.options.tenantClaim]);
    if (!tenant) throw new UnauthenticatedError("jwt_tenant");
    return {
      // Histories and answers that are kept for a retry go by the credential's id, a UUID.
      id: uuidv5(JSON.stringify([this.options.issuer, sub]), SUBJECTS),
      name: sub,
      scopes: scopesIn(claims[this.options.scopeClaim]),
      tenant,
    };
  }

  /** @param claim an id or a code; what has the form of an id is no code */
  private async findTenant(claim: unknown): Promise<Credential["tenant"] | undefined> {
    if (!isName(claim)) return undefined;
    const id = isUuid(claim) ? claim : await this.database.findTenantId(codeKey(claim));
    if (id === undefined) return undefined;
    const [tenant] = await this.database.read(id, (scope) =>
      scope.query<Credential["tenant"]>("select t.id, t.code, t.name from tenants t where t.id = $1"),
    );
    return tenant;
  }
}

/** ERR_JWT_EXPIRED is jwt_expired. */
const reasonOf = ({ code }: errors.JOSEError): string => code.replace(/^ERR_/, "").toLowerCase();

/** Whether a claim is a text that may stand in a list of names, and in the database. */
function isName(claim: unknown): claim is string {
  return (
    typeof claim === "string" &&
    claim.trim() !== "" &&
    claim.length <= MAX_CLAIM_LENGTH &&
    isCleanText(claim) &&
    !hasControlCharacters(claim)
  );
}

/** The scopes in a text with spaces between them, or in a list. What is no scope here is another system's. */
function scopesIn(claim: unknown): string[] {
  const named: unknown[] = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return [...new Set(named.filter((scope) => typeof scope === "string").filter(isScope))];
}
