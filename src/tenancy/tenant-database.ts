import { setTimeout as sleep } from "node:timers/promises";
import { type DataSource } from "typeorm";
import { ConnectionTrust } from "../database/connection-trust";
import { isRetryable } from "../database/database-errors";
import { connectionPool } from "../database/data-source";
import { TenantScope, type Actor } from "./tenant-scope";
import { SharedConnections } from "./shared-connections";
import { Statements } from "./statements";
import {
  READ_ONLY,
  READ_WRITE,
  TenantTransaction,
  type StatementListener,
  type TimeLimits,
  type TransactionConnections,
} from "./tenant-transaction";

/** No tenant has this id. */
const NO_TENANT = "00000000-0000-0000-0000-000000000000";

/** Who acts where no credential does: a command, or the server itself. */
const GATEWAY: Actor = { id: null, name: "clientele" };

/** How long what looks at every tenant may take. */
const LONG_LIMITS: TimeLimits = { statementTimeoutMs: 60_000, lockTimeoutMs: 2000, idleTimeoutMs: 5000 };

/** Who asks whether the database is there does not wait longer. */
const READY_LIMIT_MS = 2000;

/** What runs in a transaction. */
export type Work<T> = (scope: TenantScope, transaction: TenantTransaction) => Promise<T>;

/** How often a transaction that collided with another is tried in all. */
const MAX_TRIES = 5;

/**
 * Opens tenant scopes. Each holds at most one connection, from its first statement to its end, so that a pool of one is
 * enough for any request.
 */
export class TenantDatabase {
  private readonly statements: Statements;
  private connections: TransactionConnections | undefined;

  /** @param maxPrepared how many statements each connection keeps, parsed and planned */
  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: TimeLimits,
    private readonly onStatement: StatementListener = () => undefined,
    maxPrepared = 0,
    private readonly trust = new ConnectionTrust(),
    /** Called with what each failed transaction failed of. */
    private readonly onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.statements = new Statements(maxPrepared);
  }

  /** Reads in one state of the database. */
  read<T>(tenantId: string, work: Work<T>, actor = GATEWAY): Promise<T> {
    return this.run(READ_ONLY, tenantId, work, actor);
  }

  /**
   * Writes, all or nothing. `work` may run several times, up to {@link MAX_TRIES}, where transactions collide: it must
   * have no effect outside the scope.
   * @param actor whom the history names
   */
  async write<T>(tenantId: string, work: Work<T>, actor = GATEWAY): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.run(READ_WRITE, tenantId, work, actor);
      } catch (error) {
        if (!isRetryable(error) || attempt === MAX_TRIES) throw error;
        await sleep(Math.random() * 10 * 2 ** attempt);
      }
    }
  }

  /** Whether the database answers, soon, and knows what a scope needs. */
  isReady(): Promise<boolean> {
    const answer = this.read(NO_TENANT, (scope) => scope.query("select 1 from tenants t where t.id = $1"));
    const isAnswered = answer.then(
      () => true,
      () => false,
    );
    return Promise.race([isAnswered, sleep(READY_LIMIT_MS, false, { ref: false })]);
  }

  /** The id of the tenant with a code, in the form of codeKey: where a credential names its tenant by code. */
  async findTenantId(codeKey: string): Promise<string | undefined> {
    const [found] = await this.read(NO_TENANT, (_scope, transaction) =>
      transaction.query<{ id: string | null }>("select find_tenant_id($1) as id", [codeKey]),
    );
    return found?.id ?? undefined;
  }

  /** Tells the planner of rows that came in large numbers. PostgreSQL itself notices minutes later, and plans badly till then. */
  async refreshStatistics(): Promise<void> {
    const refresh: Work<void> = (scope) => scope.control("select refresh_statistics()");
    await this.run(READ_WRITE, NO_TENANT, refresh, GATEWAY, LONG_LIMITS);
  }

  /** The ids of the keys that anything of any tenant is sealed with. */
  async encryptionKeysInUse(): Promise<string[]> {
    const sql = `select distinct u.key_id as id from encryption_keys_in_use() u (key_id) order by 1`;
    const read: Work<{ id: string }[]> = (_scope, transaction) => transaction.query<{ id: string }>(sql);
    return (await this.run(READ_WRITE, NO_TENANT, read, GATEWAY, LONG_LIMITS)).map(({ id }) => id);
  }

  private async run<T>(begin: string, tenantId: string, work: Work<T>, actor: Actor, limits = this.limits): Promise<T> {
    this.connections ??= this.connect();
    const transaction = new TenantTransaction(this.connections, begin, tenantId, limits);
    try {
      const result = await work(new TenantScope(tenantId, transaction, this.dataSource, actor), transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      this.onFailure(error);
      await transaction.rollback();
      throw error;
    }
  }

  private connect(): TransactionConnections {
    const { trust, statements, onStatement } = this;
    const source = { pool: connectionPool(this.dataSource), trust, statements };
    return { ...source, onStatement, shared: new SharedConnections(source, this.limits.statementTimeoutMs) };
  }
}
