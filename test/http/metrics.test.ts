import "reflect-metadata";
import { addMetrics } from "../../src/http/metrics-route";
import { PrometheusMetrics } from "../../src/metrics/metrics";
import { readConfig } from "../../src/config";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { openHttp } from "./open-http";

let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
});
afterAll(() => gateway.close());

/** The samples of a metric, without what Node itself measures. */
function samples(text: string, name: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(name));
}

test("counts requests by kind and code, connections, failures of the database and planned queries, and names nothing else", async () => {
  const metrics = new PrometheusMetrics();
  metrics.watch(() => gateway.app.pools());
  const http = await openHttp(gateway, [], { metrics });
  addMetrics(http, metrics, undefined);
  const ask = (query: string, token = tenant.token) =>
    http.inject({
      method: "POST",
      url: "/graphql",
      headers: { authorization: `Bearer ${token}` },
      payload: { query },
    });
  await ask("query Secretive { customers { totalCount } }");
  await ask("{ customers { totalCount } }");
  await ask('mutation { a: updateContact(id: "x", input: {}) { id } b: createCustomer(input: {}) { id } }');
  await ask("{ viewer { credential } }");
  await ask("{ nope }");
  await ask("{");
  await ask("{ customers { totalCount } }", "ck_nobody");
  metrics.countFailure(Object.assign(new Error("x"), { severity: "ERROR", code: "40001" }));
  metrics.countFailure(Object.assign(new Error("x"), { code: "ECONNREFUSED" }));
  metrics.countFailure(new Error("no failure of the database"));

  const { statusCode, headers, body } = await http.inject("/metrics");
  expect([statusCode, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(samples(body, "clientele_operations_total").sort()).toEqual(
    [
      'clientele_operations_total{operation="mutation",code="NOT_FOUND"} 1',
      'clientele_operations_total{operation="none",code="GRAPHQL_PARSE_FAILED"} 1',
      'clientele_operations_total{operation="none",code="UNAUTHENTICATED"} 1',
      'clientele_operations_total{operation="none",code="GRAPHQL_VALIDATION_FAILED"} 1',
      'clientele_operations_total{operation="query",code="OK"} 3',
    ].sort(),
  );
  expect(samples(body, "clientele_http_request_duration_seconds_count").sort()).toEqual([
    'clientele_http_request_duration_seconds_count{operation="mutation",status="200"} 1',
    'clientele_http_request_duration_seconds_count{operation="none",status="400"} 2',
    'clientele_http_request_duration_seconds_count{operation="none",status="401"} 1',
    'clientele_http_request_duration_seconds_count{operation="query",status="200"} 3',
  ]);
  expect(samples(body, "clientele_queries_total")).toEqual([
    'clientele_queries_total{planned="true"} 2',
    'clientele_queries_total{planned="false"} 1', // who asks is no row
  ]);
  expect(samples(body, "clientele_database_errors_total").sort()).toEqual([
    'clientele_database_errors_total{code="40001"} 1',
    'clientele_database_errors_total{code="CONNECTION"} 1',
  ]);
  expect(samples(body, "clientele_pool_waiting")).toEqual([
    'clientele_pool_waiting{pool="requests"} 0',
    'clientele_pool_waiting{pool="codes"} 0',
  ]);
  expect(samples(body, 'clientele_pool_connections{pool="requests",state="busy"}')).toEqual([
    'clientele_pool_connections{pool="requests",state="busy"} 0',
  ]);
  expect(samples(body, "process_cpu_seconds_total")).toHaveLength(1);
  for (const secret of [tenant.id, tenant.code, tenant.token, "Secretive"]) expect(body).not.toContain(secret);
  await http.close();
});

test("METRICS_TOKEN asks whoever reads for a bearer token; METRICS=false takes them away", async () => {
  expect(readConfig({})).toMatchObject({ metrics: true, metricsToken: undefined });
  expect(readConfig({ METRICS: "false" })).toMatchObject({ metrics: false });
  const http = await openHttp(gateway);
  addMetrics(http, new PrometheusMetrics(), readConfig({ METRICS_TOKEN: "the token" }).metricsToken);
  const read = async (authorization?: string): Promise<number> =>
    (await http.inject({ url: "/metrics", headers: { ...(authorization !== undefined && { authorization }) } }))
      .statusCode;
  expect(await read("Bearer the token")).toBe(200);
  for (const wrong of [undefined, "", "the token", "Bearer the toke", "Bearer the token ", `Bearer ${tenant.token}`]) {
    expect([wrong, await read(wrong)]).toEqual([wrong, 401]);
  }
  await http.close();
});
