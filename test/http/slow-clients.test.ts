import { type FastifyInstance } from "fastify";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { openHttp } from "./open-http";
import { openSocket, readToEnd, requestHead } from "./raw-request";

let gateway: TestGateway;
let tenant: TestTenant;
let http: FastifyInstance;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  http = await openHttp(gateway, [], { headersTimeoutMs: 300, requestTimeoutMs: 900 });
  await http.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await http.close();
  await gateway.close();
});

/** Sends a byte now and then, as long as it is listened to, and says what came back, after how long. */
async function drip(start: string): Promise<{ status: number | undefined; ms: number }> {
  const began = performance.now();
  const socket = openSocket(http, start);
  const timer = setInterval(() => socket.write("x"), 50);
  const received = await readToEnd(socket).finally(() => clearInterval(timer));
  const status = /^HTTP\/1\.1 (\d+)/.exec(received)?.[1];
  return { status: status === undefined ? undefined : Number(status), ms: performance.now() - began };
}

test("clients that dribble their headers or their body, or send nothing, are sent away", async () => {
  const [headers, body, nothing] = await Promise.all([
    drip("POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-slow: "),
    drip(requestHead(tenant.token, { "content-length": 100_000 })),
    readToEnd(openSocket(http, "")),
  ]);
  expect(headers.status).toBe(408);
  expect(body.status).toBe(408);
  expect(nothing).toMatch(/^HTTP\/1\.1 408/);
  // Each limit and the second between two checks.
  expect(headers.ms).toBeLessThan(2000);
  expect(body.ms).toBeGreaterThan(800);
  expect(body.ms).toBeLessThan(2600);
});

test("a request that takes its time to be executed is not one of them", async () => {
  const other = await openHttp(gateway, [], { headersTimeoutMs: 100, requestTimeoutMs: 200 });
  other.get("/slow", () => new Promise((resolve) => setTimeout(resolve, 1500, "done")));
  await other.listen({ host: "127.0.0.1", port: 0 });
  const socket = openSocket(other, "GET /slow HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  expect(await readToEnd(socket)).toContain("done");
  await other.close();
});

test("headers may take 5 s and a request 10 s where nothing else is configured", () => {
  const { server } = gateway.http;
  expect([server.headersTimeout, server.requestTimeout]).toEqual([5000, 10_000]);
});
