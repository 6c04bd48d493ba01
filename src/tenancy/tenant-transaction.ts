import { type Pool, type PoolClient, type QueryResult } from "pg";
import { destroy, type ConnectionTrust } from "../database/connection-trust";
import { asError } from "../errors/as-error";
import { type Statements } from "./statements";

/** How long the database lets a transaction's parts take, in milliseconds. */
export interface TimeLimits {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/**
 * Called once for each statement that a scope runs, before it runs; BEGIN, set_tenant and COMMIT are not told.
 * @param isKept whether it is kept prepared, with one plan for all values
 */
export type StatementListener = (sql: string, values: readonly unknown[], isKept: boolean) => void;

/** How a transaction begins. Reads see one state of the database throughout; writes lock the rows they decide on. */
export const READ_ONLY = "begin isolation level repeatable read read only";
export const READ_WRITE = "begin";
const COMMIT = "commit";
const ROLLBACK = "rollback";

/** How much longer than a statement may take its answer is waited for: the database keeps its limits as long as it is there. */
const SILENCE_MARGIN_MS = 1000;
/** How long the answer to a rollback is waited for; cutting the connection rolls back as well. */
const ROLLBACK_LIMIT_MS = 500;

/**
 * One transaction of one tenant on one connection. It takes the connection with its first statement and sends BEGIN,
 * set_tenant and that statement together; what never reads takes none.
 */
export class TenantTransaction {
  private connection: Promise<PoolClient> | undefined;
  private opening: Promise<unknown> | undefined;
  private failure: Error | undefined;
  private isEnded = false;
  /** Answers that are waited for. */
  private awaited = 0;
  private answers = 0;
  private silence: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly trust: ConnectionTrust,
    private readonly begin: string,
    private readonly tenantId: string,
    private readonly limits: TimeLimits,
    private readonly onStatement: StatementListener,
    private readonly statements: Statements,
  ) {}

  /** Statements may be asked for at the same time: the connection works them off in order. */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.checkOpen();
    this.onStatement(text, values, this.isWriting);
    try {
      const client = await (this.connection ??= this.open(this.isWriting));
      const sent = this.statements.send(client, text, values, this.isWriting);
      const [result] = await this.answerTo(Promise.all([sent, this.opening]));
      return result.rows as Row[];
    } catch (error) {
      // The first failure is the one to tell: after it the database refuses every statement of the transaction.
      throw (this.failure ??= asError(error));
    }
  }

  /**
   * As {@link query}, for the last statement: COMMIT goes out with it, and so a transaction of one statement takes one round trip.
   * @param isPrepared whether the database is to keep the statement and its plan for the next time
   */
  async queryLast<Row extends object>(text: string, values: readonly unknown[], isPrepared: boolean): Promise<Row[]> {
    this.checkOpen();
    this.onStatement(text, values, isPrepared);
    this.isEnded = true;
    const client = await (this.connection ??= this.open(isPrepared));
    this.connection = undefined;
    const asked = this.statements.send(client, text, values, isPrepared);
    const ended = this.statements.send(client, COMMIT);
    const [opening, answer, commit] = await this.answerTo(
      Promise.allSettled([this.opening ?? Promise.resolve(), asked, ended]),
    );
    this.release(client, commit.status === "rejected");
    for (const outcome of [opening, answer, commit]) {
      if (outcome.status === "rejected") throw (this.failure = asError(outcome.reason));
    }
    checkCommitted((commit as PromiseFulfilledResult<QueryResult>).value);
    return (answer as PromiseFulfilledResult<QueryResult>).value.rows as Row[];
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
    await this.end(COMMIT);
  }

  async rollback(): Promise<void> {
    await this.end(ROLLBACK).catch(() => undefined); // the connection is destroyed, which rolls back as well
  }

  /** @param isOnePlan whether what is kept prepared is planned once, for whatever values */
  private async open(isOnePlan: boolean): Promise<PoolClient> {
    const planCache = isOnePlan ? "force_generic_plan" : "auto";
    const client = await this.trust.connect(this.pool);
    client.on("error", toldByItsQuery);
    this.watch(this.limits.statementTimeoutMs + SILENCE_MARGIN_MS, () => this.trust.lose(client));
    const { statementTimeoutMs, lockTimeoutMs, idleTimeoutMs } = this.limits;
    const limits = [statementTimeoutMs, lockTimeoutMs, idleTimeoutMs];
    this.opening = Promise.all([
      this.statements.send(client, this.begin),
      this.statements.send(client, "select set_tenant($1, $2, $3, $4, $5)", [this.tenantId, ...limits, planCache]),
    ]);
    this.opening.catch(() => undefined); // told to whoever waits for the first statement
    return client;
  }

  private async end(statement: typeof COMMIT | typeof ROLLBACK): Promise<void> {
    this.isEnded = true;
    if (!this.connection) return;
    const client = await this.connection;
    this.connection = undefined;
    if (statement === ROLLBACK) this.watch(ROLLBACK_LIMIT_MS, () => destroy(client));
    let result: QueryResult;
    try {
      result = await this.answerTo(this.statements.send(client, statement));
    } catch (error) {
      this.release(client, true);
      throw error;
    }
    this.release(client, false);
    if (statement === COMMIT) checkCommitted(result);
  }

  /** What writers ask goes by keys, so that one plan serves all values; what readers filter by differs from value to value. */
  private get isWriting(): boolean {
    return this.begin === READ_WRITE;
  }

  /** What still runs when another part of its operation has failed must not open the transaction again. */
  private checkOpen(): void {
    if (this.failure) throw this.failure;
    if (this.isEnded) throw new Error("The transaction has ended");
  }

  private release(client: PoolClient, isBroken: boolean): void {
    clearTimeout(this.silence);
    if (isBroken) destroy(client);
    else {
      client.off("error", toldByItsQuery);
      this.statements.tidy(client);
    }
    client.release(isBroken);
  }

  /** Calls back once an answer has been waited for so long, since the last one came. */
  private watch(limitMs: number, onSilence: () => void): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const { answers } = this;
      // An answer that came while the process was busy is read before this.
      setImmediate(() => {
        if (this.awaited > 0 && this.answers === answers) onSilence();
      });
    }, limitMs);
  }

  private async answerTo<T>(answer: Promise<T>): Promise<T> {
    this.awaited++;
    this.silence?.refresh();
    try {
      return await answer;
    } finally {
      this.awaited--;
      this.answers++;
      this.silence?.refresh();
    }
  }
}

/** A connection that is cut fails its query, and says so as an event too, which would end the process if nobody listened. */
function toldByItsQuery(): void {
  // nothing to do
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, not with an error. */
function checkCommitted({ command }: QueryResult): void {
  if (command !== "COMMIT") throw new Error("The transaction was rolled back at its commit");
}
