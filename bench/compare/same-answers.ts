import { isDeepStrictEqual } from "node:util";
import { type Client } from "pg";
import { type RunningContender } from "./contender";
import { type Call, NEW_CODE_PREFIX, NUMBER, type Workload } from "./workloads";

/** So many calls of each workload are compared. */
const COMPARED = 25;

/**
 * Makes sure that all contenders do the same: that their answers have the same data, and for M1 that they write the same rows.
 * @param client a superuser's
 * @throws Error that shows the first difference
 */
export async function checkSameAnswers(
  contenders: readonly RunningContender[],
  workload: Workload,
  calls: readonly Call[],
  client: Client,
  newNumber: () => string,
): Promise<void> {
  const [first, ...others] = contenders;
  if (!first) return;
  const tell = workload === "M1" ? tellCreated : tellRead;
  for (const call of calls.slice(0, COMPARED)) {
    const expected = await tell(first, workload, call, client, newNumber);
    for (const other of others) {
      const answer = await tell(other, workload, call, client, newNumber);
      if (!isDeepStrictEqual(answer, expected)) throw new Error(difference(workload, first, expected, other, answer));
    }
  }
}

async function tellRead(contender: RunningContender, workload: Workload, call: Call): Promise<unknown> {
  return JSON.parse(JSON.stringify(await contender.ask(workload, call)), withoutCursor);
}

/** The answer and the rows, without what differs each time. */
async function tellCreated(
  contender: RunningContender,
  workload: Workload,
  call: Call,
  client: Client,
  newNumber: () => string,
): Promise<unknown> {
  const number = newNumber();
  const answer = await contender.ask(workload, call, (body) => body.replaceAll(NUMBER, number));
  const rows = await readCreated(client, `${NEW_CODE_PREFIX}${number}`);
  const text = JSON.stringify({ answer, rows }).replaceAll(number, NUMBER);
  return JSON.parse(text.replace(UUID, "<id>"), withoutTimes);
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const withoutCursor = (name: string, value: unknown): unknown => (name === "endCursor" ? typeof value : value);
/** Of ciphertext and digests the length is the same, of an answer's time the form. */
const withoutTimes = (name: string, value: unknown): unknown => {
  if (name === "created_at" || name === "updated_at") return undefined;
  const isKeptInForm = ["createdAt", "account_number_ciphertext", "account_number_index"].includes(name);
  return isKeptInForm && typeof value === "string" ? value.replace(/\w/g, "#") : value;
};

const TABLES = ["customer_phones", "customer_tags", "contacts", "bank_accounts", "customer_changes"];

async function readCreated(client: Client, code: string): Promise<unknown> {
  const parts = TABLES.map(
    (table) =>
      `'${table}', (select json_agg(t) from ${table} t where t.tenant_id = c.tenant_id and t.customer_id = c.id)`,
  );
  const { rows } = await client.query<{ rows: unknown }>(
    `select json_build_object('customers', row_to_json(c), ${parts.join(", ")}) as rows from customers c where c.code = $1`,
    [code],
  );
  return rows.map((row) => row.rows);
}

function difference(
  workload: Workload,
  first: RunningContender,
  expected: unknown,
  other: RunningContender,
  answer: unknown,
): string {
  const [one, two] = [expected, answer].map((value) => JSON.stringify(value, undefined, 1).split("\n")) as [
    string[],
    string[],
  ];
  const line = one.findIndex((text, index) => text !== two[index]);
  const around = (lines: string[]): string => lines.slice(Math.max(0, line - 3), line + 4).join("\n");
  return `${workload}: the answers differ.\n${first.contender.title}:\n${around(one)}\n${other.contender.title}:\n${around(two)}`;
}
