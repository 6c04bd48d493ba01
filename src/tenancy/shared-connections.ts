import { BorrowedConnection, isRefusal, type ConnectionSource } from "./borrowed-connection";
import { type Answer } from "./statement-batch";
import { type Sending } from "./statements";

/** Reads that are under way on one connection, at most. */
const MAX_READS = 8;
/** So many connections are taken before a read is sent behind another. */
const SPREAD = 2;
/** Nothing more is sent behind a read that takes longer. */
const SLOW_MS = 10;

/**
 * Connections on which reads follow each other without waiting for answers, each a transaction of its own that ends with its
 * batch. A process of PostgreSQL that finds the next read when it is done with one need not be woken for it, and few busy ones
 * get more done than many: with 32 clients half as many requests again.
 */
export class SharedConnections {
  private readonly shared: SharedConnection[] = [];

  /** @param statementTimeoutMs how long the database lets a statement take */
  constructor(
    private readonly source: ConnectionSource,
    private readonly statementTimeoutMs: number,
  ) {}

  /** Runs a batch that is a transaction of its own, and leaves nothing behind. */
  async run(statements: readonly Sending[]): Promise<Answer[]> {
    const shared = this.find() ?? this.open();
    shared.reads++;
    try {
      const connection = (shared.connection ??= await shared.opening);
      const answers = await connection.sendTogether(statements);
      connection.tidy();
      return answers;
    } catch (error) {
      if (!isRefusal(error)) shared.isBroken = true;
      throw error;
    } finally {
      shared.reads--;
      shared.lastAnswer = performance.now();
      if (shared.reads === 0 || shared.isBroken) this.close(shared);
    }
  }

  /** One that can take another read: of the first ones that with the fewest, else the next. Undefined: another is to be opened. */
  private find(): SharedConnection | undefined {
    const { pool } = this.source;
    let opening = 0;
    for (const { connection } of this.shared) if (!connection) opening++;
    // Whoever waits for a connection of its own gets one: what is shared takes no more, and is soon given back.
    if (pool.waitingCount > opening) return undefined;
    const isMore = pool.idleCount > 0 || pool.totalCount < pool.options.max;
    if (this.shared.length < SPREAD && isMore) return undefined;
    const now = performance.now();
    let best: SharedConnection | undefined;
    for (const [index, candidate] of this.shared.entries()) {
      if (index >= SPREAD && best) break;
      const isFree = candidate.reads < MAX_READS && now - candidate.lastAnswer < SLOW_MS;
      if (isFree && (!best || candidate.reads < best.reads)) best = candidate;
    }
    return best;
  }

  private open(): SharedConnection {
    const opening = BorrowedConnection.borrow(this.source, this.statementTimeoutMs);
    const shared = { opening, connection: undefined, reads: 0, lastAnswer: performance.now(), isBroken: false };
    this.shared.push(shared);
    return shared;
  }

  /** Takes no more reads; the last one gives the connection back. */
  private close(shared: SharedConnection): void {
    const index = this.shared.indexOf(shared);
    if (index >= 0) this.shared.splice(index, 1);
    if (shared.reads === 0) shared.connection?.release(shared.isBroken);
  }
}

interface SharedConnection {
  readonly opening: Promise<BorrowedConnection>;
  /** Undefined while it is opened. */
  connection: BorrowedConnection | undefined;
  /** Under way. */
  reads: number;
  /** When the last answer came, by performance.now(). */
  lastAnswer: number;
  isBroken: boolean;
}
