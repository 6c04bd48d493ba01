import { Pool } from "pg";

export interface StatementPoolOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** How long a statement may wait for a connection, and then take. */
  readonly timeoutMs: number;
}

/**
 * Connections for statements that are no tenant's and stand alone, beside those of the requests: they wait for no request, and no
 * request waits for two connections. A statement that takes too long loses its connection; within a transaction that would leave
 * it open, see TenantDatabase for those.
 */
export function createStatementPool({ url, poolSize, timeoutMs }: StatementPoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: "clientele",
    max: poolSize,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  pool.on("error", () => undefined); // an idle connection was lost; the pool makes another
  return pool;
}
