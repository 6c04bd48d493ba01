import { isComparable, valueColumn, valueKey } from "../custom-fields/custom-value";
import { CustomFieldType, type CustomerField } from "../custom-fields/customer-field.entity";
import { BadUserInputError, type ArgumentPath } from "../errors/domain-errors";
import { nearest } from "../errors/nearest";
import { checkFilter } from "../pagination/check-filter";
import { allOf, between, everyRow, negated, noRow, oneOf, thereIs } from "../pagination/conditions";
import { type Condition } from "../pagination/list";
import { anyOf, containing, contains, withRow } from "../pagination/look-up";
import { parsePhone } from "../phones/phone";
import { TERM_KINDS } from "../taxonomy/taxonomy-term.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { searchWords } from "../text/search";
import { codeKey, fold } from "../text/text";
import { possibleIds } from "../validation/uuid";
import { TrashFilter, type CustomerFilter, type CustomFieldFilter, type StringFilter } from "./customer.filter";

/** What a filter needs to know of its tenant; each is asked for only where the filter needs it. */
export interface FilterContext {
  readonly scope: TenantScope;
  customerFields(): Promise<readonly CustomerField[]>;
  defaultRegion(): Promise<string | null>;
  /**
   * The digest that an account number is found by; undefined where none can have it.
   * @throws ForbiddenError where who asks may not read account numbers
   */
  accountNumberDigest(accountNumber: string): Promise<Buffer | undefined>;
}

const MAX_SEARCH_LENGTH = 200;
/** After every text that starts with a prefix, in the order of code points. */
const LAST = "\u{10FFFF}";

/**
 * The condition that a filter means, the trash included.
 * @throws ForbiddenError for an account number where who asks may not read them
 * @throws BadUserInputError for null operands, unknown custom fields, values of a wrong shape, and what is too large
 */
export async function customerCondition(
  filter: CustomerFilter | null | undefined,
  context: FilterContext,
): Promise<Condition> {
  if (!filter) return notInTrash;
  const path = ["filter"];
  checkFilter(filter, path);
  return allOf([trashCondition(filter), await filterCondition(filter, path, context, true)]);
}

const notInTrash: Condition = (alias) => `not ${alias}.is_trashed`;

function trashCondition({ trash = TrashFilter.EXCLUDE }: CustomerFilter): Condition {
  switch (trash) {
    case TrashFilter.EXCLUDE:
      return notInTrash;
    case TrashFilter.INCLUDE:
      return everyRow;
    case TrashFilter.ONLY:
      return (alias) => `${alias}.deleted_at is not null`;
  }
}

async function filterCondition(
  filter: CustomerFilter,
  path: ArgumentPath,
  context: FilterContext,
  isTop: boolean,
): Promise<Condition> {
  if (filter.trash !== undefined && !isTop) throw BadUserInputError.at([...path, "trash"], "TOP_LEVEL_ONLY");
  const nested = (list: readonly CustomerFilter[], name: string): Promise<Condition[]> =>
    Promise.all(list.map((entry, index) => filterCondition(entry, [...path, name, index], context, false)));
  const { scope } = context;
  const conditions: Condition[] = [];
  const add = (condition: Condition): void => {
    conditions.push(condition);
  };

  if (filter.and) add(filter.and.length > 0 ? allOf(await nested(filter.and, "and")) : noRow);
  if (filter.or) add(await anyOf(scope, "customers", await nested(filter.or, "or")));
  if (filter.not) add(negated(await filterCondition(filter.not, [...path, "not"], context, false)));
  if (filter.search !== undefined) add(await searchCondition(scope, filter.search, [...path, "search"]));
  if (filter.id) add(oneOf("id", possibleIds(filter.id), "uuid"));
  if (filter.code) add(await codeCondition(scope, filter.code));
  if (filter.name) add(await textCondition(scope, filter.name, "name"));
  if (filter.email) add(await textCondition(scope, filter.email, "email", true));
  if (filter.taxId) add(await textCondition(scope, filter.taxId, "tax_id"));
  if (filter.phone !== undefined) add(phoneCondition(filter.phone, await context.defaultRegion()));
  if (filter.accountNumber !== undefined) add(await accountNumberCondition(filter.accountNumber, context));
  if (filter.kind) add(oneOf("kind", [filter.kind]));
  for (const { argument, column, table } of TERM_KINDS) {
    const codes = filter[argument];
    if (codes) add(oneOf(column, await readTermIds(scope, table, codes), "uuid"));
  }
  if (filter.tag) add(await tagCondition(scope, filter.tag));
  if (filter.country) add(oneOf("country", filter.country));
  if (filter.createdAt) add(between("created_at", filter.createdAt.from, filter.createdAt.before, "timestamptz"));
  if (filter.updatedAt) add(between("updated_at", filter.updatedAt.from, filter.updatedAt.before, "timestamptz"));
  if (filter.customFields) {
    const fields = await context.customerFields();
    const at = (index: number): ArgumentPath => [...path, "customFields", index];
    const each = filter.customFields.map((entry, index) => customFieldCondition(scope, entry, fields, at(index)));
    add(each.length > 0 ? allOf(await Promise.all(each)) : noRow);
  }
  if (filter.hasActiveWorkOrders !== undefined) {
    const hasWork = await withRow(scope, "work_orders", () => "r.is_active");
    add(filter.hasActiveWorkOrders ? hasWork : negated(hasWork));
  }
  return allOf(conditions);
}

