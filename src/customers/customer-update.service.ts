import { type AccountNumberCipher } from "../bank-accounts/account-number-cipher";
import { BadUserInputError, ConflictError, problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { CustomerChangeAction } from "../history/customer-change.entity";
import { recordChanges } from "../history/record-changes";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { type CustomerCodeService } from "./customer-code.service";
import {
  joinProblems,
  type CreationOptions,
  type CreationOutcome as WriteOutcome,
  type CustomerCreationService,
} from "./customer-creation.service";
import { Customer } from "./customer.entity";
import { draftCustomer, draftPatch, findableColumns, type CustomerDraft } from "./customer-draft";
import { replaceFinderRows } from "./customer-finder-rows";
import { customerDifferences } from "./customer-history";
import { type CustomerInput, type CustomerPatch } from "./customer.input";
import { type CustomerKey } from "./customer-key";
import { checkVersion, lockCustomer } from "./customer-lock";
import { planParts } from "./customer-parts";
import { readCodesOfUnknownTerms, readCustomerReferences, type CustomerReferences } from "./customer-references";
import { readCustomerStates, type CustomerState } from "./customer-state";

/** Rows of one mutation at most. */
const MAX_ROWS = 500;

/** A customer to change, and to what. */
interface Change {
  readonly state: CustomerState;
  readonly draft: CustomerDraft;
}

/** Which rows are accepted: those whose code no customer has, those whose code one has, or both. */
export type WriteMode = "create" | "update" | "upsert";

/** Changes customers with everything nested. The statements are as many for one as for a thousand. */
export class CustomerUpdateService {
  constructor(
    private readonly creation: CustomerCreationService,
    private readonly codes: CustomerCodeService,
    private readonly cipher: AccountNumberCipher,
  ) {}

  /**
   * Changes what a patch gives.
   * @throws NotFoundError where there is no such customer, or it is in the trash
   * @throws ConflictError where expectedVersion is not its version, with that version
   * @throws BadUserInputError with every problem of the patch
   */
  async update(
    scope: TenantScope,
    by: CustomerKey,
    patch: CustomerPatch,
    expectedVersion: number | null = null,
  ): Promise<Customer> {
    const path = ["input"];
    const customer = await lockCustomer(scope, by, ["by"]);
    checkVersion(customer, expectedVersion);
    const rules = validateInput(patch, path);
    const references = await readCustomerReferences(scope, [patch], [customer]);
    const [state] = await this.statesFor(scope, [customer], [patch], references);
    if (!state) throw new Error("A locked customer has a state");
    const termCodes = await readCodesOfUnknownTerms(scope, [patch], references);
    const { draft, problems } = draftPatch(patch, { references, path, termCodes, state });
    throwIfAny(joinProblems(rules, problems));
    return this.writeOne(scope, { state, draft }, references);
  }

  /**
   * Replaces all of a customer: what the input leaves out is cleared, but the code stays.
   * @throws NotFoundError where there is no such customer, or it is in the trash
   * @throws ConflictError where expectedVersion is not its version, with that version; or another customer has the code
   * @throws BadUserInputError with every problem of the input
   */
  async replace(
    scope: TenantScope,
    by: CustomerKey,
    input: CustomerInput,
    expectedVersion: number | null = null,
  ): Promise<Customer> {
    const path = ["input"];
    const customer = await lockCustomer(scope, by, ["by"]);
    checkVersion(customer, expectedVersion);
    const rules = validateInput(input, path);
    const references = await readCustomerReferences(scope, [input], [customer]);
    const [state] = await readCustomerStates(scope, [customer]);
    if (!state) throw new Error("A locked customer has a state");
    const termCodes = await readCodesOfUnknownTerms(scope, [input], references);
    const { draft, problems } = draftCustomer(input, { references, path, termCodes, state });
    throwIfAny(joinProblems(rules, problems));
    const recoded = await this.codes.assign(scope, customer, draft.code);
    return this.writeOne(scope, { state: { ...state, customer: recoded }, draft }, references, customer);
  }

  /**
   * Writes rows, all or none: one whose code a customer has now changes it as a patch does, every other one creates one.
   * @throws BadUserInputError with every problem of every row
   */
  async upsert(
    scope: TenantScope,
    inputs: readonly CustomerInput[],
    options: CreationOptions = {},
  ): Promise<Customer[]> {
    if (inputs.length > MAX_ROWS) throw BadUserInputError.at(["input"], "TOO_MANY", { max: MAX_ROWS });
    const paths = inputs.map((_, index) => ["input", index]);
    const outcomes = await this.writeEach(scope, inputs, paths, "upsert", options);
    throwIfAny(outcomes.flatMap((outcome) => ("problems" in outcome ? outcome.problems : [])));
    return outcomes.map((outcome) => {
      if ("conflict" in outcome) throw outcome.conflict;
      if ("customer" in outcome) return outcome.customer;
      throw new Error("Rows with problems have been refused");
    });
  }

  /**
   * Writes the rows that can be written, and says of each other one why not.
   * @param paths where each row stands in the arguments
   */
  async writeEach(
    scope: TenantScope,
    inputs: readonly CustomerInput[],
    paths: readonly ArgumentPath[],
    mode: WriteMode,
    options: CreationOptions = {},
  ): Promise<WriteOutcome[]> {
    if (mode === "create") return this.creation.createEach(scope, inputs, paths, options);
    const rules = options.known ?? inputs.map((input, index) => validateInput(input, paths[index] ?? []));
    const repeated = repeatedCodes(inputs, paths);
    const there = await lockByCodes(scope, inputs);
    const rows = inputs.map((input, index) => {
      const problems = [...(rules[index] ?? []), ...(repeated.get(index) ?? [])];
      return { input, index, path: paths[index] ?? [], problems, customer: there.get(codeKey(input.code ?? "")) };
    });
    const outcomes = new Map<number, WriteOutcome>();

    const toCreate = rows.filter(({ customer, index }) => !customer && !repeated.has(index));
    if (mode === "upsert") {
      const sources = toCreate.map(({ input }) => input);
      const created = await this.creation.createEach(
        scope,
        sources,
        toCreate.map(({ path }) => path),
        { ...options, known: toCreate.map(({ problems }) => problems) },
      );
      created.forEach((outcome, position) => outcomes.set(toCreate[position]?.index ?? 0, outcome));
    } else {
      for (const { index, path, problems } of toCreate) {
        const unknown = problem([...path, "code"], "UNKNOWN_REFERENCE", { what: "customer" });
        outcomes.set(index, { problems: [...problems, unknown] });
      }
    }
    for (const { index, problems } of rows.filter((row) => repeated.has(row.index))) outcomes.set(index, { problems });

    const toChange = rows.flatMap(({ customer, ...row }) =>
      customer && !outcomes.has(row.index) ? [{ ...row, customer }] : [],
    );
    const patches = toChange.map(({ input }) => withoutCode(input));
    const references = await readCustomerReferences(scope, patches, [...there.values()]);
    const customers = toChange.map(({ customer }) => customer);
    const states = await this.statesFor(scope, customers, patches, references);
    const termCodes = await readCodesOfUnknownTerms(scope, patches, references);
    const changes = toChange.flatMap(({ index, path, problems: known }, position): Change[] => {
      const state = states[position];
      const patch = patches[position];
      if (!state || !patch) throw new Error("A locked customer has a state");
      const { draft, problems } = draftPatch(patch, { references, path, termCodes, state });
      const all = joinProblems(known, problems);
      if (all.length === 0) return [{ state, draft }];
      outcomes.set(index, { problems: all });
      return [];
    });
    const changed = await this.write(scope, changes, references);
    for (const { index, customer } of toChange) {
      if (!outcomes.has(index)) outcomes.set(index, { customer: changed.get(customer.id) ?? customer, wasThere: true });
    }
    return inputs.map((_, index) => outcomes.get(index) ?? { problems: [] });
  }

  /** Contacts and bank accounts are read only where they matter. */
  private async statesFor(
    scope: TenantScope,
    customers: readonly Customer[],
    patches: readonly CustomerPatch[],
    { settings }: CustomerReferences,
  ): Promise<CustomerState[]> {
    const matter =
      settings.companyNeedsContact ||
      patches.some(({ contacts, bankAccounts }) => contacts !== undefined || bankAccounts !== undefined);
    if (matter) return readCustomerStates(scope, customers);
    return customers.map((customer) => ({ customer, contacts: [], bankAccounts: [] }));
  }

  private async writeOne(
    scope: TenantScope,
    change: Change,
    references: CustomerReferences,
    before?: Customer,
  ): Promise<Customer> {
    const { customer } = change.state;
    const written = await this.write(scope, [change], references, before);
    return written.get(customer.id) ?? customer;
  }

  /**
   * Writes what differs, and the history of it; a customer in which nothing differs keeps its version.
   * @param before the customer as it was, where its code has been changed already
   * @returns the customers that changed
   */
  private async write(
    scope: TenantScope,
    changes: readonly Change[],
    references: CustomerReferences,
    before?: Customer,
  ): Promise<Map<string, Customer>> {
    const planned = changes.map(({ state, draft }) => {
      const { customer } = state;
      const after = { ...draft.columns, code: customer.code, name: draft.columns.name ?? customer.code };
      return { state, draft, row: { id: customer.id, version: customer.version, ...after, ...findableColumns(after) } };
    });
    const parts = await planParts(
      scope,
      this.cipher,
      planned.map(({ state, draft }) => ({
        customerId: state.customer.id,
        contacts: state.contacts,
        bankAccounts: state.bankAccounts,
        contactDrafts: draft.contacts,
        accountDrafts: draft.bankAccounts,
      })),
    );
    const records = planned.map(({ state, row }) => ({
      customerId: row.id,
      action: CustomerChangeAction.UPDATED,
      fields: [
        ...customerDifferences(before ?? state.customer, row, references),
        ...(parts.differences.get(row.id) ?? []),
      ],
    }));
    const touched = new Set(records.filter(({ fields }) => fields.length > 0).map(({ customerId }) => customerId));
    const rows = planned.filter(({ row }) => touched.has(row.id)).map(({ row }) => row);
    const [updated] = await Promise.all([
      scope.update(Customer, rows, { match: ["version"], set: ["version = t.version + 1", "updated_at = now()"] }),
      parts.write(scope),
      replaceFinderRows(
        scope,
        planned
          .filter(({ row }) => touched.has(row.id))
          .map(({ state, row }) => ({ before: state.customer, after: row })),
      ),
      recordChanges(
        scope,
        records.filter(({ fields }) => fields.length > 0),
      ),
    ]);
    if (updated.length < rows.length) throw new ConflictError("TRY_AGAIN"); // the lock forbids it; the statement proves it
    return new Map(updated.map((customer) => [customer.id, customer]));
  }
}

/** The customers that have the codes of the inputs, locked in the order of their ids. */
async function lockByCodes(scope: TenantScope, inputs: readonly CustomerInput[]): Promise<Map<string, Customer>> {
  const keys = new Set(inputs.flatMap(({ code }) => (code == null ? [] : [codeKey(code)])));
  if (keys.size === 0) return new Map();
  const p = new Parameters();
  const customers = await scope.select(
    Customer,
    "c",
    `where c.tenant_id = $1 and c.code_key = any(${p.add([...keys])}::text[]) and c.deleted_at is null order by c.id for no key update`,
    p,
  );
  return new Map(customers.map((customer) => [customer.codeKey, customer]));
}

function repeatedCodes(inputs: readonly CustomerInput[], paths: readonly ArgumentPath[]): Map<number, Problem[]> {
  const seen = new Set<string>();
  const repeated = new Map<number, Problem[]>();
  inputs.forEach(({ code }, index) => {
    if (code == null) return;
    if (seen.has(codeKey(code))) {
      repeated.set(index, [problem([...(paths[index] ?? []), "code"], "DUPLICATE", { what: "The code" })]);
    }
    seen.add(codeKey(code));
  });
  return repeated;
}

/** The stored code keeps its spelling. */
function withoutCode(input: CustomerInput): CustomerPatch {
  const patch = { ...input };
  delete patch.code;
  return patch;
}
