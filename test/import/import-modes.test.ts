import { startGateway, type TestGateway } from "../support/gateway";
import { ImportFolder, importCustomers, readRejected } from "./import-customers";

let gateway: TestGateway;
const folder = new ImportFolder();
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.close();
  folder.remove();
});

const READ = "{ customers(orderBy: [{ field: CODE }]) { nodes { code name notes version contacts { name } } } }";

test("updates those that have the code, and rejects rows whose code nobody has", async () => {
  const tenant = await gateway.aTenant();
  const ada = { code: "A-1", name: "Ada", notes: "old", contacts: [{ name: "Bo" }] };
  await importCustomers(gateway.app, tenant, folder.write([ada, { code: "A-2", name: "Cy" }]));

  const file = folder.write([{ code: "a-1", notes: "new" }, { code: "A-9", name: "Nobody" }, { name: "No code" }]);
  const result = await importCustomers(gateway.app, tenant, file, { mode: "update" });
  expect(result).toMatchObject({ created: 0, updated: 1, rejected: 2 });
  expect(
    readRejected(file)?.map(({ line, problems }) => [line, problems.map(({ path, code }) => [path, code])]),
  ).toEqual([
    [2, [[["code"], "UNKNOWN_REFERENCE"]]],
    [3, [[["code"], "UNKNOWN_REFERENCE"]]],
  ]);
  expect((await tenant.run(READ)).customers.nodes).toEqual([
    { code: "A-1", name: "Ada", notes: "new", version: 2, contacts: [{ name: "Bo" }] },
    { code: "A-2", name: "Cy", notes: null, version: 1, contacts: [] },
  ]);
});

test("upserts: changes those that have the code, creates the others, and says why a row could not be written", async () => {
  const tenant = await gateway.aTenant();
  await importCustomers(gateway.app, tenant, folder.write([{ code: "A-1", name: "Ada", notes: "old" }]));
  const rows = [
    { code: "A-1", notes: null },
    { code: "A-2", name: "Bo" },
    { code: "A-1", email: "nix" },
    { name: "Cy" },
    { code: "A-3", phones: ["1"] },
  ];
  const file = folder.write(rows);
  const result = await importCustomers(gateway.app, tenant, file, { mode: "upsert" });
  expect(result).toMatchObject({ created: 2, updated: 1, rejected: 2 });
  expect(readRejected(file)?.map(({ line, problems }) => [line, problems.map(({ path }) => path)])).toEqual([
    [3, [["email"]]],
    [5, [["phones", 0]]],
  ]);
  expect((await tenant.run(READ)).customers.nodes).toMatchObject([
    { code: "A-1", name: "Ada", notes: null, version: 2 },
    { code: "A-2", name: "Bo" },
    { code: "C-10001", name: "Cy" },
  ]);
});

test.each([500, 1])("writes a code that comes again once more, in batches of %d alike", async (batchSize) => {
  const tenant = await gateway.aTenant();
  const rows = [
    { code: "A-1", name: "Ada" },
    { code: "a-1", notes: "first" },
    { code: "A-1", notes: "second" },
  ];
  const result = await importCustomers(gateway.app, tenant, folder.write(rows), { mode: "upsert", batchSize });
  expect(result).toMatchObject({ created: 1, updated: 2, rejected: 0 });
  expect((await tenant.run(READ)).customers.nodes).toMatchObject([
    { code: "A-1", name: "Ada", notes: "second", version: 3 },
  ]);
});

test("keeps nothing in a dry run", async () => {
  const tenant = await gateway.aTenant();
  await importCustomers(gateway.app, tenant, folder.write([{ code: "A-1", name: "Ada" }]));
  const file = folder.write([{ code: "A-1", name: "Other" }, { name: "Bo" }]);
  const result = await importCustomers(gateway.app, tenant, file, { mode: "upsert", dryRun: true });
  expect(result).toMatchObject({ created: 1, updated: 1, rejected: 0 });
  expect((await tenant.run(READ)).customers.nodes).toMatchObject([{ code: "A-1", name: "Ada", version: 1 }]);
});

test("names the command in the history of what it changed", async () => {
  const tenant = await gateway.aTenant();
  await importCustomers(gateway.app, tenant, folder.write([{ code: "A-1", name: "Ada" }]));
  await importCustomers(gateway.app, tenant, folder.write([{ code: "A-1", name: "Bo" }]), { mode: "update" });
  const { customers } = await tenant.run(
    "{ customers { nodes { history(first: 1) { nodes { action credential fields { path before after } } } } } }",
  );
  expect(customers.nodes[0].history.nodes).toEqual([
    { action: "UPDATED", credential: "clientele import", fields: [{ path: ["name"], before: "Ada", after: "Bo" }] },
  ]);
});

test("leaves the customers of another tenant with the same codes alone", async () => {
  const tenant = await gateway.aTenant();
  const other = await gateway.aTenant();
  await importCustomers(gateway.app, tenant, folder.write([{ code: "A-1", name: "Ada" }]));
  const file = folder.write([{ code: "A-1", name: "Other" }]);
  expect(await importCustomers(gateway.app, other, file, { mode: "update" })).toMatchObject({
    updated: 0,
    rejected: 1,
  });
  expect((await tenant.run(READ)).customers.nodes).toMatchObject([{ name: "Ada", version: 1 }]);
});
