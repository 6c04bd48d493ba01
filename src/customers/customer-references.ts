import { holdersByKey, holdersSql, type CodeSpace, type Holder } from "../codes/assign-codes";
import { CustomerField } from "../custom-fields/customer-field.entity";
import { type ExistingRecord } from "../errors/domain-errors";
import { TenantSettings } from "../settings/tenant-settings.entity";
import { TERM_KINDS } from "../taxonomy/taxonomy-term.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { type Customer } from "./customer.entity";

/** The codes of customers: those in the trash do not hold theirs. */
export function customerCodes(prefix: string): CodeSpace {
  return { kind: "customer", table: "customers", prefix, holding: "t.deleted_at is null" };
}

/** The argument that takes a term's code. */
export type TermArgument = (typeof TERM_KINDS)[number]["argument"];

/** A term that an input may name. */
export interface KnownTerm {
  readonly id: string;
  readonly code: string;
  readonly codeKey: string;
}

/** What the rules for customers need to know of the tenant. */
export interface CustomerReferences {
  readonly settings: TenantSettings;
  readonly fields: readonly CustomerField[];
  /** The terms named by the inputs, by the key of their code. */
  readonly terms: Readonly<Record<TermArgument, ReadonlyMap<string, KnownTerm>>>;
  /** These, those that the customers carry already, and the default status, by id. */
  readonly termById: ReadonlyMap<string, KnownTerm>;
  /** The customers that hold codes that were asked about, by the code's key. */
  readonly holders: ReadonlyMap<string, ExistingRecord>;
}

/** What an input or a patch may say about terms. */
export type TermCodesInput = { readonly [Argument in TermArgument]?: string | null };

const DEFAULT_STATUS = "t.id = (select s.default_status_id from tenant_settings s where s.tenant_id = $1)";

/**
 * Reads settings, custom fields and terms, in one statement.
 * @param inputs what names terms by their codes
 * @param customers what carries terms already
 * @param codeKeys codes of which it is asked who holds them
 */
export async function readCustomerReferences(
  scope: TenantScope,
  inputs: readonly TermCodesInput[],
  customers: readonly Pick<Customer, "statusId" | "typeId" | "groupId" | "branchId">[] = [],
  codeKeys: readonly string[] = [],
): Promise<CustomerReferences> {
  const p = new Parameters();
  const terms = TERM_KINDS.map(({ table, argument, property }) => {
    const keys = new Set(inputs.flatMap((input) => (input[argument] == null ? [] : [codeKey(input[argument])])));
    const ids = new Set(customers.flatMap((customer) => customer[property] ?? []));
    const isDefaultNeeded = argument === "status" && inputs.some((input) => input.status == null);
    // What is not asked for is not looked for, not even for nothing.
    const conditions = [
      ...(keys.size > 0 ? [`t.code_key = any(${p.add([...keys])}::text[])`] : []),
      ...(ids.size > 0 ? [`t.id = any(${p.add([...ids])}::uuid[])`] : []),
      ...(isDefaultNeeded ? [DEFAULT_STATUS] : []),
    ];
    if (conditions.length === 0) return `'[]'::json as "${argument}"`;
    return `(select coalesce(json_agg(json_build_object('id', t.id, 'code', t.code, 'codeKey', t.code_key)), '[]')
      from ${table} t where t.tenant_id = $1 and (${conditions.join(" or ")})) as "${argument}"`;
  });
  const holders =
    codeKeys.length > 0
      ? `(select coalesce(json_agg(y), '[]') from (${holdersSql(customerCodes(""), codeKeys, p)}) y)`
      : "'[]'::json";
  const [row] = await scope.query<
    { settings: TenantSettings | null; fields: CustomerField[]; holders: Holder[] } & Record<TermArgument, KnownTerm[]>
  >(
    `select
       (select row_to_json(y) from (select ${scope.columns(TenantSettings, "s")} from tenant_settings s where s.tenant_id = $1) y) as settings,
       (select coalesce(json_agg(y order by y.id), '[]') from (select ${scope.columns(CustomerField, "f")} from customer_fields f where f.tenant_id = $1) y) as fields,
       ${holders} as holders,
       ${terms.join(",\n")}`,
    p,
  );
  if (!row) throw new Error("A select without FROM answers with one row");
  const byKey = (found: readonly KnownTerm[]): Map<string, KnownTerm> =>
    new Map(found.map((term) => [term.codeKey, term]));
  const found = [row.status, row.type, row.group, row.branch].flat();
  return {
    settings: row.settings ?? new TenantSettings(),
    fields: row.fields,
    terms: { status: byKey(row.status), type: byKey(row.type), group: byKey(row.group), branch: byKey(row.branch) },
    termById: new Map(found.map((term) => [term.id, term])),
    holders: holdersByKey(row.holders),
  };
}

/** Every code of a kind of term, to name the nearest where one is unknown. */
async function readTermCodes(scope: TenantScope, argument: TermArgument): Promise<string[]> {
  const kind = TERM_KINDS.find((candidate) => candidate.argument === argument);
  const rows = await scope.query<{ code: string }>(
    `select t.code from ${kind?.table} t where t.tenant_id = $1 order by t.code_key limit 1000`,
  );
  return rows.map(({ code }) => code);
}

/** The codes to choose from, by kind of term, where an input names one that is unknown. */
export type TermCodes = Partial<Record<TermArgument, readonly string[]>>;

/** Reads them only where a code is unknown, so that the nearest can be named. */
export async function readCodesOfUnknownTerms(
  scope: TenantScope,
  inputs: readonly TermCodesInput[],
  references: CustomerReferences,
): Promise<TermCodes> {
  const codes: TermCodes = {};
  for (const { argument } of TERM_KINDS) {
    const known = references.terms[argument];
    const isUnknown = inputs.some((input) => input[argument] != null && !known.has(codeKey(input[argument])));
    if (isUnknown) codes[argument] = await readTermCodes(scope, argument);
  }
  return codes;
}
