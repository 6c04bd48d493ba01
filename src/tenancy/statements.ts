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

  private nameOn(client: PoolClient, text: string): string {
    let names = this.names.get(client);
    if (!names) {
      names = new LRUCache({ max: this.maxKept, dispose: (name) => giveUp(client, name) });
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

function giveUp(client: PoolClient, name: string): void {
  client.query(`deallocate ${name}`).catch(() => undefined); // the connection broke, or the transaction: it is closed soon
  delete (client as unknown as Connected).connection.parsedStatements[name];
}
