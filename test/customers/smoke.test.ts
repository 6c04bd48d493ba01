import { startGateway, type TestGateway } from "../support/gateway";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

test("creates a customer and reads it back", async () => {
  const tenant = await gateway.aTenant();
  await tenant.run(
    `mutation { createCustomer(input: { name: "Ada", contacts: [{ name: "Bo", isPrimary: true }] }) { id } }`,
  );
  const { data, statements } = await tenant.execute("{ customers { nodes { code name contacts { name } } } }");
  expect(data).toEqual({ customers: { nodes: [{ code: "C-10001", name: "Ada", contacts: [{ name: "Bo" }] }] } });
  expect(statements).toHaveLength(2);
});
