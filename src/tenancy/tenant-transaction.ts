import { DatabaseError, type Pool, type PoolClient } from "pg";
import { destroy, type ConnectionTrust } from "../database/connection-trust";
import { asError } from "../errors/as-error";
import { type Answer } from "./statement-batch";
import { type Sending, type Statements } from "./statements";

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
/** How many settings there are is all that is asked for: their values are known here. */
const SET_TENANT = "select cardinality(set_tenant($1, $2, $3, $4, $5))";
/** For a read of one statement, which needs no BEGIN: what is sent together is a transaction, and sees one state of the database. */
const SET_READING_TENANT = `${SET_TENANT}, set_config('transaction_read_only', 'on', true)`;

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
      const client = await (this.connection ??= this.open());
      const sent = this.statements.send(client, { text, values, isKept: this.isWriting });
      const [answer] = await this.answerTo(Promise.all([sent, this.opening]));
      return answer.rows as Row[];
    } catch (error) {
      // The first failure is the one to tell: after it the database refuses every statement of the transaction.
      throw (this.failure ??= withPlace(error));
    }
  }

  /**
   * As {@link query}, for the last statement: COMMIT goes out with it, and so a transaction of one statement takes one round trip.
   * @param isKept whether the database is to keep the statement and its plan for the next time
   */
  async queryLast<Row extends object>(text: string, values: readonly unknown[], isKept: boolean): Promise<Row[]> {
    this.checkOpen();
    this.onStatement(text, values, isKept);
    this.isEnded = true;
    const isFirst = !this.connection;
    const isAlone = isFirst && !this.isWriting;
    const client = await (this.connection ?? this.connect());
    this.connection = undefined;
    const opening = isFirst ? this.openingStatements(isKept, isAlone) : [];
    const ending = isAlone ? [] : [{ text: COMMIT }];
    try {
      const sent = this.statements.sendTogether(client, [...opening, { text, values, isKept }, ...ending]);
      const [answers] = await this.answerTo(Promise.all([Promise.all(sent), this.opening]));
      if (!isAlone) checkCommitted(answers.at(-1));
      this.release(client, false);
      return answers[opening.length]?.rows as Row[];
    } catch (error) {
      this.failure = withPlace(error);
      if (isAlone && isOfDatabase(error)) this.release(client, false);
      else await this.rollBack(client);
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
    const connection = this.end();
    if (!connection) return;
    const client = await connection;
    let answer: Answer | undefined;
    try {
      [answer] = await this.answerTo(Promise.all(this.statements.sendTogether(client, [{ text: COMMIT }])));
    } catch (error) {
      this.release(client, true);
      throw withPlace(error);
    }
    this.release(client, false);
    checkCommitted(answer);
  }

  async rollback(): Promise<void> {
    const client = await this.end()?.catch(() => undefined); // none was to be had
    if (client) await this.rollBack(client);
  }

  private async connect(): Promise<PoolClient> {
    const client = await this.trust.connect(this.pool);
    client.on("error", toldByItsQuery);
    this.watch(this.limits.statementTimeoutMs + SILENCE_MARGIN_MS, () => this.trust.lose(client));
    return client;
  }

  private async open(): Promise<PoolClient> {
    const client = await this.connect();
    const statements = this.openingStatements(this.isWriting, false);
    this.opening = Promise.all(statements.map((statement) => this.statements.send(client, statement)));
    this.opening.catch(() => undefined); // told to whoever waits for the first statement
    return client;
  }

  /**
   * @param isOnePlan whether what is kept prepared is planned once, for whatever values
   * @param isAlone whether the statement that comes with them is the only one
   */
  private openingStatements(isOnePlan: boolean, isAlone: boolean): Sending[] {
    const { statementTimeoutMs, lockTimeoutMs, idleTimeoutMs } = this.limits;
    const planCache = isOnePlan ? "force_generic_plan" : "auto";
    const values = [this.tenantId, statementTimeoutMs, lockTimeoutMs, idleTimeoutMs, planCache];
    return isAlone ? [{ text: SET_READING_TENANT, values }] : [{ text: this.begin }, { text: SET_TENANT, values }];
  }

  /** From now on nothing is asked any more. @returns the connection, where one was taken */
  private end(): Promise<PoolClient> | undefined {
    const { connection } = this;
    this.isEnded = true;
    this.connection = undefined;
    return connection;
  }

  /** Sent alone: behind a statement that fails it would not be read. */
  private async rollBack(client: PoolClient): Promise<void> {
    this.watch(ROLLBACK_LIMIT_MS, () => destroy(client));
    try {
      await this.answerTo(Promise.all(this.statements.sendTogether(client, [{ text: ROLLBACK }])));
      this.release(client, false);
    } catch {
      this.release(client, true); // it is cut, which rolls back as well
    }
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
function checkCommitted(answer: Answer | undefined): void {
  if (answer?.command !== "COMMIT") throw new Error("The transaction was rolled back at its commit");
}

/** Whether the database refused a statement, and takes the next one. */
function isOfDatabase(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.severity === "ERROR";
}

/** An error of the database comes with the place where it was read; of use is the one that asked. */
function withPlace(thrown: unknown): Error {
  const error = asError(thrown);
  if (error instanceof DatabaseError) Error.captureStackTrace(error);
  return error;
}
