/** Where it is counted what credentials ask for. */
export const RATE_LIMIT_STORES = ["memory", "postgres", "redis"] as const;

/** How much each credential may ask for, and where that is counted. */
export interface RateLimitOptions {
  readonly points: number;
  readonly windowSeconds: number;
  /** In this process alone, or for all gateways together. */
  readonly store: (typeof RATE_LIMIT_STORES)[number];
  /** Needed for the store redis. */
  readonly redisUrl: string | undefined;
}
