import { setImmediate } from "node:timers/promises";
import { type GraphQLSchema } from "graphql";
import { BankAccountInput } from "../bank-accounts/bank-account.input";
import { ContactInput } from "../contacts/contact.input";
import { CustomFieldInput } from "../custom-fields/custom-field.input";
import { CUSTOMER_INPUT_CLASSES } from "../customers/customer-input-classes";
import { CustomerInput } from "../customers/customer.input";
import { type ArgumentPath, type Problem } from "../errors/domain-errors";
import { InputReader } from "../graphql/input-from-json";
import { validateInput } from "../validation/validate-input";
import { rowIn } from "./rejected-rows";
import { type SourcePlace, type SourceRow } from "./source-row";

/** A row as an input for a customer. */
export interface CustomerRow {
  readonly row: SourceRow;
  /** What can be checked of it; undefined where nothing can. */
  readonly input: CustomerInput | undefined;
  /** What is wrong with it by itself. */
  readonly problems: readonly Problem[];
}

/** Rows that are imported in one transaction. */
export interface CustomerBatch extends SourcePlace {
  readonly rows: readonly CustomerRow[];
}

/** Bytes after which a batch has enough, however few its rows: they are in memory at once. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Rows that are read without a look at what else there is to do. */
const ROWS_AT_A_TIME = 5;

/** Reads rows as inputs by the schema, as variables of a mutation are read. */
export class CustomerRowReader {
  private readonly reader: InputReader;

  constructor(schema: GraphQLSchema) {
    this.reader = new InputReader(schema, CUSTOMER_INPUT_CLASSES);
  }

  /** @param from where the rows begin */
  async *batches(
    rows: AsyncIterable<SourceRow>,
    size: number,
    from: SourcePlace = { line: 0, end: 0 },
  ): AsyncGenerator<CustomerBatch> {
    let batch: CustomerRow[] = [];
    let before = from;
    let last = from;
    for await (const row of rows) {
      batch.push(this.read(row));
      last = row;
      // The answers of the database come first: it is to work on one batch while the next one is read.
      if (batch.length % ROWS_AT_A_TIME === 0) await setImmediate();
      if (batch.length < size && row.end - before.end < BATCH_BYTES) continue;
      yield { line: row.line, end: row.end, rows: batch };
      batch = [];
      before = row;
    }
    if (batch.length > 0) yield { line: last.line, end: last.end, rows: batch };
  }

  private read(row: SourceRow): CustomerRow {
    if ("problem" in row) return { row, input: undefined, problems: [row.problem] };
    const { input, problems } = this.reader.read(CustomerInput, rowIn(row.value));
    if ((input as CustomerInput | undefined) === undefined) return { row, input: undefined, problems };
    if (problems.length === 0) return { row, input, problems: validateInput(input, []) };
    const rest = checkable(input);
    return { row, input: rest, problems: [...problems, ...besides(problems, validateInput(rest, []))] };
  }
}

/** An input that was read with problems, such that the rules can look at the rest of it. */
function checkable(input: CustomerInput): CustomerInput {
  const { contacts, bankAccounts, customFields, phones, tags } = input;
  // Entries that could not be read are undefined.
  if (contacts) input.contacts = contacts.map((entry) => (entry as ContactInput | undefined) ?? new ContactInput());
  if (bankAccounts)
    input.bankAccounts = bankAccounts.map((entry) => (entry as BankAccountInput | undefined) ?? new BankAccountInput());
  if (customFields) {
    input.customFields = customFields.map((entry) => Object.assign(new CustomFieldInput(), { field: "" }, entry));
  }
  if (phones?.some((entry) => typeof entry !== "string")) input.phones = null;
  if (tags?.some((entry) => typeof entry !== "string")) input.tags = null;
  return input;
}

/** What was found besides: nothing about a part that could not be read. */
export function besides(known: readonly Problem[], found: readonly Problem[]): Problem[] {
  const startsWith = (path: ArgumentPath, start: ArgumentPath): boolean =>
    start.every((step, index) => step === path[index]);
  return found.filter(
    ({ path }) => !known.some((problem) => startsWith(path, problem.path) || startsWith(problem.path, path)),
  );
}
