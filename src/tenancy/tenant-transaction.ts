import { DatabaseError } from "pg";
import { asError } from "../errors/as-error";
import { BorrowedConnection, isRefusal, type ConnectionSource } from "./borrowed-connection";
import { type SharedConnections } from "./shared-connections";
import { type Answer } from "./statement-batch";
import { type Sending } from "./statements";

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
const COMMIT: Sending = { text: "commit", isBrief: true };
/** How many settings there are is all that is asked for: their values are known here. */
const SET_TENANT = "select cardinality(set_tenant($1, $2, $3, $4, $5))";
/** For a read of one statement, which needs no BEGIN: what is sent together is a transaction, and one statement sees one state. */
const SET_READING_TENANT = `${SET_TENANT}, set_config('transaction_read_only', 'on', true)`;

/** What reads the answer to a transaction's last write, which it ends together with. */
export interface Ending {
  readonly statement: Sending;
  /** What it read, once the transaction has been committed. */
  rows?: readonly object[];
}

/** What a transaction runs on. */
export interface TransactionConnections extends ConnectionSource {
  readonly shared: SharedConnections;
  readonly onStatement: StatementListener;
}

/**
 * One transaction of one tenant on one connection. It takes the connection with its first statement and sends BEGIN,
 * set_tenant and that statement together; what never reads takes none.
 */
export class TenantTransaction {
  private connection: Promise<BorrowedConnection> | undefined;
  private opening: Promise<unknown> | undefined;
  private failure: Error | undefined;
  private isEnded = false;

  constructor(
    private readonly connections: TransactionConnections,
    private readonly begin: string,
    private readonly tenantId: string,
    private readonly limits: TimeLimits,
  ) {}

  /** Statements may be asked for at the same time: the connection works them off in order. */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.checkOpen();
    this.connections.onStatement(text, values, this.isWriting);
    try {
      const connection = await (this.connection ??= this.open());
      const sent = connection.send({ text, values, isKept: this.isWriting });
      const [answer] = await Promise.all([sent, this.opening]);
      return answer.rows as Row[];
    } catch (error) {
      // The first failure is the one to tell: after it the database refuses every statement of the transaction.
      throw (this.failure ??= withPlace(error));
    }
  }

  /**
   * As {@link query}, for the last statement: COMMIT goes out with it, and so a transaction of one statement takes one round trip.
   * @param isKept whether the database is to keep the statement and its plan for the next time. Such a read, if it is the only
   * statement, shares its connection.
   */
  async queryLast<Row extends object>(text: string, values: readonly unknown[], isKept: boolean): Promise<Row[]> {
    this.checkOpen();
    this.connections.onStatement(text, values, isKept);
    const statement = { text, values, isKept };
    const isAlone = !this.connection && !this.isWriting;
    const connection = isAlone ? undefined : (this.connection ?? this.open());
    void this.end();
    try {
      const answer = connection
        ? (await this.endWith(await connection, [statement]))[0]
        : await this.readAlone(statement);
      return answer?.rows as Row[];
    } catch (error) {
      throw (this.failure = withPlace(error));
    }
  }

  /**
   * Runs the last write together with what reads its answer, and COMMIT: one round trip.
   * @returns the rows of the write; those of the answer are the ending's
   */
  async writeLast<Row extends object>(text: string, values: readonly unknown[], ending: Ending): Promise<Row[]> {
    this.checkOpen();
    const last = ending.statement;
    this.connections.onStatement(text, values, true);
    this.connections.onStatement(last.text, last.values ?? [], true);
    const connection = this.connection ?? this.open();
    void this.end();
    try {
      const [written, answer] = await this.endWith(await connection, [{ text, values }, last]);
      ending.rows = answer?.rows ?? [];
      return written?.rows as Row[];
    } catch (error) {
      throw (this.failure = withPlace(error));
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
    const connection = await this.end();
    if (!connection) return;
    const [answer] = await connection.sendTogether([COMMIT]).catch((error: unknown) => {
      connection.release(true);
      throw withPlace(error);
    });
    connection.release(false);
    checkCommitted(answer);
  }

  async rollback(): Promise<void> {
    const connection = await this.end()?.catch(() => undefined); // none was to be had
    await connection?.rollBack();
  }

  private borrow(): Promise<BorrowedConnection> {
    return BorrowedConnection.borrow(this.connections, this.limits.statementTimeoutMs);
  }

  private async open(): Promise<BorrowedConnection> {
    const connection = await this.borrow();
    const statements = [{ text: this.begin, isBrief: true }, this.setTenant(SET_TENANT, this.isWriting)];
    this.opening = Promise.all(statements.map((statement) => connection.send(statement)));
    this.opening.catch(() => undefined); // told to whoever waits for the first statement
    return connection;
  }

  /** @param isOnePlan whether what is kept prepared is planned once, for whatever values */
  private setTenant(text: string, isOnePlan: boolean): Sending {
    const { statementTimeoutMs, lockTimeoutMs, idleTimeoutMs } = this.limits;
    const planCache = isOnePlan ? "force_generic_plan" : "auto";
    return {
      text,
      isBrief: true,
      values: [this.tenantId, statementTimeoutMs, lockTimeoutMs, idleTimeoutMs, planCache],
    };
  }

  /** From now on nothing is asked any more. @returns the connection, where one was taken */
  private end(): Promise<BorrowedConnection> | undefined {
    const { connection } = this;
    this.isEnded = true;
    this.connection = undefined;
    return connection;
  }

  private async readAlone(statement: Sending): Promise<Answer | undefined> {
    const { shared, statements } = this.connections;
    const isKept = statement.isKept === true;
    const batch = [this.setTenant(SET_READING_TENANT, isKept), statement];
    // What is not kept may take long: nobody else is to wait behind it.
    const [, answer] = await (isKept && statements.areKept ? shared.run(batch) : this.runAlone(batch));
    return answer;
  }

  private async runAlone(batch: readonly Sending[]): Promise<Answer[]> {
    const connection = await this.borrow();
    try {
      const answers = await connection.sendTogether(batch);
      connection.release(false);
      return answers;
    } catch (error) {
      connection.release(!isRefusal(error));
      throw error;
    }
  }

  private async endWith(connection: BorrowedConnection, statements: readonly Sending[]): Promise<Answer[]> {
    try {
      const [answers] = await Promise.all([connection.sendTogether([...statements, COMMIT]), this.opening]);
      checkCommitted(answers.pop());
      connection.release(false);
      return answers;
    } catch (error) {
      await connection.rollBack();
      throw error;
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
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, not with an error. */
function checkCommitted(answer: Answer | undefined): void {
  if (answer?.command !== "COMMIT") throw new Error("The transaction was rolled back at its commit");
}

/** An error of the database comes with the place where it was read; of use is the one that asked. */
function withPlace(thrown: unknown): Error {
  const error = asError(thrown);
  if (error instanceof DatabaseError) Error.captureStackTrace(error);
  return error;
}
