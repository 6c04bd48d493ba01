import { Client } from "pg";
import { type ReadRows } from "./inspection";

/** One state of a database, held open for reading; other sessions read the same state by its id. */
export class DatabaseSnapshot {
  private constructor(
    private readonly client: Client,
    /** What pg_export_snapshot() has called it. */
    readonly id: string,
  ) {}

  /** Connects, and takes the state of now. It is held, however long that takes, until {@link close}. */
  static async take(url: string): Promise<DatabaseSnapshot> {
    const client = new Client({
      connectionString: url,
      application_name: "clientele",
      connectionTimeoutMillis: 10_000,
    });
    client.on("error", () => undefined); // whoever waits for a statement is told
    await client.connect();
    try {
      await client.query("set statement_timeout = 0");
      await client.query("set idle_in_transaction_session_timeout = 0");
      await client.query("begin isolation level repeatable read read only");
      const { rows } = await client.query<{ id: string }>("select pg_export_snapshot() as id");
      return new DatabaseSnapshot(client, rows[0]?.id ?? "");
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  readonly rows: ReadRows = async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    (await this.client.query<Row>(sql, [...values])).rows;

  /** Nothing was written: it is cut, whatever is under way on it. */
  close(): void {
    this.client.connection.stream.destroy();
  }
}
