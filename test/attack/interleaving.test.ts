import { type AddressInfo } from "node:net";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { makeWhole, type WholeTenant } from "../../src/doctor/whole-tenant";
import { attackFactor, attackSeed } from "./effort";
import { randomNumbers } from "./hostile-requests";

const REQUESTS = 400;
/** Clients that ask at the same time, on two connections. */
const AT_ONCE = 24;

interface Asked {
  readonly query: string;
  readonly variables?: object;
  /** Whether the answer is an error. */
  readonly fails?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** The client leaves before the answer comes. */
  readonly leaves?: boolean;
}

const RECORDS = `{ customers { totalCount nodes { name contacts { name } bankAccounts { bankName } status { name }
  workOrders { nodes { title asset { name } } } } } }`;
const CREATE =
  "mutation ($input: CustomerInput!, $only: Boolean!) { createCustomer(input: $input, validateOnly: $only) { name contacts { name } } }";

/** What one tenant can ask for; `number` makes it another one. Every text of a tenant has its code in it. */
function asking(own: WholeTenant<TestTenant>, other: WholeTenant<TestTenant>, number: number): readonly Asked[] {
  const { code } = own.tenant;
  const input = { name: `${code} ${number}`, contacts: [{ name: code }], tags: [code] };
  const [mine, foreign] = [own.customers[0], other.customers[0]];
  return [
    { query: RECORDS },
    {
      query: `{ customer(by: { code: "K-1" }) { name workOrders { nodes { title } } history { nodes { credential } } } }`,
    },
    {
      query: `{ customers(filter: { search: "customer" }, orderBy: [{ field: NAME, direction: DESC }]) { nodes { name } } }`,
    },
    { query: `{ viewer { tenant { code } } customerStatuses { name customerCount } }` },
    {
      query: `query ($id: ID!) { customer(by: { id: $id }) { name deletion { allowed } } }`,
      variables: { id: mine?.id },
    },
    {
      query: `query ($id: ID!) { customer(by: { id: $id }) { name } viewer { tenant { code } } }`,
      variables: { id: foreign?.id },
    },
    { query: "{ workOrders { nodes { title customer { name } } } assets { nodes { name } } }" },
    { query: CREATE, variables: { input, only: false } },
    { query: CREATE, variables: { input, only: true } },
    { query: CREATE, variables: { input: { ...input, code: "K-1" }, only: false }, fails: true },
    { query: CREATE, variables: { input: { ...input, status: "nobody" }, only: false }, fails: true },
    { query: CREATE, variables: { input, only: false }, headers: { "idempotency-key": `key-${number}` } },
    { query: RECORDS, leaves: true },
    { query: CREATE, variables: { input: { ...input, name: `${code} left` }, only: true }, leaves: true },
  ];
}

/** What is wrong with an answer: it must be of the tenant that asked, and of no other. */
async function faultOf(url: string, tenant: TestTenant, other: TestTenant, asked: Asked): Promise<string | undefined> {
  const { query, variables, fails = false, headers, leaves = false } = asked;
  const stop = new AbortController();
  const response = fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
    signal: stop.signal,
  });
  if (leaves) {
    setTimeout(() => stop.abort(), 3).unref();
    await response.then((answer) => answer.text()).catch(() => undefined);
    return undefined;
  }
  const text = await (await response).text();
  if (text.includes(other.code)) return `told of ${other.code}: ${text}`;
  if (text.includes('"errors":') !== fails) return text;
  return fails || text.includes(tenant.code) ? undefined : `not of ${tenant.code}: ${text}`;
}

describe.each([
  { reader: "the read planner", isReadPlannerOn: true },
  { reader: "the resolvers", isReadPlannerOn: false },
])("on two connections, read by $reader", ({ isReadPlannerOn }) => {
  let gateway: TestGateway;
  let url: string;
  beforeAll(async () => {
    gateway = await startGateway({ poolSize: 2, isReadPlannerOn });
    await gateway.http.listen({ host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${(gateway.http.server.address() as AddressInfo).port}/graphql`;
  });
  afterAll(() => gateway.close());

  test("interleaved requests of two tenants are each answered with their own tenant's rows", async () => {
    const [a, b] = [
      await makeWhole(gateway.app.database, await gateway.aTenant(), { customers: 3 }),
      await makeWhole(gateway.app.database, await gateway.aTenant(), { customers: 3 }),
    ];
    const random = randomNumbers(attackSeed());
    const faults: string[] = [];
    let sent = 0;
    const count = REQUESTS * attackFactor();
    const client = async (): Promise<void> => {
      while (sent < count) {
        const number = sent++;
        const [own, other] = random() < 0.5 ? [a, b] : [b, a];
        const choices = asking(own, other, number);
        const asked = choices[Math.floor(random() * choices.length)] as Asked;
        const fault = await faultOf(url, own.tenant, other.tenant, asked);
        if (fault !== undefined) faults.push(`${asked.query}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    expect(faults).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(REQUESTS);
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const everything = JSON.stringify(
        await own.tenant.run("{ customers(first: 100) { nodes { name tags contacts { name } } } }"),
      );
      expect(everything).toContain(own.tenant.code);
      expect(everything).not.toContain(other.tenant.code);
      expect(everything).not.toContain(" left");
    }
    for (const { open, idle, waiting } of gateway.app.pools()) expect([idle, waiting]).toEqual([open, 0]);
    expect(gateway.unexpected).toEqual([]);
  }, 600_000);
});
