import { types, type Client, type Pool } from "pg";
import { DataSource, type EntityTarget } from "typeorm";
import { CreateTenants1763800000000 } from "../../migrations/1763800000000-create-tenants";
import { CreateTaxonomy1763800100000 } from "../../migrations/1763800100000-create-taxonomy";
import { CreateCustomers1763800200000 } from "../../migrations/1763800200000-create-customers";
import { CreateWork1763800300000 } from "../../migrations/1763800300000-create-work";
import { CreateImports1763800400000 } from "../../migrations/1763800400000-create-imports";
import { CreateHistory1763800500000 } from "../../migrations/1763800500000-create-history";
import { CreateSigningClients1763800600000 } from "../../migrations/1763800600000-create-signing-clients";
import { CreateRateLimits1763800700000 } from "../../migrations/1763800700000-create-rate-limits";
import { CompleteEncryption1763800800000 } from "../../migrations/1763800800000-complete-encryption";
import { OpenTransactionsFaster1763800900000 } from "../../migrations/1763800900000-open-transactions-faster";
import { RefusePartialDumps1763801400000 } from "../../migrations/1763801400000-refuse-partial-dumps";

/** In the order they run. */
const MIGRATIONS = [
  CreateTenants1763800000000,
  CreateTaxonomy1763800100000,
  CreateCustomers1763800200000,
  CreateWork1763800300000,
  CreateImports1763800400000,
  CreateHistory1763800500000,
  CreateSigningClients1763800600000,
  CreateRateLimits1763800700000,
  CompleteEncryption1763800800000,
  OpenTransactionsFaster1763800900000,
  RefusePartialDumps1763801400000,
];

/** As TypeORM records them. */
export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map(({ name }) => name);

const DATE_OID = 1082;

/**
 * Lets the owner read tenants' tables, as far as row-level security shows them to it; else PostgreSQL raises, so that no dump
 * is partial without a word (the policy owner_reads). The parameter says whether it is for the transaction alone.
 */
export const READ_AS_OWNER = "select set_config('app.owner_reads', 'on', $1)";

export interface DataSourceOptions {
  readonly url: string;
  readonly entities: readonly (new () => object)[];
  /** Connections at most. */
  readonly poolSize: number;
  /** How long a request waits for a connection, in milliseconds. */
  readonly poolTimeoutMs: number;
  /** Whether each connection may read tenants' tables as their owner (see {@link READ_AS_OWNER}), until it ends. */
  readonly readsAsOwner?: boolean;
  /** Called with failures of connections that nobody is using; the pool replaces them. */
  readonly onIdleError?: (error: Error) => void;
}

/** The connections to PostgreSQL, and what TypeORM knows of the entities. */
export function createDataSource(options: DataSourceOptions): DataSource {
  types.setTypeParser(DATE_OID, (text) => text); // a day stays YYYY-MM-DD: no time zone can move it
  return new DataSource({
    type: "postgres",
    url: options.url,
    entities: options.entities as EntityTarget<object>[] as never,
    migrations: MIGRATIONS,
    migrationsTableName: "schema_migrations",
    migrationsTransactionMode: "all",
    synchronize: false,
    logging: false,
    installExtensions: false,
    poolSize: options.poolSize,
    poolErrorHandler: options.onIdleError ?? (() => undefined),
    applicationName: "clientele",
    extra: {
      connectionTimeoutMillis: options.poolTimeoutMs,
      // BEGIN, set_tenant and the first statement go out together instead of in three round trips.
      pipeline: true,
      ...(options.readsAsOwner && { onConnect: (client: Client) => client.query(READ_AS_OWNER, [false]) }),
    },
  });
}

/** TypeORM's own pool: the scope runs its statements on it. */
export function connectionPool(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

/** How many connections a pool has, and who waits for one. */
export interface PoolState {
  readonly name: string;
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

export function poolState(name: string, dataSource: DataSource): PoolState {
  const { totalCount, idleCount, waitingCount } = connectionPool(dataSource);
  return { name, open: totalCount, idle: idleCount, waiting: waitingCount };
}
