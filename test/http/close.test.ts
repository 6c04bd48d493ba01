import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
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
