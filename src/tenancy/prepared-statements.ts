import { LRUCache } from "lru-cache";
import { type PoolClient, type QueryResult } from "pg";

/**
 * Statements that the database keeps, parsed and planned, under a name on each connection. They are capped: a connection
 * that is full gives up the one that was not used for longest.
 */
export class PreparedStatements {
  private readonly names = new WeakMap<PoolClient, LRUCache<string, string>>();
  private made = 0;

  /** @param max on each connection; 0 keeps none, for a pooler in between that does not know them */
  constructor(private readonly max: number) {}

  query(client: PoolClient, text: string, values: readonly unknown[] = []): Promise<QueryResult> {
    if (this.max === 0) return client.query(text, [...values]);
    return client.query({ name: this.nameOn(client, text), text, values: [...values] });
  }

  private nameOn(client: PoolClient, text: string): string {
    let names = this.names.get(client);
    if (!names) {
      names = new LRUCache({ max: this.max, dispose: (name) => giveUp(client, name) });
      this.names.set(client, names);
    }
    let name = names.get(text);
    if (name === undefined) names.set(text, (name = `s${++this.made}`));
    return name;
  }
}

/** What pg remembers of the statements of a connection; it never forgets by itself. */
interface Remembered {
  readonly parsedStatements?: Record<string, string>;
}

function giveUp(client: PoolClient, name: string): void {
  client.query(`deallocate ${name}`).catch(() => undefined); // the connection broke, or the transaction: it is closed soon
  delete (client as unknown as { connection?: Remembered }).connection?.parsedStatements?.[name];
}
