import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { type FastifyInstance } from "fastify";
import { createApp, type App, type AppOptions } from "../../src/app";
import { type GraphQLSchema } from "graphql";
import { ALL_SCOPES } from "../../src/auth/scopes";
import { type Keyring } from "../../src/encryption/cipher";
import { createApolloServer } from "../../src/graphql/apollo-server";
import { createHttpServer } from "../../src/http/server";
import { createLogger, type Logger } from "../../src/logging/logger";
import { TenantAdministration } from "../../src/tenancy/tenant-administration";
import { type StatementListener, type TimeLimits } from "../../src/tenancy/tenant-transaction";
import { DEFAULT_OPERATION_LIMITS, type OperationLimits } from "../../src/limits/operation-limits";
import { type RateLimit } from "../../src/limits/rate-limit";
import { type TrustedDocuments } from "../../src/trusted-documents/trusted-documents";
import { createTestDatabase, type TestDatabase } from "./database";
import { lintStatement } from "./lint-statement";

/** An answer, as it came over HTTP. */
export interface Answer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly AnswerError[] | undefined;
  /** What ran in the tenant's scope for it: BEGIN, set_tenant and COMMIT are not counted. */
  readonly statements: readonly string[];
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly requestId: string;
    readonly problems?: readonly { path: (string | number)[]; code: string; message: string }[];
    readonly existing?: { id: string; code: string };
  } & Record<string, unknown>;
}

/** A tenant with a key to it. */
export interface TestTenant {
  readonly id: string;
  readonly code: string;
  readonly token: string;
  /** The same tenant with a key of these scopes. */
  withScopes(...scopes: string[]): Promise<TestTenant>;
  execute<Data = any>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>;
  /** As execute, for what must succeed. */
  run<Data = any>(query: string, variables?: Record<string, unknown>): Promise<Data>;
}

export interface TestGateway {
  readonly app: App;
  readonly http: FastifyInstance;
  readonly database: TestDatabase;
  readonly keyring: Keyring;
  readonly tenants: TenantAdministration;
  /** What was logged as unexpected. */
  readonly unexpected: readonly unknown[];
  aTenant(): Promise<TestTenant>;
  /** A client with a key that another gateway on the same database made. */
  as(token: string): Pick<TestTenant, "execute" | "run">;
  close(): Promise<void>;
}

const LONG_LIMITS: TimeLimits = { statementTimeoutMs: 10_000, lockTimeoutMs: 5000, idleTimeoutMs: 10_000 };

export interface TestGatewayOptions {
  readonly poolSize?: number;
  /** Whether the read planner answers what it can; else the resolvers answer everything. */
  readonly isReadPlannerOn?: boolean;
  readonly poolTimeoutMs?: number;
  /** Else a fresh copy of the template, dropped at the end. */
  readonly database?: TestDatabase;
  /** Else a key of its own; gateways of one database share it. */
  readonly keyring?: Keyring;
  /** Else long ones. */
  readonly timeLimits?: TimeLimits;
  /** The issuer whose tokens are accepted; else none. */
  readonly jwt?: NonNullable<AppOptions["jwt"]>;
  /** Where the log goes; else nowhere. */
  readonly log?: Logger;
  /** What operations may ask for, where it is not the default. */
  readonly limits?: Partial<OperationLimits>;
  readonly rateLimit?: RateLimit;
  readonly trustedDocuments?: (schema: GraphQLSchema) => TrustedDocuments;
  /** Called with every statement of a tenant's scope and its values. */
  readonly onStatement?: StatementListener;
}

/** Of operations that are made at random. */
export const NO_LIMITS: OperationLimits = {
  tokens: 1e6,
  depth: 1e6,
  aliases: 1e6,
  directives: 1e6,
  fields: 1e6,
  objects: 1e9,
};

/** A whole gateway on a database of its own; requests go in at its HTTP door. */
export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { poolSize = 4, poolTimeoutMs = 5000, isReadPlannerOn = true, database: given, onStatement, jwt } = options;
  const { keyring = [{ id: "test", key: randomBytes(32) }], timeLimits = LONG_LIMITS } = options;
  const { log = createLogger("silent") } = options;
  const database = given ?? (await createTestDatabase());
  const statements: string[] = [];
  const unexpected: unknown[] = [];
  const app = await createApp({
    databaseUrl: database.url,
    keyring,
    poolSize,
    isReadPlannerOn,
    poolTimeoutMs,
    limits: timeLimits,
    ...(jwt && { jwt }),
    onStatement: (sql, values, isKept) => {
      lintStatement(sql);
      onStatement?.(sql, values, isKept);
      // A key is looked up anew every few seconds, in the middle of whatever test.
      if (!sql.includes("from api_keys")) statements.push(sql);
    },
  });
  const apollo = createApolloServer({
    schema: app.schema,
    database: app.database,
    idempotencyKeys: app.idempotencyKeys,
    readPlanner: app.readPlanner,
    introspection: true,
    limits: { ...DEFAULT_OPERATION_LIMITS, ...options.limits },
    rateLimit: options.rateLimit,
    trustedDocuments: options.trustedDocuments?.(app.schema),
    onUnexpectedError: (error) => unexpected.push(error),
  });
  await apollo.start();
  const http = await createHttpServer({
    apollo,
    authenticator: app.authenticator,
    corsOrigins: [],
    bodyLimitBytes: 1024 * 1024,
    log,
    isReady: () => app.isReady(),
  });
  await http.ready();
  const tenants = await TenantAdministration.connect(database.adminUrl);

  const as = (token: string): Pick<TestTenant, "execute" | "run"> => {
    const execute: TestTenant["execute"] = async (query, variables = {}) => {
      const before = statements.length;
      const response = await http.inject({
        method: "POST",
        url: "/graphql",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        payload: JSON.stringify({ query, variables }),
      });
      const { data, errors } = response.json<{ data: any; errors?: AnswerError[] }>();
      return { status: response.statusCode, data, errors, statements: statements.slice(before) };
    };
    const run: TestTenant["run"] = async (query, variables) => {
      const answer = await execute(query, variables);
      if (answer.errors) throw new Error(`Not expected to fail: ${JSON.stringify(answer.errors)}`);
      return answer.data;
    };
    return { execute, run };
  };
  const withKey = async (id: string, code: string, scopes: readonly string[]): Promise<TestTenant> => {
    const { token } = await app.database.write(id, (scope) => app.services.apiKeys.create(scope, "test", scopes));
    await app.services.apiKeys.authenticate(token); // so that its statement is none of a test's
    return { id, code, token, withScopes: (...wanted) => withKey(id, code, wanted), ...as(token) };
  };

  return {
    app,
    http,
    database,
    keyring,
    tenants,
    unexpected,
    as,
    aTenant: async () => {
      const code = `t-${randomBytes(6).toString("hex")}`;
      const { id } = await tenants.create(code, `Tenant ${code}`);
      return withKey(id, code, [ALL_SCOPES]);
    },
    close: async () => {
      await http.close();
      await apollo.stop();
      await app.close();
      await tenants.close();
      if (!given) await database.drop();
    },
  };
}
