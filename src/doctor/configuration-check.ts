import { type Config } from "../config";
import { type ReadRows } from "../database/inspection";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type Finding } from "./finding";

/** A server gives up on a request after this. */
const REQUEST_TIMEOUT_MS = 10_000;

const DEFAULT_PORT = 5432;
/** No tenant has this id. */
const NO_TENANT = "00000000-0000-0000-0000-000000000000";

/** What a look at the configuration has found; notes are worth knowing, and nothing to mend. */
export interface ConfigurationChecked {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** What settings say by themselves. */
export function checkSettings(config: Config): ConfigurationChecked {
  const findings: Finding[] = [];
  const notes: string[] = [];
  const found = (is: boolean, subject: string, message: string, remedy: string): void => {
    if (is) findings.push({ check: "configuration", subject, message, remedy });
  };
  const isServed = config.databaseUrl !== undefined;
  found(
    isServed && !config.isProduction,
    "NODE_ENV",
    "is not production: the demo tenant, the explorer and introspection are there unless each is off",
    "Set NODE_ENV=production.",
  );
  if (!isServed) notes.push("The embedded PostgreSQL is for trying out and tests: set DATABASE_URL for anything else.");
  for (const [name, isOn] of Object.entries({
    DEMO: config.demo,
    EXPLORER: config.explorer,
    INTROSPECTION: config.introspection,
  })) {
    found(config.isProduction && isOn, name, "is true in production", `Leave ${name} out, unless that is meant.`);
  }
  found(
    config.corsOrigins.includes("*"),
    "CORS_ORIGINS",
    "holds *, which is no origin: pages of every site are meant, and none is let in",
    "Name the origins of your own pages.",
  );
  found(
    config.statementTimeoutMs >= REQUEST_TIMEOUT_MS,
    "STATEMENT_TIMEOUT_MS",
    `lets a statement run for ${config.statementTimeoutMs} ms: longer than a client waits`,
    `Set it below ${REQUEST_TIMEOUT_MS}.`,
  );
  found(
    config.lockTimeoutMs > config.statementTimeoutMs,
    "LOCK_TIMEOUT_MS",
    "is more than STATEMENT_TIMEOUT_MS, which ends the wait before it",
    "Set it to STATEMENT_TIMEOUT_MS or less.",
  );
  return { findings, notes };
}

/** What settings mean for this database. */
export async function checkSettingsOnDatabase(
  config: Config,
  database: TenantDatabase,
  rows: ReadRows,
): Promise<ConfigurationChecked> {
  const findings = [...(await checkConnections(config, rows)), ...(await checkTransaction(config, database))];
  return { findings, notes: await notesOnPooler(config, database) };
}

/** PgBouncer hands on a connection to a PostgreSQL on another port. */
async function notesOnPooler(config: Config, database: TenantDatabase): Promise<string[]> {
  if (config.databaseUrl === undefined || config.maxPreparedStatements === 0) return [];
  const [server] = await database.read(NO_TENANT, (_scope, transaction) =>
    transaction.query<{ port: number | null }>("select inet_server_port() as port"),
  );
  const named = Number(new URL(config.databaseUrl).port || DEFAULT_PORT);
  if (server?.port == null || server.port === named) return [];
  return [
    `PostgreSQL listens on port ${server.port}, DATABASE_URL names ${named}: behind PgBouncer in transaction mode, set PREPARED_STATEMENTS=0.`,
  ];
}

async function checkConnections({ poolSize, rateLimit }: Config, rows: ReadRows): Promise<Finding[]> {
  const [server] = await rows<{ available: number }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as available`,
  );
  // One gives out codes; rates that are counted in PostgreSQL take two more.
  const needed = poolSize + 1 + (rateLimit?.store === "postgres" ? 2 : 0);
  if (!server || needed <= server.available) return [];
  return [
    {
      check: "configuration",
      subject: "POOL_SIZE",
      message: `takes ${needed} connections a server, and PostgreSQL has ${server.available} in all`,
      remedy: "Make POOL_SIZE smaller or max_connections larger, or put PgBouncer between.",
    },
  ];
}

/** Whether a tenant's transaction is what it has to be, as the server opens it. */
async function checkTransaction(config: Config, database: TenantDatabase): Promise<Finding[]> {
  const wanted: Record<string, string> = {
    role: "clientele_app",
    row_security: "on",
    statement_timeout: `${config.statementTimeoutMs}ms`,
    lock_timeout: `${config.lockTimeoutMs}ms`,
    idle_in_transaction_session_timeout: `${config.idleTimeoutMs}ms`,
  };
  const settings = await database.read(NO_TENANT, (_scope, transaction) =>
    transaction.query<{ name: string; value: string; isSame: boolean }>(
      `select w.name, current_setting(w.name) as value,
         case when w.value ~ '^\\d+ms$' then (select setting || 'ms' = w.value from pg_settings where name = w.name)
           else current_setting(w.name) = w.value end as "isSame"
       from jsonb_each_text($1::jsonb) as w (name, value)`,
      [JSON.stringify(wanted)],
    ),
  );
  return settings
    .filter(({ isSame }) => !isSame)
    .map(({ name, value }) => ({
      check: "transaction",
      subject: name,
      message: `is ${value} in a tenant's transaction, and not ${wanted[name]}`,
      remedy: "Restore the function set_tenant as it is in the migrations.",
    }));
}