async function searchCondition(scope: TenantScope, search: string, path: ArgumentPath): Promise<Condition> {
  if (search.length > MAX_SEARCH_LENGTH) throw BadUserInputError.at(path, "TOO_LONG", { max: MAX_SEARCH_LENGTH });
  const words = searchWords(search);
  return words.length > 0 ? containing(scope, "find_customers", words) : everyRow;
}

/** Codes are unique, and looked up by their key, outside the trash only; the folded form has an index for all. */
async function codeCondition(scope: TenantScope, filter: StringFilter): Promise<Condition> {
  const whole = (codes: readonly string[]): Condition => {
    const keys = codes.map(codeKey);
    return allOf([oneOf("code_folded", keys.map(fold)), oneOf("code_key", keys)]);
  };
  return allOf([
    ...(filter.eq === undefined ? [] : [whole([filter.eq])]),
    ...(filter.in === undefined ? [] : [whole(filter.in)]),
    ...(await foldedConditions(scope, filter, "code_folded")),
  ]);
}

/** Whole values are looked up by their folded form, which has the index, and then compared as they are. */
async function textCondition(
  scope: TenantScope,
  filter: StringFilter,
  column: "name" | "email" | "tax_id",
  ignoreCase = false,
): Promise<Condition> {
  const foldedColumn = `${column}_folded` as const;
  const whole = (values: readonly string[]): Condition =>
    allOf([
      oneOf(foldedColumn, values.map(fold)),
      (alias, p) =>
        ignoreCase
          ? `lower(${alias}.${column}) = any(${p.add(values.map((value) => value.toLowerCase()))}::text[])`
          : `${alias}.${column} = any(${p.add(values)}::text[])`,
    ]);
  return allOf([
    ...(filter.eq === undefined ? [] : [whole([filter.eq])]),
    ...(filter.in === undefined ? [] : [whole(filter.in)]),
    ...(await foldedConditions(scope, filter, foldedColumn)),
  ]);
}

async function foldedConditions(
  scope: TenantScope,
  { startsWith, contains: part, isNull }: StringFilter,
  column: "code_folded" | "name_folded" | "email_folded" | "tax_id_folded",
): Promise<Condition[]> {
  const conditions: Condition[] = [];
  if (startsWith !== undefined) {
    const prefix = fold(startsWith);
    conditions.push(
      (alias, p) => `${alias}.${column} >= ${p.add(prefix)} and ${alias}.${column} < ${p.add(`${prefix}${LAST}`)}`,
    );
  }
  if (part !== undefined) {
    const text = fold(part);
    // What search looks at holds each of these columns.
    conditions.push(await containing(scope, "find_customers", [text]), contains(column, text));
  }
  if (isNull !== undefined) conditions.push((alias) => `${alias}.${column} is ${isNull ? "" : "not "}null`);
  return conditions;
}

