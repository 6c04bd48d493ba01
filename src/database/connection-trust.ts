import { type Pool, type PoolClient } from "pg";

/**
 * Takes connections out of pools, and knows which are not to be trusted: where one of them fell silent (a network that
 * swallows everything tells nobody), what was opened before is as good as lost, and the next request must not wait for it.
 * Pools of the same server share one.
 */
export class ConnectionTrust {
  private losses = 0;
  /** How many losses there had been when a connection was first given out. */
  private readonly lossesBefore = new WeakMap<PoolClient, number>();

  /** A connection of the pool that was opened after the last loss. */
  async connect(pool: Pool): Promise<PoolClient> {
    for (;;) {
      const client = await pool.connect();
      const before = this.lossesBefore.get(client);
      if (before === undefined) this.lossesBefore.set(client, this.losses);
      if (before === undefined || before === this.losses) return client;
      client.on("error", () => undefined); // of a connection that nobody needs any more
      destroy(client);
      client.release(true);
    }
  }

  /** A connection does not answer: whoever waits for it is told, and others are opened anew. */
  lose(client: PoolClient): void {
    this.losses++;
    destroy(client);
  }
}

/** Cuts a connection at once: what was asked on it fails, and PostgreSQL rolls back, unless it has been sent COMMIT. */
export function destroy(client: PoolClient): void {
  // The client's own end() waits for the answers to what was sent, for ever where there are none.
  client.connection.stream.destroy();
}
