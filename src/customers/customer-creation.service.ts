import { v7 as uuidv7 } from "uuid";
import { type AccountNumberCipher } from "../bank-accounts/account-number-cipher";
import { type CodeNumbers } from "../codes/code-numbers";
import { assignCodes } from "../codes/assign-codes";
import { ConflictError, problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { CustomerChangeAction } from "../history/customer-change.entity";
import { recordChanges } from "../history/record-changes";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { Customer } from "./customer.entity";
import { draftCustomer, findableColumns, type CustomerDraft } from "./customer-draft";
import { customerDifferences } from "./customer-history";
import { planParts } from "./customer-parts";
import { insertFinderRows } from "./customer-finder-rows";
import { type CustomerInput } from "./customer.input";
import {
  customerCodes,
  readCodesOfUnknownTerms,
  readCustomerReferences,
  type CustomerReferences,
} from "./customer-references";

/** What came of one of several inputs. */
export type CreationOutcome =
  | {
      readonly customer: Customer;
      /** It was there before, and may have been changed. */
      readonly wasThere?: true;
    }
  | { readonly problems: readonly Problem[] }
  | { readonly conflict: ConflictError };

/** How to create. */
export interface CreationOptions {
  /** Nothing is to be kept: no assigned code is used up. */
  readonly validateOnly?: boolean;
  /**
   * What is known to be wrong with each input, where validateInput() has been asked before: an input with problems is
   * checked for the rest, and not created.
   */
  readonly known?: readonly (readonly Problem[])[];
}

/** Creates customers with everything nested. The statements are as many for one as for a thousand. */
export class CustomerCreationService {
  constructor(
    private readonly codeNumbers: CodeNumbers,
    private readonly cipher: AccountNumberCipher,
  ) {}

  /**
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another customer has the code
   */
  async create(scope: TenantScope, input: CustomerInput, options: CreationOptions = {}): Promise<Customer> {
    const [outcome] = await this.createEach(scope, [input], [["input"]], options);
    if (outcome && "customer" in outcome) return outcome.customer;
    throwIfAny(outcome && "problems" in outcome ? outcome.problems : []);
    throw outcome && "conflict" in outcome ? outcome.conflict : new Error("One input has one outcome");
  }

  /**
   * Creates those that can be created, and says of each other one why not.
   * @param paths where each input stands in the arguments
   */
  async createEach(
    scope: TenantScope,
    inputs: readonly CustomerInput[],
    paths: readonly ArgumentPath[],
    options: CreationOptions = {},
  ): Promise<CreationOutcome[]> {
    const known = options.known ?? inputs.map((input, index) => validateInput(input, paths[index] ?? []));
    const given = inputs.flatMap(({ code }) => (code == null ? [] : [codeKey(code)]));
    const references = await readCustomerReferences(scope, inputs, [], given);
    const termCodes = await readCodesOfUnknownTerms(scope, inputs, references);
    const drafts = inputs.map((input, index) => {
      const { draft, problems } = draftCustomer(input, { references, path: paths[index] ?? [], termCodes });
      return { draft, problems: joinProblems(known[index] ?? [], problems) };
    });

    const sound = drafts.filter(({ problems }) => problems.length === 0);
    const { codes, taken } = await assignCodes(
      scope,
      this.codeNumbers,
      customerCodes(references.settings.codePrefix),
      sound.map(({ draft }) => draft.code),
      !options.validateOnly,
      references.holders,
    );
    const codeOf = new Map(sound.map(({ draft }, index) => [draft, codes[index] ?? ""]));

    const firstWithCode = new Map<string, CustomerDraft>();
    const outcomes = drafts.map(({ draft, problems }, index): CreationOutcome | { accepted: CustomerDraft } => {
      if (problems.length > 0) return { problems };
      const key = codeKey(codeOf.get(draft) ?? "");
      if (draft.code !== null && taken.has(key))
        return { conflict: ConflictError.codeTaken("customer", taken.get(key)) };
      if (firstWithCode.has(key)) {
        return { problems: [problem([...(paths[index] ?? []), "code"], "DUPLICATE", { what: "The code" })] };
      }
      firstWithCode.set(key, draft);
      return { accepted: draft };
    });

    const accepted = outcomes.flatMap((outcome) => ("accepted" in outcome ? [outcome.accepted] : []));
    const created = await this.insert(
      scope,
      accepted,
      accepted.map((draft) => codeOf.get(draft) ?? ""),
      references,
    );
    const customers = new Map(accepted.map((draft, index) => [draft, created[index]]));
    return outcomes.map((outcome) => {
      if (!("accepted" in outcome)) return outcome;
      const customer = customers.get(outcome.accepted);
      if (!customer) throw new Error("An accepted draft was not inserted");
      return { customer };
    });
  }

  private async insert(
    scope: TenantScope,
    drafts: readonly CustomerDraft[],
    codes: readonly string[],
    references: CustomerReferences,
  ): Promise<Customer[]> {
    if (drafts.length === 0) return [];
    const rows = drafts.map(({ columns }, index) => {
      const code = codes[index] ?? "";
      const withName = { ...columns, code, name: columns.name ?? code };
      return { id: uuidv7(), ...withName, ...findableColumns(withName) };
    });
    const changes = drafts.map((draft, index) => ({
      customerId: rows[index]?.id ?? "",
      contacts: [],
      bankAccounts: [],
      contactDrafts: draft.contacts,
      accountDrafts: draft.bankAccounts,
    }));
    const parts = await planParts(scope, this.cipher, changes);
    const [customers] = await scope.asOne(
      (all) =>
        Promise.all([
          all.insert(Customer, rows),
          releasePreviousCodes(
            all,
            rows.map(({ codeKey: key }) => key),
          ),
          insertFinderRows(all, rows),
          parts.write(all),
          recordChanges(
            all,
            rows.map((row) => ({
              customerId: row.id,
              action: CustomerChangeAction.CREATED,
              fields: [...customerDifferences(undefined, row, references), ...(parts.differences.get(row.id) ?? [])],
            })),
          ),
        ]),
      rows.length === 1 ? rows[0]?.id : undefined,
    );
    const byId = new Map(customers.map((customer) => [customer.id, customer]));
    return rows.flatMap(({ id }) => byId.get(id) ?? []);
  }
}

/** A code that is taken no longer finds the customer that gave it up. */
export function releasePreviousCodes(scope: TenantScope, codeKeys: readonly string[]): Promise<unknown> {
  const p = new Parameters();
  return scope.query(
    `delete from customer_previous_codes t where t.tenant_id = $1 and t.code_key = any(${p.add(codeKeys)}::text[])`,
    p,
  );
}

/** Every problem; a path that a rule of form has spoken of needs none of meaning. */
export function joinProblems(ofForm: readonly Problem[], ofMeaning: readonly Problem[]): Problem[] {
  const spokenOf = new Set(ofForm.map(({ path }) => JSON.stringify(path)));
  return [...ofForm, ...ofMeaning.filter(({ path }) => !spokenOf.has(JSON.stringify(path)))];
}
