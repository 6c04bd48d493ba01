import { randomBytes } from "node:crypto";
import { type Keyring } from "../../src/encryption/cipher";
import { withClient } from "../support/database";
import {
  NO_LIMITS,
  startGateway,
  type Answer,
  type AnswerError,
  type TestGateway,
  type TestTenant,
} from "../support/gateway";
import { makeWhole, type WholeTenant } from "../../src/doctor/whole-tenant";
import { randomAnswer, randomOperation, type RandomOperation, type Vocabulary } from "./random-operation";

/*
 * The resolvers say what every field means; the planner has to answer the same. Random operations over the whole schema, over
 * data with nulls, ties, trash, accents and empty lists, with another tenant's ids among the arguments. A failure prints the
 * operation; RANDOM_OPERATIONS says how many, FIRST_OPERATION where to begin.
 */

const COUNT = Number(process.env["RANDOM_OPERATIONS"] ?? 400);
const FIRST = Number(process.env["FIRST_OPERATION"] ?? 1);
const CUSTOMERS = 13;

let planning: TestGateway;
let resolving: TestGateway;
let planned: TestTenant;
let resolved: Pick<TestTenant, "execute">;
let vocabulary: Vocabulary;

beforeAll(async () => {
  const keyring: Keyring = [{ id: "test", key: randomBytes(32) }];
  planning = await startGateway({ keyring, limits: NO_LIMITS });
  resolving = await startGateway({
    keyring,
    database: planning.database,
    isReadPlannerOn: false,
    limits: NO_LIMITS,
  });
  planned = await planning.aTenant();
  const filled = await makeWhole(planning.app.database, planned, { customers: CUSTOMERS, terms: 4, workOrders: 2 });
  const other = await makeWhole(planning.app.database, await planning.aTenant(), { customers: 3, terms: 1 });
  await roughen(planning, planned);
  resolved = resolving.as(planned.token);
  vocabulary = await vocabularyOf(filled, other);
}, 60_000);

afterAll(async () => {
  await resolving.close();
  await planning.close();
});

test(`${COUNT} random operations have the same answer, or the same error, from planner and resolvers`, async () => {
  let plannable = 0;
  let plannedOperations = 0;
  let withErrors = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const operation = randomOperation(planning.app.schema, vocabulary, seed);
    const fast = await planned.execute(operation.query, operation.variables);
    const slow = await resolved.execute(operation.query, operation.variables);
    expectSame(seed, operation, fast, slow);
    if (slow.errors) withErrors++;
    else if (!operation.isException && slow.statements.length > 0) {
      plannable++;
      if (isPlanned(fast)) plannedOperations++;
    }
  }
  expect(withErrors).toBeLessThan(COUNT / 2);
  expect(plannedOperations).toBeGreaterThanOrEqual(plannable * 0.9);
  console.info(`${COUNT} operations: ${withErrors} with errors, ${plannedOperations} of ${plannable} others planned`);
}, 3_600_000);

test(`${COUNT / 4} mutations are answered the same by planner and resolvers`, async () => {
  let plannedAnswers = 0;
  for (let seed = FIRST; seed < FIRST + COUNT / 4; seed++) {
    const operation = randomAnswer(planning.app.schema, vocabulary, seed);
    const fast = await planned.execute(operation.query, operation.variables);
    const slow = await resolved.execute(operation.query, operation.variables);
    expectSame(seed, operation, fast, slow);
    if (isPlanned(fast)) plannedAnswers++;
  }
  expect(plannedAnswers).toBeGreaterThan(COUNT / 20);
}, 3_600_000);

const isPlanned = ({ statements }: Answer<unknown>): boolean =>
  statements.some((sql) => sql.includes("::text as data, "));

function expectSame(seed: number, operation: RandomOperation, fast: Answer<unknown>, slow: Answer<unknown>): void {
  const asText = ({ status, data }: Answer<unknown>): string => JSON.stringify({ status, data }, null, 1);
  // In which order errors come is a matter of time, and so is which come after one has made their place null: GraphQL drops those.
  const errorsOf = ({ errors = [] }: Answer<unknown>): string[] => errors.map(withoutRequest).sort();
  const [fewer = [], more = []] = [errorsOf(fast), errorsOf(slow)].sort((a, b) => a.length - b.length);
  const isSame =
    asText(fast) === asText(slow) &&
    fewer.every((error) => more.includes(error)) &&
    fewer.length > 0 === more.length > 0;
  if (!isSame) console.error(`Operation ${seed}\n${operation.query}\n${JSON.stringify(operation.variables)}`);
  expect(asText(fast)).toBe(asText(slow));
  expect(more).toEqual(expect.arrayContaining(fewer));
  expect(fewer.length > 0).toBe(more.length > 0);
}

function withoutRequest({ extensions, ...error }: AnswerError): string {
  return JSON.stringify({ ...error, extensions: { ...extensions, requestId: undefined } });
}

