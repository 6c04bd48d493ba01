import { CustomerField } from "../custom-fields/customer-field.entity";
import { TenantSettings } from "../settings/tenant-settings.entity";
import { TERM_KINDS } from "../taxonomy/taxonomy-term.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { type CustomerInput } from "./customer.input";

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
  /** The terms named by the inputs. */
  readonly terms: Readonly<Record<TermArgument, ReadonlyMap<string, KnownTerm>>>;
}

/** Reads settings, custom fields and the terms that the inputs name, in one statement. */
export async function readCustomerReferences(
  scope: TenantScope,
  inputs: readonly Partial<Pick<CustomerInput, TermArgument>>[],
): Promise<CustomerReferences> {
  const p = new Parameters();
  const terms = TERM_KINDS.map(({ table, argument }) => {
    const keys = new Set(inputs.flatMap((input) => (input[argument] == null ? [] : [codeKey(input[argument])])));
    return `(select coalesce(json_agg(json_build_object('id', t.id, 'code', t.code, 'codeKey', t.code_key)), '[]')
      from ${table} t where t.tenant_id = $1 and t.code_key = any(${p.add([...keys])}::text[])) as "${argument}"`;
  });
  const [row] = await scope.query<
    { settings: TenantSettings | null; fields: CustomerField[] } & Record<TermArgument, KnownTerm[]>
  >(
    `select
       (select row_to_json(y) from (select ${scope.columns(TenantSettings, "s")} from tenant_settings s where s.tenant_id = $1) y) as settings,
       (select coalesce(json_agg(y order by y.id), '[]') from (select ${scope.columns(CustomerField, "f")} from customer_fields f where f.tenant_id = $1) y) as fields,
       ${terms.join(",\n")}`,
    p,
  );
  if (!row) throw new Error("A select without FROM answers with one row");
  const byKey = (found: readonly KnownTerm[]): Map<string, KnownTerm> =>
    new Map(found.map((term) => [term.codeKey, term]));
  return {
    settings: row.settings ?? new TenantSettings(),
    fields: row.fields,
    terms: { status: byKey(row.status), type: byKey(row.type), group: byKey(row.group), branch: byKey(row.branch) },
  };
}

/** Every code of a kind of term, to name the nearest where one is unknown. */
export async function readTermCodes(scope: TenantScope, argument: TermArgument): Promise<string[]> {
  const kind = TERM_KINDS.find((candidate) => candidate.argument === argument);
  const rows = await scope.query<{ code: string }>(
    `select t.code from ${kind?.table} t where t.tenant_id = $1 order by t.code_key limit 1000`,
  );
  return rows.map(({ code }) => code);
}
