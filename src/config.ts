import path from "node:path";
import { type JwtOptions } from "./auth/jwt-checker";
import { SIGNATURE_WINDOW_SECONDS } from "./auth/signature-checker";
import { DEFAULT_OPERATION_LIMITS, type OperationLimits } from "./limits/operation-limits";
import { DEFAULT_PREPARED_STATEMENTS } from "./tenancy/statements";
import { RATE_LIMIT_STORES, type RateLimitOptions } from "./limits/rate-limit-options";

/** Everything that the environment can say, checked. docs/configuration.md lists it for operators. */
export interface Config {
  /** Unset: the embedded PostgreSQL is used. */
  readonly databaseUrl: string | undefined;
  /** The login that migrates and administers; the same as databaseUrl unless set. */
  readonly databaseAdminUrl: string | undefined;
  /** The login that backs up: it reads every row of every tenant. */
  readonly databaseBackupUrl: string | undefined;
  /** The folder of pg_dump, pg_restore and psql; undefined: they are looked for. */
  readonly pgBin: string | undefined;
  /** Where the embedded PostgreSQL and generated secrets live. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Whether the port was chosen: if so, no other will do. */
  readonly isPortChosen: boolean;
  readonly logLevel: string;
  readonly isProduction: boolean;
  readonly introspection: boolean;
  readonly explorer: boolean;
  /** Make the tenant "demo" and a key for it when the server starts. */
  readonly demo: boolean;
  /** Origins of web pages that may call the endpoint. */
  readonly corsOrigins: readonly string[];
  readonly encryptionKeys: string | undefined;
  readonly poolSize: number;
  readonly poolTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly bodyLimitBytes: number;
  /** Statements that each connection keeps, parsed and planned; 0 for a pooler that does not know them. */
  readonly maxPreparedStatements: number;
  /** Whether the read planner answers what it can; else the resolvers answer everything. */
  readonly isReadPlannerOn: boolean;
  /** How far the time of a signed request may be from now. */
  readonly signatureWindowSeconds: number;
  /** Undefined: no JSON Web Tokens are accepted. */
  readonly jwt: JwtOptions | undefined;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly operationLimits: OperationLimits;
  /** Unset: nothing is counted. */
  readonly rateLimit: RateLimitOptions | undefined;
  /** A file of documents that are known by their ids. */
  readonly trustedDocuments: string | undefined;
  /** Whether nothing else is executed. */
  readonly trustedDocumentsOnly: boolean;
  /** How long answers go on after SIGTERM before the server closes. */
  readonly drainMs: number;
  readonly metrics: boolean;
  /** Who reads metrics sends it. */
  readonly metricsToken: string | undefined;
}

/** The environment has a value that cannot be used. */
export class ConfigError extends Error {}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
/** With a key pair each: with a shared secret, whoever can check tokens can make them. */
const JWT_ALGORITHMS = ["RS", "PS", "ES"].flatMap((kind) => ["256", "384", "512"].map((bits) => kind + bits));
const SANDBOX_ORIGIN = "https://studio.apollographql.com";

