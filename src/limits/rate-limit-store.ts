import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from "rate-limiter-flexible";
import { createStatementPool } from "../database/statement-pool";
import { RateLimit } from "./rate-limit";
import { type RateLimitOptions } from "./rate-limit-options";

/** A rate limit and the connections that it holds. */
export interface OpenRateLimit {
  readonly rateLimit: RateLimit;
  close(): Promise<void>;
}

/** Counting takes a statement of less than a millisecond. */
const POOL_SIZE = 2;
/** A store that does not answer in this time is away: each gateway counts by itself until it is back. */
const STORE_TIMEOUT_MS = 1000;

const TABLE = "rate_limits";
const KEY_PREFIX = "credential";

/** Opens the store. It need not be there yet, or any more: without it each process counts by itself. */
export async function openRateLimit(options: RateLimitOptions, databaseUrl: string): Promise<OpenRateLimit> {
  const { points, windowSeconds: duration } = options;
  const memory = new RateLimiterMemory({ keyPrefix: KEY_PREFIX, points, duration });
  const shared = {
    keyPrefix: KEY_PREFIX,
    points,
    duration,
    insuranceLimiter: memory,
    // Who has used up everything is refused from memory till the window ends: refusals cost the store nothing.
    inMemoryBlockOnConsumed: points,
  };
  switch (options.store) {
    case "memory":
      return { rateLimit: new RateLimit(points, duration, memory), close: () => Promise.resolve() };
    case "postgres": {
      const pool = createStatementPool({ url: databaseUrl, poolSize: POOL_SIZE, timeoutMs: STORE_TIMEOUT_MS });
      const limiter = new RateLimiterPostgres({
        ...shared,
        storeClient: pool,
        storeType: "pool",
        tableName: TABLE,
        tableCreated: true,
      });
      return { rateLimit: new RateLimit(points, duration, limiter), close: () => pool.end() };
    }
    case "redis": {
      const redis = await connectRedis(options.redisUrl ?? "");
      const limiter = new RateLimiterRedis({ ...shared, storeClient: redis, rejectIfRedisNotReady: true });
      const close = (): Promise<void> => Promise.resolve(redis.disconnect());
      return { rateLimit: new RateLimit(points, duration, limiter), close };
    }
  }
}

/** What is used of a client of the package ioredis. */
interface RedisClient {
  on(event: "error", listener: () => void): unknown;
  disconnect(): void;
}
type RedisModule = { Redis: new (url: string, options: object) => RedisClient };

/** The package is installed by those who use Redis. */
const REDIS_PACKAGE: string = "ioredis";

async function connectRedis(url: string): Promise<RedisClient> {
  let module: RedisModule;
  try {
    module = (await import(REDIS_PACKAGE)) as RedisModule;
  } catch (cause) {
    throw new Error("RATE_LIMIT_STORE=redis needs the package ioredis. Run: npm install ioredis@5", { cause });
  }
  const redis = new module.Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: STORE_TIMEOUT_MS,
    commandTimeout: STORE_TIMEOUT_MS,
  });
  redis.on("error", () => undefined); // it connects again by itself
  return redis;
}