function phoneCondition(phone: string, defaultRegion: string | null): Condition {
  const e164 = parsePhone(phone, defaultRegion);
  if (e164 === null) return noRow;
  return thereIs(
    (alias, p) =>
      `customer_phones f where f.tenant_id = $1 and f.customer_id = ${alias}.id and f.phone = ${p.add(e164)}`,
  );
}

async function accountNumberCondition(accountNumber: string, context: FilterContext): Promise<Condition> {
  const digest = await context.accountNumberDigest(accountNumber);
  if (!digest) return noRow;
  return withRow(context.scope, "bank_accounts", (p) => `r.account_number_index = ${p.add(digest)}::bytea`);
}

/** The ids of the terms with these codes. Read first, so that the planner sees how many customers have them. */
async function readTermIds(scope: TenantScope, table: string, codes: readonly string[]): Promise<string[]> {
  if (codes.length === 0) return [];
  const p = new Parameters();
  const rows = await scope.query<{ id: string }>(
    `select s.id from ${table} s where s.tenant_id = $1 and s.code_key = any(${p.add(codes.map(codeKey))}::text[])`,
    p,
  );
  return rows.map(({ id }) => id);
}

async function tagCondition(scope: TenantScope, tags: readonly string[]): Promise<Condition> {
  if (tags.length === 0) return noRow;
  return withRow(scope, "customer_tags", (p) => `r.tag = any(${p.add(tags.map(codeKey))}::text[])`);
}

async function customFieldCondition(
  scope: TenantScope,
  filter: CustomFieldFilter,
  fields: readonly CustomerField[],
  path: ArgumentPath,
): Promise<Condition> {
  const field = fields.find(({ codeKey: key }) => key === codeKey(filter.field));
  if (!field) {
    throw BadUserInputError.at([...path, "field"], "UNKNOWN_FIELD", {
      nearest: nearest(
        filter.field,
        fields.map(({ code }) => code),
      ),
    });
  }
  const comparable = (value: unknown, name: string | number, ...more: number[]): string | number => {
    if (isComparable(field.type, value)) return valueKey(value);
    throw BadUserInputError.at([...path, name, ...more], "WRONG_FIELD_VALUE", {
      type: field.type,
      options: field.options,
    });
  };
  const bound = (value: unknown, name: string): string | number => {
    if (field.type === CustomFieldType.NUMBER || field.type === CustomFieldType.DATE) return comparable(value, name);
    throw BadUserInputError.at([...path, name], "RANGE_NOT_ALLOWED");
  };
  const { column, sqlType } = valueColumn(field.type);
  const holds = (comparison: (p: Parameters) => string): Promise<Condition> =>
    withRow(scope, "customer_field_values", (p) => `r.field_id = ${p.add(field.id)}::uuid and ${comparison(p)}`);

  const conditions: Condition[] = [];
  if (filter.eq !== undefined) {
    const value = comparable(filter.eq, "eq");
    conditions.push(await holds((p) => `r.${column} = ${p.add(value)}::${sqlType}`));
  }
  if (filter.in !== undefined) {
    const values = filter.in.map((value, index) => comparable(value, "in", index));
    conditions.push(
      values.length > 0 ? await holds((p) => `r.${column} = any(${p.add(values)}::${sqlType}[])`) : noRow,
    );
  }
  // Both bounds must hold for the same value.
  const bounds = [
    ...(filter.gte === undefined ? [] : [{ operator: ">=", value: bound(filter.gte, "gte") }]),
    ...(filter.lt === undefined ? [] : [{ operator: "<", value: bound(filter.lt, "lt") }]),
  ];
  if (bounds.length > 0) {
    conditions.push(
      await holds((p) =>
        bounds.map(({ operator, value }) => `r.${column} ${operator} ${p.add(value)}::${sqlType}`).join(" and "),
      ),
    );
  }
  if (filter.isSet !== undefined) {
    const isSet = await holds(() => "true");
    conditions.push(filter.isSet ? isSet : negated(isSet));
  }
  return allOf(conditions);
}