/** Makes the regular rows of a filled tenant as irregular as life: the number in the code decides. */
async function roughen({ database }: TestGateway, { id }: TestTenant): Promise<void> {
  await withClient(database.superuserUrl, async (client) => {
    await client.query("set session_replication_role = replica");
    const n = "substring(code from '[0-9]+')::int";
    const statements = [
      `update customers set created_at = timestamptz '2026-01-01 10:00:00Z' + ${n} % 4 * interval '1 hour' + ${n} % 2 * interval '7 milliseconds'`,
      `update customers set name = 'Đặng "Ünal" \\ ' || ${n} % 3 || E' \\u2028 \\t😀', name_folded = 'dang "unal" \\ ' || ${n} % 3 where ${n} % 2 = 0`,
      `update customers set email = null, email_folded = null, phones = '{}', tax_id = null, tax_id_folded = null where ${n} % 3 = 0`,
      `update customers set notes = E'two\\nlines\\u007f', first_name = 'Zoë', branch_id = null where ${n} % 3 = 1`,
      `update customers set status_id = null, type_id = null, address = null where ${n} % 4 = 1`,
      `update customers set group_id = null, billing_address = null, tags = '{}', custom_values = '{}' where ${n} % 5 = 1`,
      `update customers set deleted_at = now() where ${n} in (6, 11)`,
      `update customers set merged_into_id = (select k.id from customers k where k.tenant_id = '${id}' and k.code = 'K-1') where ${n} = 11`,
      `update work_orders set created_at = timestamptz '2026-02-01Z', status = 'COMPLETED', completed_at = now() where ${n} % 3 = 0`,
      `update work_orders set asset_id = null, scheduled_at = '2026-05-05T05:05:05.050Z', description = 'x' where ${n} % 4 = 0`,
      `update assets set installed_on = '2024-02-29', serial_number = '', category = null, category_folded = null where ${n} % 2 = 0`,
      `update contracts set status = 'DRAFT', starts_on = '2026-01-31' where ${n} % 2 = 0`,
      `update invoices set status = 'PAID', amount = ${n} * 100.10, due_on = '2026-12-31' where ${n} % 2 = 0`,
    ];
    for (const statement of statements) {
      await client.query(
        statement.replace(/ where |$/, (found) => ` where tenant_id = '${id}'${found ? " and " : ""}`),
      );
    }
    const few = (table: string): string =>
      `delete from ${table} where tenant_id = '${id}' and customer_id in (select id from customers where ${n} % 4 = 0)`;
    for (const table of ["contacts", "bank_accounts", "contracts"]) await client.query(few(table));
    await client.query(
      `update contacts set is_primary = false where tenant_id = '${id}' and customer_id in (select id from customers where ${n} % 3 = 2)`,
    );
  });
}

async function vocabularyOf(own: WholeTenant, other: WholeTenant): Promise<Vocabulary> {
  const cursors: Record<string, string[]> = {};
  for (const field of ["customers", "assets", "workOrders", "contracts", "invoices"]) {
    const { data } = await resolved.execute(`{ ${field}(first: 30) { edges { cursor } } }`);
    const type = `${field[0]?.toUpperCase()}${field.slice(1, -1)}Connection`;
    cursors[type] = [...data[field].edges.map(({ cursor }: { cursor: string }) => cursor), "x"];
  }
  const { data } = await resolved.execute(
    "{ customers(first: 30, orderBy: [{ field: NAME, direction: DESC }]) { edges { cursor } } }",
  );
  cursors["CustomerConnection"]?.push(...data.customers.edges.map(({ cursor }: { cursor: string }) => cursor));
  const ids = (name: "assets" | "workOrders" | "contracts" | "invoices"): string[] => [
    ...own[name].map(({ id }) => id),
    ...other[name].map(({ id }) => id),
    "not-an-id",
  ];
  const of = (tenants: WholeTenant[]) => tenants.flatMap(({ customers }) => customers);
  const everyone = of([own, other]);
  return {
    ids: {
      Customer: [...everyone.map(({ id }) => id), "00000000-0000-7000-8000-000000000000", "x"],
      Contact: everyone.flatMap(({ contacts }) => contacts.map(({ id }) => id)),
      BankAccount: everyone.flatMap(({ bankAccounts }) => bankAccounts.map(({ id }) => id)),
      Asset: ids("assets"),
      WorkOrder: ids("workOrders"),
      Contract: ids("contracts"),
      Invoice: ids("invoices"),
    },
    codes: [
      "K-1",
      "k-2",
      "K-6",
      "K-7",
      "K-12",
      "P-1",
      "s-1",
      "t-2",
      "g-3",
      "b-4",
      "text",
      "number",
      "multi",
      "a",
      "nope",
    ],
    words: ["dang", "Ünal", "customer", "1", "%", "\\", "vip", "example", "+84912340001", "Lift", "", "TAX", 'q"'],
    cursors,
  };
}
