import { createApp, type App, type AppOptions } from "../app";
import { type Keyring } from "../encryption/cipher";
import { localKeyring, parseKeyring } from "../encryption/keyring";
import { type Config } from "../config";
import { migrate } from "../database/migrate";
import { openDatabase, type OpenDatabase } from "../database/open-database";
import { TenantAdministration, type TenantRecord } from "../tenancy/tenant-administration";

/** Nobody waits for an answer here: a busy database may take longer than in a request. */
const PATIENCE_MS = 60_000;

/** A command cannot do what it was asked: told in one line, exit code 1. */
export class CommandError extends Error {}

/** What a command works with. */
export interface Session {
  readonly app: App;
  readonly tenants: TenantAdministration;
  /** The first key is the active one. */
  readonly keyring: Keyring;
  readonly database: OpenDatabase;
}

/** Opens the database, brings the embedded one to this version, does the work and leaves nothing open. */
export async function withSession<T>(config: Config, work: (session: Session) => Promise<T>): Promise<T> {
  const database = await openDatabase(config);
  const closing: (() => Promise<void>)[] = [() => database.close()];
  try {
    if (database.isEmbedded) await migrate(database.adminUrl);
    const app = await openApp(config, database);
    closing.unshift(() => app.close());
    const tenants = await TenantAdministration.connect(database.adminUrl);
    closing.unshift(() => tenants.close());
    return await work({ app, tenants, keyring: keyringOf(config), database });
  } finally {
    for (const close of closing) await close();
  }
}

/** The same with long time limits, for commands that go through many rows. */
export function patient(config: Config): Config {
  return {
    ...config,
    statementTimeoutMs: Math.max(config.statementTimeoutMs, PATIENCE_MS),
    lockTimeoutMs: Math.max(config.lockTimeoutMs, PATIENCE_MS),
    idleTimeoutMs: Math.max(config.idleTimeoutMs, PATIENCE_MS),
  };
}

/** Who is told of what goes wrong at the database. */
export type AppListeners = Pick<AppOptions, "onIdleError" | "onFailure">;

/** The app on an open database. */
export function openApp(config: Config, database: OpenDatabase, listeners: AppListeners = {}): Promise<App> {
  return createApp({
    databaseUrl: database.url,
    keyring: keyringOf(config),
    poolSize: config.poolSize,
    poolTimeoutMs: config.poolTimeoutMs,
    limits: config,
    maxPreparedStatements: config.maxPreparedStatements,
    isReadPlannerOn: config.isReadPlannerOn,
    signatureWindowSeconds: config.signatureWindowSeconds,
    ...(config.jwt && { jwt: config.jwt }),
    ...listeners,
  });
}

/** @throws CommandError for a tenant that there is not */
export async function tenantByCode(tenants: TenantAdministration, code: string): Promise<TenantRecord> {
  const tenant = await tenants.findByCode(code);
  if (!tenant) throw new CommandError(`There is no tenant "${code}". List them with: clientele tenant list`);
  return tenant;
}

/** The tenant with a code, or every tenant. @throws CommandError for a tenant that there is not */
export async function tenantsByCode(tenants: TenantAdministration, code: string | undefined): Promise<TenantRecord[]> {
  return code === undefined ? tenants.list() : [await tenantByCode(tenants, code)];
}

function keyringOf({ encryptionKeys, isProduction, dataDir }: Config): Keyring {
  if (encryptionKeys !== undefined) return parseKeyring(encryptionKeys);
  if (isProduction) {
    throw new CommandError(
      "ENCRYPTION_KEYS must be set with NODE_ENV=production: <key id>:<32 bytes in base64>, made with: openssl rand -base64 32",
    );
  }
  return localKeyring(dataDir);
}
