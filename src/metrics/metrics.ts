import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { type PoolState } from "../database/data-source";
import { databaseErrorCode } from "../database/database-errors";

/** A request to the endpoint that has been answered. */
export interface MeasuredRequest {
  readonly status: number;
  readonly durationMs: number;
  /** "query" or "mutation"; undefined where no operation was found in what was sent. */
  readonly operationType: string | undefined;
  /** Of its errors, each once. */
  readonly codes: readonly string[];
}

/** What is counted while the gateway works. */
export interface Metrics {
  countRequest(request: MeasuredRequest): void;
  /** A query was answered by the read planner, or by the resolvers. */
  countQuery(isPlanned: boolean): void;
  /** A transaction failed; errors that are not the database's are not counted. */
  countFailure(error: unknown): void;
}

const nothing = (): void => undefined;

/** Counts nothing. */
export const NO_METRICS: Metrics = { countRequest: nothing, countQuery: nothing, countFailure: nothing };

const DURATION_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Codes that errors have; whatever else turned up would be "OTHER", so that labels stay few. */
const CODES = new Set([
  "BAD_USER_INPUT",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "CONFLICT",
  "RATE_LIMITED",
  "QUERY_TOO_COMPLEX",
  "TIMEOUT",
  "SERVICE_UNAVAILABLE",
  "INTERNAL_SERVER_ERROR",
  "BAD_REQUEST",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_FOUND",
]);

/** Metrics in Prometheus' text format. They tell of no tenant: no label holds anything that a client chose. */
export class PrometheusMetrics implements Metrics {
  private readonly registry = new Registry();
  private readonly durations = new Histogram({
    name: "clientele_http_request_duration_seconds",
    help: "Requests to /graphql by kind of operation and status",
    labelNames: ["operation", "status"],
    buckets: DURATION_BUCKETS_S,
    registers: [this.registry],
  });
  private readonly operations = new Counter({
    name: "clientele_operations_total",
    help: "Requests to /graphql by kind of operation and codes of errors; OK where there were none",
    labelNames: ["operation", "code"],
    registers: [this.registry],
  });
  private readonly queries = new Counter({
    name: "clientele_queries_total",
    help: "Queries by whether the read planner answered them",
    labelNames: ["planned"],
    registers: [this.registry],
  });
  private readonly databaseErrors = new Counter({
    name: "clientele_database_errors_total",
    help: "Failed transactions by SQLSTATE, or CONNECTION; each try of one that is tried again",
    labelNames: ["code"],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** @param pools the connections to the database at this moment */
  watch(pools: () => readonly PoolState[]): void {
    const connections = new Gauge({
      name: "clientele_pool_connections",
      help: "Connections to the database by pool: idle, or busy",
      labelNames: ["pool", "state"],
      registers: [this.registry],
      collect: () => {
        for (const { name, open, idle } of pools()) {
          connections.set({ pool: name, state: "idle" }, idle);
          connections.set({ pool: name, state: "busy" }, open - idle);
        }
      },
    });
    const waiting = new Gauge({
      name: "clientele_pool_waiting",
      help: "Requests that wait for a connection, by pool",
      labelNames: ["pool"],
      registers: [this.registry],
      collect: () => {
        for (const pool of pools()) waiting.set({ pool: pool.name }, pool.waiting);
      },
    });
  }

  countRequest({ status, durationMs, operationType = "none", codes }: MeasuredRequest): void {
    this.durations.observe({ operation: operationType, status }, durationMs / 1000);
    if (codes.length === 0) {
      this.operations.inc({ operation: operationType, code: status < 400 ? "OK" : "OTHER" });
      return;
    }
    for (const code of codes) {
      this.operations.inc({ operation: operationType, code: CODES.has(code) ? code : "OTHER" });
    }
  }

  countQuery(isPlanned: boolean): void {
    this.queries.inc({ planned: String(isPlanned) });
  }

  countFailure(error: unknown): void {
    const code = databaseErrorCode(error);
    if (code !== undefined) this.databaseErrors.inc({ code });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything, as Prometheus reads it. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
