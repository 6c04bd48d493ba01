import { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type FastifyInstance } from "fastify";
import { missingKeysMessage } from "./cli/keys";
import { openApp } from "./cli/session";
import { type Config } from "./config";
import { localKeyringFile } from "./encryption/keyring";
import { migrate } from "./database/migrate";
import { openDatabase } from "./database/open-database";
import { claimServer } from "./database/single-server";
import { demoQueries } from "./demo/demo-queries";
import { ensureDemo } from "./demo/demo-tenant";
import { createApolloServer } from "./graphql/apollo-server";
import { createHttpServer } from "./http/server";
import { createLogger, logFatal, logLostConnection, logUnexpected, type Logger } from "./logging/logger";
import { Drain } from "./http/drain";
import { addExplorer } from "./http/explorer";
import { openRateLimit } from "./limits/rate-limit-store";
import { addMetrics } from "./http/metrics-route";
import { NO_METRICS, PrometheusMetrics } from "./metrics/metrics";
import { TenantAdministration } from "./tenancy/tenant-administration";
import { TrustedDocuments } from "./trusted-documents/trusted-documents";

type Close = () => Promise<unknown> | void;

/** What was sent before a signal has been read after this time. */
const READ_MS = 100;
/** How long it may take to stop, beside the time for which answers go on. */
const STOP_LIMIT_MS = 8000;

/** Runs the gateway until SIGINT or SIGTERM; then nothing of it is left running. */
export async function serve(config: Config): Promise<void> {
  const log = createLogger(config.logLevel);
  // A promise that nobody waits for, or an error in an event: what the process would do next is unknown.
  process.on("uncaughtException", (error) => {
    logFatal(log, error);
    process.exit(1);
  });
  const stop = new AbortController();
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (stop.signal.aborted) process.exit(130); // asked twice: at once
        stop.abort();
        resolve(signal);
      });
    }
  });
  const closing: Close[] = [];
  const drain = new Drain();
  try {
    await start(config, log, drain, stop.signal, (close) => closing.unshift(close));
    const signal = await stopped;
    say("Stopping …");
    setTimeout(() => {
      logFatal(log, new Error("Not stopped in time"));
      process.exit(1);
    }, config.drainMs + STOP_LIMIT_MS).unref();
    // SIGTERM comes from what also spreads the load and has to notice; SIGINT from a person who waits.
    drain.begin();
    await sleep(signal === "SIGTERM" ? Math.max(config.drainMs, READ_MS) : READ_MS);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    for (const close of closing) await close();
  }
}

/** Starts one thing after another; each is handed over to be closed, the last first. */
async function start(
  config: Config,
  log: Logger,
  drain: Drain,
  stop: AbortSignal,
  onClose: (close: Close) => void,
): Promise<void> {
  if (config.databaseUrl === undefined) {
    const claim = claimServer(config.dataDir, { port: config.port });
    onClose(() => claim.release());
    say("Starting the embedded PostgreSQL …");
  }
  const database = await openDatabase(config);
  onClose(() => database.close());
  stop.throwIfAborted();

  if (database.isEmbedded || !config.isProduction) {
    const migrated = await migrate(database.adminUrl);
    if (migrated.length > 0) say(`Migrated the database: ${migrated.length} steps.`);
  }
  const metrics = config.metrics ? new PrometheusMetrics() : undefined;
  const app = await openApp(config, database, {
    onIdleError: (error) => logLostConnection(log, error),
    onFailure: (error) => metrics?.countFailure(error),
  });
  metrics?.watch(() => app.pools());
  onClose(() => app.close());
  stop.throwIfAborted();

  const missing = await app.keys.missingKeys();
  if (missing.length > 0) throw new Error(missingKeysMessage(missing));
  if (config.encryptionKeys === undefined)
    say(`Account numbers are encrypted with a key of this machine's own: ${localKeyringFile(config.dataDir)}`);

  const trustedDocuments =
    config.trustedDocuments === undefined
      ? undefined
      : TrustedDocuments.read(config.trustedDocuments, app.schema, config.trustedDocumentsOnly);
  const token = config.demo ? await makeDemo() : undefined;
  const counted = config.rateLimit && (await openRateLimit(config.rateLimit, database.url));
  if (counted) onClose(() => counted.close());
  const apollo = createApolloServer({
    schema: app.schema,
    database: app.database,
    idempotencyKeys: app.idempotencyKeys,
    readPlanner: app.readPlanner,
    introspection: config.introspection,
    limits: config.operationLimits,
    rateLimit: counted?.rateLimit,
    trustedDocuments,
    onUnexpectedError: (error, requestId) => logUnexpected(log, error, requestId),
  });
  await apollo.start();
  onClose(() => apollo.stop());
  const http = await createHttpServer({
    apollo,
    authenticator: app.authenticator,
    corsOrigins: config.corsOrigins,
    bodyLimitBytes: config.bodyLimitBytes,
    headersTimeoutMs: config.headersTimeoutMs,
    requestTimeoutMs: config.requestTimeoutMs,
    log,
    isReady: () => app.isReady(),
    drain,
    metrics: metrics ?? NO_METRICS,
  });
  if (metrics) addMetrics(http, metrics, config.metricsToken);
  if (config.explorer) await addExplorer(http, { token, queries: demoQueries });
  await listen(http, config);
  onClose(() => http.close());
  welcome(http, config, token);

  async function makeDemo(): Promise<string> {
    const tenants = await TenantAdministration.connect(database.adminUrl);
    try {
      return await ensureDemo(app, tenants, (done, all) => {
        say(`Making demo customers: ${done} of ${all}`);
        stop.throwIfAborted();
      });
    } finally {
      await tenants.close();
    }
  }
}

/** A chosen port is taken at its word; the default one gives way to a free one. */
async function listen(http: FastifyInstance, { host, port, isPortChosen }: Config): Promise<void> {
  try {
    await http.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    if (isPortChosen)
      throw new Error(`Port ${port} is in use. Choose another with PORT, or stop what uses it.`, { cause: error });
    say(`Port ${port} is in use: taking a free one. Set PORT to choose.`);
    await http.listen({ host, port: 0 });
  }
}

function welcome(http: FastifyInstance, config: Config, token: string | undefined): void {
  const { port } = http.server.address() as AddressInfo;
  const base = `http://${config.host === "0.0.0.0" || config.host === "::" ? "localhost" : config.host}:${port}`;
  console.log(`\nClientele is ready.\n  GraphQL   ${base}/graphql`);
  if (config.explorer) console.log(`  Explorer  ${base}/`);
  if (token === undefined) return;
  console.log(`  API key   ${token}   (tenant demo, every scope; a new one with each start)\n\nThree queries to try:`);
  for (const { title, query } of demoQueries.slice(0, 3)) console.log(`\n# ${title}\n${query}`);
  console.log(
    `\nFrom a shell:\n  curl -s ${base}/graphql -H "Authorization: Bearer ${token}" -H "Content-Type: application/json" \\\n    -d '{"query":"{ customers(first: 3) { nodes { code name } totalCount } }"}'\n`,
  );
}

/** Progress goes to standard error, so that standard output holds what the user came for. */
const say = (text: string): void => console.error(text);
