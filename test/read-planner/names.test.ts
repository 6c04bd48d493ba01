import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
let tenant: TestTenant;

beforeAll(async () => {
  gateway = await startGateway({ poolSize: 1 });
  tenant = await gateway.aTenant();
  for (const code of ["A-1", "A-2"]) {
    const query = "mutation ($input: CustomerInput!) { y: createCustomer(input: $input) { y: code name } }";
    expect(await tenant.run(query, { input: { code, name: `Name ${code}` } })).toEqual({
      y: { y: code, name: `Name ${code}` },
    });
  }
});
afterAll(() => gateway.close());

test.each(["y", "x", "n", "t1", "f", "r", "select", "counted", "page_t1", "constructor"])(
  "a field may be called %s at every level",
  async (name) => {
    const data = await tenant.run(`{
      ${name}: customers(first: 1) { ${name}: totalCount nodes { ${name}: code name status { ${name}: code } } pageInfo { ${name}: hasNextPage } }
      page: customerPage { ${name}: totalCount items { ${name}: code } }
    }`);
    expect(data).toEqual({
      [name]: { [name]: 2, nodes: [{ [name]: "A-1", name: "Name A-1", status: null }], pageInfo: { [name]: true } },
      page: { [name]: 2, items: [{ [name]: "A-1" }, { [name]: "A-2" }] },
    });
  },
);

test("a condition that is null is refused as without the planner, whatever was planned before", async () => {
  const query = "query ($x: Boolean = true) { customers(first: 1) { nodes { code @include(if: $x) id } } }";
  expect((await tenant.execute(query, { x: false })).errors).toBeUndefined();
  const { errors } = await tenant.execute(query, { x: null });
  expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
});

test("statements beyond the cap are given up without harm, those that never were prepared too", async () => {
  const failing = `mutation { createCustomer(input: { code: "A-1" }) { id } }`;
  for (let round = 0; round < 3; round++) expect((await tenant.execute(failing)).errors).toHaveLength(1);
  for (let index = 0; index < 130; index++) await tenant.run(`{ customers(first: 1) { a${index}: totalCount } }`);
  expect(await tenant.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 2 } });
}, 30_000);
