import { type Duplex } from "node:stream";
import { LRUCache } from "lru-cache";
import { type PoolClient, type QueryResult, type QueryResultRow } from "pg";

/**
 * Sends statements. Those that are sent at the same time leave in one packet: a system call costs more than most statements.
 * Those that come again are kept by the database, parsed and planned, under a name on each connection. They are capped: a
 * connection that is full gives up the one that was not used for longest.
 */
export class Statements {
  private readonly names = new WeakMap<PoolClient, LRUCache<string, string>>();
  private readonly givenUp = new WeakMap<PoolClient, string[]>();
  private made = 0;

  /** @param maxKept on each connection; 0 keeps none, for a pooler in between that does not know them */
  constructor(private readonly maxKept: number) {}

  /** @param isKept whether the database is to keep the statement and its plan for the next time */
  send(
    client: PoolClient,
    text: string,
    values: readonly unknown[] = [],
    isKept = true,
  ): Promise<QueryResult<QueryResultRow>> {
    const { stream } = (client as unknown as Connected).connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
    if (!isKept || this.maxKept === 0) return client.query(text, [...values]);
    return client.query({ name: this.nameOn(client, text), text, values: [...values] });
  }

  /**
   * Gives up what is kept beyond the cap; called between transactions, since it would end one in which it fails. What never came
   * to be kept, its transaction having failed before, is only forgotten.
   */
  tidy(client: PoolClient): void {
    const { parsedStatements } = (client as unknown as Connected).connection;
    for (const name of this.given(client).splice(0)) {
      if (parsedStatements[name] === undefined) continue;
      delete parsedStatements[name];
      client.query(`deallocate ${name}`).catch(() => undefined); // the connection broke: it is closed soon
    }
  }

  private given(client: PoolClient): string[] {
    let names = this.givenUp.get(client);
    if (!names) this.givenUp.set(client, (names = []));
    return names;
  }

  private nameOn(client: PoolClient, text: string): string {
    let names = this.names.get(client);
    if (!names) {
      names = new LRUCache({ max: this.maxKept, dispose: (name) => this.given(client).push(name) });
      this.names.set(client, names);
    }
    let name = names.get(text);
    if (name === undefined) names.set(text, (name = `s${++this.made}`));
    return name;
  }
}

/** What pg does not tell of its clients: the socket, and what it remembers of named statements, which it never forgets by itself. */
interface Connected {
  readonly connection: { readonly stream: Duplex; readonly parsedStatements: Record<string, string> };
}
