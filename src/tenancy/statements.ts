import { LRUCache } from "lru-cache";
import { type PoolClient } from "pg";
import { connectionOf } from "./pg-internals";
import { StatementBatch, type Answer, type KeptStatement } from "./statement-batch";

/** So many statements a connection keeps unless told otherwise. */
export const DEFAULT_PREPARED_STATEMENTS = 100;

/** A statement to send. */
export interface Sending {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** False: the database is not to keep the statement and its plan for the next time. */
  readonly isKept?: boolean;
  /** Whether it never takes long: BEGIN, a setting, COMMIT. */
  readonly isBrief?: boolean;
}

/** What a connection keeps, by the text of the statement. */
interface Kept {
  readonly statements: LRUCache<string, KeptStatement>;
  /** Names that are not used any more. */
  readonly givenUp: string[];
}

/**
 * Sends statements. Those that are sent at the same time leave as one batch: a system call costs more than most statements.
 * Those that come again are kept by the database, parsed and planned, under a name on each connection. They are capped: a
 * connection that is full gives up the one that was not used for longest.
 */
export class Statements {
  private readonly kept = new WeakMap<PoolClient, Kept>();
  /** What leaves at the end of this moment. */
  private readonly gathered = new WeakMap<PoolClient, StatementBatch>();
  private made = 0;

  /** @param maxKept on each connection; 0 keeps none, for a pooler in between that does not know them */
  constructor(private readonly maxKept: number) {}

  /** Whether connections keep any: else there may be a pooler in between, which is asked for one transaction at a time. */
  get areKept(): boolean {
    return this.maxKept > 0;
  }

  /** Sends a statement, together with the others of this moment: where one fails, those behind it do too. */
  send(client: PoolClient, statement: Sending): Promise<Answer> {
    let batch = this.gathered.get(client);
    if (!batch) {
      this.gathered.set(client, (batch = new StatementBatch()));
      process.nextTick(() => this.flush(client));
    }
    return this.add(client, batch, statement);
  }

  /** Sends statements as a batch of their own. @returns the answer to each */
  sendTogether(client: PoolClient, statements: readonly Sending[]): Promise<Answer>[] {
    this.flush(client);
    const batch = new StatementBatch();
    const answers = statements.map((statement) => this.add(client, batch, statement));
    client.query(batch);
    return answers;
  }

  /**
   * Gives up what is kept beyond the cap; called between transactions, since it would end one in which it fails. What never came
   * to be kept, its transaction having failed before, is only forgotten.
   */
  tidy(client: PoolClient): void {
    const kept = this.kept.get(client);
    if (!kept || kept.givenUp.length === 0) return;
    const { parsedStatements, submittedNamedStatements } = connectionOf(client);
    for (const name of kept.givenUp.splice(0)) {
      if (submittedNamedStatements[name] !== undefined) kept.givenUp.push(name); // it is not known yet
      if (parsedStatements[name] === undefined) continue;
      delete parsedStatements[name];
      client.query(`deallocate ${name}`).catch(() => undefined); // the connection broke: it is closed soon
    }
  }

  private flush(client: PoolClient): void {
    const batch = this.gathered.get(client);
    if (!batch) return;
    this.gathered.delete(client);
    client.query(batch);
  }

  private add(
    client: PoolClient,
    batch: StatementBatch,
    { text, values, isKept = true, isBrief = false }: Sending,
  ): Promise<Answer> {
    const kept = isKept && this.maxKept > 0 ? this.keptOn(client, text) : undefined;
    return batch.add({ text, ...(values && { values }), isBrief, kept });
  }

  private keptOn(client: PoolClient, text: string): KeptStatement {
    let kept = this.kept.get(client);
    if (!kept) {
      const givenUp: string[] = [];
      const dispose = ({ name }: KeptStatement): unknown => givenUp.push(name);
      kept = { givenUp, statements: new LRUCache({ max: this.maxKept, dispose }) };
      this.kept.set(client, kept);
    }
    let statement = kept.statements.get(text);
    if (!statement) kept.statements.set(text, (statement = { name: `s${++this.made}` }));
    return statement;
  }
}
