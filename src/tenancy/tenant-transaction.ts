import { type Pool, type PoolClient, type QueryResultRow } from "pg";

/** How long the database lets a transaction's parts take, in milliseconds. */
export interface TimeLimits {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Called once for each statement that a scope runs, before it runs; BEGIN, set_tenant and COMMIT are not told. */
export type StatementListener = (sql: string, values: readonly unknown[]) => void;

/** How a transaction begins. Reads see one state of the database throughout; writes lock the rows they decide on. */
export const READ_ONLY = "begin isolation level repeatable read read only";
export const READ_WRITE = "begin";

/**
 * One transaction of one tenant on one connection. It takes the connection with its first statement and sends BEGIN,
 * set_tenant and that statement together; what never reads takes none.
 */
export class TenantTransaction {
  private connection: Promise<PoolClient> | undefined;
  private opening: Promise<unknown> | undefined;
  private failure: Error | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly begin: string,
    private readonly tenantId: string,
    private readonly limits: TimeLimits,
    private readonly onStatement: StatementListener,
  ) {}

  /** Statements may be asked for at the same time: the connection works them off in order. */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (this.failure) throw this.failure;
    this.onStatement(text, values);
    try {
      const client = await (this.connection ??= this.open());
      const [result] = await Promise.all([client.query<QueryResultRow>(text, [...values]), this.opening]);
      return result.rows as Row[];
    } catch (error) {
      // The first failure is the one to tell: after it the database refuses every statement of the transaction.
      this.failure ??= error instanceof Error ? error : new Error(String(error));
      throw this.failure;
    }
  }

  /** The failure of the database that ended the transaction: nothing that was read or written after it holds. */
  get failed(): Error | undefined {
    return this.failure;
  }

  async commit(): Promise<void> {
    if (this.failure) {
      await this.rollback();
      throw this.failure;
    }
    await this.end("commit");
  }

  async rollback(): Promise<void> {
    await this.end("rollback").catch(() => undefined); // the connection is destroyed, which rolls back as well
  }

  private async open(): Promise<PoolClient> {
    const client = await this.pool.connect();
    client.on("error", toldByItsQuery);
    const { statementTimeoutMs, lockTimeoutMs, idleTimeoutMs } = this.limits;
    this.opening = Promise.all([
      client.query(this.begin),
      client.query("select set_tenant($1, $2, $3, $4)", [
        this.tenantId,
        statementTimeoutMs,
        lockTimeoutMs,
        idleTimeoutMs,
      ]),
    ]);
    this.opening.catch(() => undefined); // told to whoever waits for the first statement
    return client;
  }

  private async end(statement: "commit" | "rollback"): Promise<void> {
    if (!this.connection) return;
    const client = await this.connection;
    this.connection = undefined;
    let command: string;
    try {
      ({ command } = await client.query(statement));
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.off("error", toldByItsQuery);
    client.release();
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, not with an error.
    if (statement === "commit" && command !== "COMMIT")
      throw new Error("The transaction was rolled back at its commit");
  }
}

/** A connection that is cut fails its query, and says so as an event too, which would end the process if nobody listened. */
function toldByItsQuery(): void {
  // nothing to do
}
