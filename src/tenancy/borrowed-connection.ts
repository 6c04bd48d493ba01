import { DatabaseError, type Pool, type PoolClient } from "pg";
import { destroy, type ConnectionTrust } from "../database/connection-trust";
import { type Answer } from "./statement-batch";
import { type Sending, type Statements } from "./statements";

/** How much longer than a statement may take its answer is waited for: the database keeps its limits as long as it is there. */
const SILENCE_MARGIN_MS = 1000;
/** How long the answer to a rollback is waited for; cutting the connection rolls back as well, where no COMMIT was sent. */
const ROLLBACK_LIMIT_MS = 500;
const ROLLBACK: Sending = { text: "rollback", isBrief: true };

/** Where connections come from. */
export interface ConnectionSource {
  readonly pool: Pool;
  readonly trust: ConnectionTrust;
  readonly statements: Statements;
}

/** A connection of the pool in somebody's hands. As long as it owes an answer it is watched for silence. */
export class BorrowedConnection {
  /** Answers that are waited for. */
  private awaited = 0;
  private answers = 0;
  private silence: NodeJS.Timeout | undefined;

  private constructor(
    private readonly client: PoolClient,
    private readonly statements: Statements,
  ) {}

  /** @param statementTimeoutMs how long the database lets a statement take */
  static async borrow(source: ConnectionSource, statementTimeoutMs: number): Promise<BorrowedConnection> {
    const { pool, trust, statements } = source;
    const client = await trust.connect(pool);
    client.on("error", toldByItsQuery);
    const connection = new BorrowedConnection(client, statements);
    connection.watch(statementTimeoutMs + SILENCE_MARGIN_MS, () => trust.lose(client));
    return connection;
  }

  /** Sends a statement, together with the others of this moment. */
  send(statement: Sending): Promise<Answer> {
    return this.answerTo(this.statements.send(this.client, statement));
  }

  /** Sends statements as a batch of their own. */
  async sendTogether(statements: readonly Sending[]): Promise<Answer[]> {
    const sent = this.statements.sendTogether(this.client, statements);
    return Promise.all(sent.map((answer) => this.answerTo(answer)));
  }

  /** Rolls back, and gives the connection back. Sent alone: behind a statement that fails it would not be read. */
  async rollBack(): Promise<void> {
    this.watch(ROLLBACK_LIMIT_MS, () => destroy(this.client));
    const isDone = await this.sendTogether([ROLLBACK]).then(
      () => true,
      () => false,
    );
    this.release(!isDone); // it is cut where it did not answer
  }

  /** Between transactions: the database forgets statements that are not used any more. */
  tidy(): void {
    this.statements.tidy(this.client);
  }

  /** Gives the connection back. */
  release(isBroken: boolean): void {
    clearTimeout(this.silence);
    if (isBroken) destroy(this.client);
    else {
      this.client.off("error", toldByItsQuery);
      this.tidy();
    }
    this.client.release(isBroken);
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
    if (this.awaited++ === 0) this.silence?.refresh();
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

/** Whether the database refused a statement, and takes the next one. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.severity === "ERROR";
}
