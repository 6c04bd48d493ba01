import { ConflictError, type ExistingRecord } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { type CodeNumbers, type NumberedKind } from "./code-numbers";

/** Which codes a record's kind has. */
export interface CodeSpace {
  readonly kind: NumberedKind;
  readonly table: string;
  /** Of assigned codes: "WO-". */
  readonly prefix: string;
  /** Which rows hold their code; all of them unless said. `t` is the table. */
  readonly holding?: string;
}

/** The codes of new records: as given, assigned where none was. */
export interface AssignedCodes {
  readonly codes: readonly string[];
  /** The record that holds a given code already, by the code's key. */
  readonly taken: ReadonlyMap<string, ExistingRecord>;
}

/**
 * Says which code each new record gets. Numbers whose code somebody has chosen by hand are skipped.
 * @param given the code asked for, or null
 * @param keepNumbers false: nothing is to be kept, so no number is used up
 * @param taken the records that hold codes given, where they have been looked for already
 */
export async function assignCodes(
  scope: TenantScope,
  numbers: CodeNumbers,
  space: CodeSpace,
  given: readonly (string | null)[],
  keepNumbers = true,
  taken?: ReadonlyMap<string, ExistingRecord>,
): Promise<AssignedCodes> {
  const chosen = new Set(given.filter((code) => code !== null).map(codeKey));
  const codes = given.map((code) => code ?? "");
  taken ??= await findHolders(scope, space, [...chosen]);

  let open = given.flatMap((code, index) => (code === null ? [index] : []));
  for (let looked = 0; open.length > 0;) {
    const fresh = keepNumbers
      ? await numbers.take(scope.tenantId, space.kind, open.length)
      : (await numbers.peek(scope.tenantId, space.kind, looked + open.length)).slice(looked);
    for (const [position, index] of open.entries()) codes[index] = `${space.prefix}${fresh[position]}`;
    const assigned = open.map((index) => codeKey(codes[index] ?? ""));
    const holders = await findHolders(scope, space, assigned);
    looked += open.length;
    open = open.filter((_, position) => holders.has(assigned[position] ?? "") || chosen.has(assigned[position] ?? ""));
  }
  return { codes, taken };
}

/** The records that hold codes, by the codes' keys. */
export async function findHolders(
  scope: TenantScope,
  space: CodeSpace,
  keys: readonly string[],
): Promise<Map<string, ExistingRecord>> {
  if (keys.length === 0) return new Map();
  const p = new Parameters();
  return holdersByKey(await scope.query<Holder>(holdersSql(space, keys, p), p));
}

/** A record that holds a code. */
export type Holder = ExistingRecord & { readonly codeKey: string };

/** SQL for the records that hold codes. */
export function holdersSql(space: CodeSpace, keys: readonly string[], p: Parameters): string {
  return `select t.id, t.code, t.code_key as "codeKey" from ${space.table} t
     where t.tenant_id = $1 and t.code_key = any(${p.add(keys)}::text[]) and ${space.holding ?? "true"}`;
}

export function holdersByKey(holders: readonly Holder[]): Map<string, ExistingRecord> {
  return new Map(holders.map(({ codeKey: key, id, code }) => [key, { id, code }]));
}

/**
 * The code of one new record.
 * @param label what the record is called in an error
 * @throws ConflictError where the given code is taken
 */
export async function assignCode(
  scope: TenantScope,
  numbers: CodeNumbers,
  space: CodeSpace,
  given: string | null | undefined,
  label: string,
  keepNumbers = true,
): Promise<string> {
  const { codes, taken } = await assignCodes(scope, numbers, space, [given ?? null], keepNumbers);
  const [existing] = taken.values();
  if (existing) throw ConflictError.codeTaken(label, existing);
  return codes[0] ?? "";
}
