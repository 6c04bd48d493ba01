import { RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import { type Credential } from "../auth/credential";

/** What is left to a credential after a request. */
export interface RateLimitState {
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Until everything is allowed again. */
  readonly resetSeconds: number;
}

/** How much a credential may ask for in a time, wherever that is counted. */
export class RateLimit {
  constructor(
    readonly points: number,
    readonly windowSeconds: number,
    private readonly limiter: RateLimiterAbstract,
  ) {}

  /**
   * Counts a request, also where that is too much.
   * @param cost one that is more than a window allows takes all of an unused window, so that it runs once in each
   */
  async consume({ tenant, id }: Credential, cost: number): Promise<RateLimitState> {
    try {
      return this.state(await this.limiter.consume(`${tenant.id}:${id}`, Math.min(cost, this.points)), false);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return this.state(refusal, true);
      throw refusal;
    }
  }

  private state({ remainingPoints, msBeforeNext }: RateLimiterRes, isExceeded: boolean): RateLimitState {
    const resetSeconds = Math.max(Math.ceil(msBeforeNext / 1000), 1);
    return { isExceeded, remaining: isExceeded ? 0 : remainingPoints, resetSeconds };
  }
}

/**
 * What callers are told of their limit.
 * @see draft-ietf-httpapi-ratelimit-headers-10; Retry-After: RFC 9110, section 10.2.3
 */
export function rateLimitHeaders(limit: RateLimit, state: RateLimitState): readonly (readonly [string, string])[] {
  const { isExceeded, remaining, resetSeconds } = state;
  return [
    ["ratelimit-policy", `"credential";q=${limit.points};w=${limit.windowSeconds}`],
    ["ratelimit", `"credential";r=${remaining};t=${resetSeconds}`],
    ...(isExceeded ? [["retry-after", String(resetSeconds)] as const] : []),
  ];
}