/** Reads the environment. @throws ConfigError naming the variable and what it may be */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const isProduction = env["NODE_ENV"] === "production";
  const logLevel = env["LOG_LEVEL"] || (isProduction ? "info" : "warn");
  if (!LOG_LEVELS.includes(logLevel)) throw new ConfigError(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}`);
  if (env["DATABASE_ADMIN_URL"] && !env["DATABASE_URL"])
    throw new ConfigError("DATABASE_ADMIN_URL needs DATABASE_URL beside it");
  if (env["TRUSTED_DOCUMENTS_ONLY"] === "true" && !env["TRUSTED_DOCUMENTS"])
    throw new ConfigError("TRUSTED_DOCUMENTS_ONLY needs TRUSTED_DOCUMENTS, the file of the documents");
  return Object.freeze({
    databaseUrl: databaseUrl(env, "DATABASE_URL"),
    databaseAdminUrl: databaseUrl(env, "DATABASE_ADMIN_URL") ?? databaseUrl(env, "DATABASE_URL"),
    databaseBackupUrl: databaseUrl(env, "DATABASE_BACKUP_URL"),
    pgBin: env["PG_BIN"] ? path.resolve(env["PG_BIN"]) : undefined,
    dataDir: path.resolve(env["DATA_DIR"] || ".data"),
    host: env["HOST"] || "127.0.0.1",
    port: integer(env, "PORT", 4000, 0, 65_535),
    isPortChosen: Boolean(env["PORT"]),
    logLevel,
    isProduction,
    introspection: flag(env, "INTROSPECTION", !isProduction),
    explorer: flag(env, "EXPLORER", !isProduction),
    demo: flag(env, "DEMO", !isProduction),
    corsOrigins:
      env["CORS_ORIGINS"]
        ?.split(",")
        .map((origin) => origin.trim())
        .filter(Boolean) ?? (isProduction ? [] : [SANDBOX_ORIGIN]),
    encryptionKeys: env["ENCRYPTION_KEYS"] || undefined,
    poolSize: integer(env, "POOL_SIZE", 10, 1, 1000),
    poolTimeoutMs: integer(env, "POOL_TIMEOUT_MS", 2000, 1, 600_000),
    statementTimeoutMs: integer(env, "STATEMENT_TIMEOUT_MS", 3000, 1, 600_000),
    lockTimeoutMs: integer(env, "LOCK_TIMEOUT_MS", 2000, 1, 600_000),
    idleTimeoutMs: integer(env, "IDLE_TRANSACTION_TIMEOUT_MS", 5000, 1, 600_000),
    bodyLimitBytes: integer(env, "BODY_LIMIT_BYTES", 1024 * 1024, 1024, 100 * 1024 * 1024),
    maxPreparedStatements: integer(env, "PREPARED_STATEMENTS", DEFAULT_PREPARED_STATEMENTS, 0, 10_000),
    isReadPlannerOn: flag(env, "READ_PLANNER", true),
    signatureWindowSeconds: integer(env, "SIGNATURE_WINDOW_SECONDS", SIGNATURE_WINDOW_SECONDS, 1, 3600),
    jwt: jwtOptions(env),
    headersTimeoutMs: integer(env, "HEADERS_TIMEOUT_MS", 5000, 1, 600_000),
    requestTimeoutMs: integer(env, "REQUEST_TIMEOUT_MS", 10_000, 1, 600_000),
    operationLimits: operationLimits(env),
    rateLimit: rateLimit(env),
    trustedDocuments: env["TRUSTED_DOCUMENTS"] || undefined,
    trustedDocumentsOnly: flag(env, "TRUSTED_DOCUMENTS_ONLY", false),
    drainMs: integer(env, "DRAIN_MS", 2000, 0, 600_000),
    metrics: flag(env, "METRICS", true),
    metricsToken: env["METRICS_TOKEN"] || undefined,
  });
}

/** The environment of this process with changes, for a process that it starts. */
export function environmentWith(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

/** What a program of PostgreSQL gets of this process's environment: no setting and no secret of ours. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, LC_ALL: "C" };
}

/** The folders that programs are looked for in. */
export function programFolders(): string[] {
  return (process.env["PATH"] ?? "").split(path.delimiter).filter(Boolean);
}

function operationLimits(env: NodeJS.ProcessEnv): OperationLimits {
  const { tokens, depth, aliases, directives, fields, objects } = DEFAULT_OPERATION_LIMITS;
  return {
    tokens: integer(env, "MAX_TOKENS", tokens, 1, 100_000),
    depth: integer(env, "MAX_DEPTH", depth, 1, 1000),
    aliases: integer(env, "MAX_ALIASES", aliases, 0, 100_000),
    directives: integer(env, "MAX_DIRECTIVES", directives, 0, 100_000),
    fields: integer(env, "MAX_FIELDS", fields, 1, 100_000),
    objects: integer(env, "MAX_OBJECTS", objects, 1, 100_000_000),
  };
}

function rateLimit(env: NodeJS.ProcessEnv): RateLimitOptions | undefined {
  const store = RATE_LIMIT_STORES.find((name) => name === (env["RATE_LIMIT_STORE"] || "memory"));
  if (!store) throw new ConfigError(`RATE_LIMIT_STORE must be one of ${RATE_LIMIT_STORES.join(", ")}`);
  const redisUrl = env["REDIS_URL"] || undefined;
  if (redisUrl !== undefined && !/^rediss?:\/\//.test(redisUrl))
    throw new ConfigError("REDIS_URL must be a URL such as redis://user:password@host:6379/0");
  if (store === "redis" && redisUrl === undefined) throw new ConfigError("RATE_LIMIT_STORE=redis needs REDIS_URL");
  const points = integer(env, "RATE_LIMIT", 0, 0, 100_000_000);
  const windowSeconds = integer(env, "RATE_LIMIT_WINDOW_S", 60, 1, 86_400);
  return points === 0 ? undefined : { points, windowSeconds, store, redisUrl };
}

function integer(env: NodeJS.ProcessEnv, name: string, byDefault: number, min: number, max: number): number {
  const text = env[name];
  if (!text) return byDefault;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new ConfigError(`${name} must be a whole number from ${min} to ${max}`);
  return value;
}

function flag(env: NodeJS.ProcessEnv, name: string, byDefault: boolean): boolean {
  const text = env[name];
  if (!text) return byDefault;
  if (text === "true" || text === "false") return text === "true";
  throw new ConfigError(`${name} must be true or false`);
}

/** All or nothing: a part of it would be an issuer that is half trusted. */
function jwtOptions(env: NodeJS.ProcessEnv): JwtOptions | undefined {
  const required = ["JWT_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"];
  const set = [...required, "JWT_ALGORITHMS", "JWT_TENANT_CLAIM", "JWT_SCOPE_CLAIM"].filter((name) => env[name]);
  if (set.length === 0) return undefined;
  const missing = required.filter((name) => !env[name]);
  if (missing.length > 0) throw new ConfigError(`${set.join(", ")} needs ${missing.join(" and ")} beside it`);
  return {
    jwksUrl: jwksUrl(env["JWT_JWKS_URL"] ?? ""),
    issuer: env["JWT_ISSUER"] ?? "",
    audience: env["JWT_AUDIENCE"] ?? "",
    algorithms: jwtAlgorithms(env["JWT_ALGORITHMS"] || "RS256,ES256"),
    tenantClaim: env["JWT_TENANT_CLAIM"] || "tenant",
    scopeClaim: env["JWT_SCOPE_CLAIM"] || "scope",
  };
}

function jwksUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)) return url.href;
  throw new ConfigError("JWT_JWKS_URL must be an https:// URL; http:// is for this machine itself (localhost) alone");
}

function jwtAlgorithms(text: string): string[] {
  const algorithms = text.split(",").map((name) => name.trim());
  if (algorithms.every((name) => JWT_ALGORITHMS.includes(name))) return algorithms;
  throw new ConfigError(`JWT_ALGORITHMS must be some of ${JWT_ALGORITHMS.join(", ")}, comma-separated`);
}

function databaseUrl(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const text = env[name];
  if (!text) return undefined;
  if (!/^postgres(ql)?:\/\//.test(text))
    throw new ConfigError(`${name} must be a URL such as postgres://user:password@host:5432/database`);
  return text;
}
