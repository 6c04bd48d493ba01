import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { Drain } from "../../src/http/drain";
import { stored } from "../support/stored";
import { startGateway, type TestGateway } from "../support/gateway";
import { openHttp } from "./open-http";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

test("stops although somebody holds a connection on which nothing was ever sent", async () => {
  const http = await openHttp(gateway);
  await http.listen({ host: "127.0.0.1", port: 0 });
  const spare = connect((http.server.address() as AddressInfo).port, "127.0.0.1");
  const cut = once(spare, "close");
  await once(spare, "connect");
  await http.close();
  await cut;
  expect(http.server.listening).toBe(false);
});

test("while it drains: not ready, alive, and every answer asks to leave the connection", async () => {
  const drain = new Drain();
  const http = await openHttp(gateway, [], { drain });
  await http.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
  const look = async (path: string): Promise<[number, string | null]> => {
    const { status, headers } = await fetch(`${url}${path}`);
    return [status, headers.get("connection")];
  };
  expect(await look("/health/ready")).toEqual([200, "keep-alive"]);
  drain.begin();
  expect(await look("/health/ready")).toEqual([503, "close"]);
  expect(await look("/health/live")).toEqual([200, "close"]);
  expect(await look("/graphql")).toEqual([401, "close"]);
  expect(await look("/nothing")).toEqual([404, "close"]);
  await http.close();
});

test("requests sent one behind the other without waiting: what is done is answered, also where the server drains", async () => {
  const drain = new Drain();
  const http = await openHttp(gateway, [], { drain });
  await http.listen({ host: "127.0.0.1", port: 0 });
  const { port } = http.server.address() as AddressInfo;
  const tenant = await gateway.aTenant();
  const request = (code: string): string => {
    const body = `{"query":"mutation { createCustomer(input: { code: \\"${code}\\" }) { code } }"}`;
    return `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${tenant.token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
  /** The codes that are answered to ten creates, of which the second half is sent a moment after the first. */
  const send = async (name: string, delayMs: number): Promise<string[]> => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    let told = "";
    socket.on("data", (chunk: Buffer) => (told += chunk.toString()));
    const closed = once(socket, "close");
    const codes = Array.from({ length: 10 }, (_, index) => `${name}-${index}`);
    socket.write(codes.slice(0, 5).map(request).join(""));
    setTimeout(() => socket.write(codes.slice(5).map(request).join("")), delayMs);
    await closed;
    return [...told.matchAll(/"data":\{"createCustomer":\{"code":"([^"]+)"/g)].map(([, code]) => code ?? "");
  };
  drain.begin();
  const answered = await Promise.all(Array.from({ length: 12 }, (_, index) => send(`p${index}`, index * 2)));
  const rows = await stored<{ code: string }>(gateway.database, "select code from customers where tenant_id = $1", [
    tenant.id,
  ]);
  expect(answered.flat().length).toBeGreaterThanOrEqual(12 * 5);
  expect(rows.map(({ code }) => code).sort()).toEqual(answered.flat().sort());
  await http.close();
});
