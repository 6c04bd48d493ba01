import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type CryptoKey,
  type FetchImplementation,
  type JWTHeaderParameters,
} from "jose";

/** The issuer is asked at most this often, whatever is sent to the gateway. */
const FETCH_INTERVAL_MS = 10_000;
/** After this time its keys are fetched anew: one that the issuer has withdrawn is then trusted no more. */
const MAX_AGE_MS = 600_000;
const TIMEOUT_MS = 3000;

/**
 * The public keys of the issuer of tokens. They are kept while the issuer cannot be reached. jose waits between fetches only
 * after one that succeeded, and forgets keys that are too old; so how often and how long are decided here.
 */
export class IssuerKeys {
  private readonly keySet;
  private askedAt = -Infinity;
  private fetchedAt = -Infinity;

  constructor(url: URL) {
    this.keySet = createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: FETCH_INTERVAL_MS,
      cacheMaxAge: Infinity,
      [customFetch]: this.fetchNotTooOften,
    });
  }

  /**
   * The key that a token's header names. One that is not known yet may be new: the keys are then fetched again.
   * @throws JOSEError where there is none; another error where there are no keys, and the issuer cannot be reached
   */
  readonly find = async (header: JWTHeaderParameters): Promise<CryptoKey> => {
    // jose would take the only key there is for a token that names none.
    if (typeof header.kid !== "string" || header.kid === "") throw new errors.JWKSNoMatchingKey();
    if (Date.now() - this.fetchedAt >= MAX_AGE_MS) await this.refresh();
    return this.keySet(header);
  };

  private async refresh(): Promise<void> {
    try {
      await this.keySet.reload();
      this.fetchedAt = Date.now();
    } catch {
      // The keys that are there hold on; where there are none, the next step says so.
    }
  }

  private readonly fetchNotTooOften: FetchImplementation = async (url, options) => {
    if (Date.now() - this.askedAt < FETCH_INTERVAL_MS) throw new Error("The issuer was asked for its keys just now");
    this.askedAt = Date.now();
    return fetch(url, options);
  };
}
