import { isDeepStrictEqual } from "node:util";
import { valueKeys } from "../custom-fields/custom-value";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { type Customer } from "./customer.entity";

/** What stands once more as rows, to be found: a customer's phones, tags and custom values. */
export type FindableCustomer = Pick<Customer, "id" | "phones" | "tags" | "customValues">;

/** Writes the rows by which customers that have none yet are found: a statement a table, none where there is nothing. */
export async function insertFinderRows(scope: TenantScope, customers: readonly FindableCustomer[]): Promise<void> {
  const phones = customers.flatMap(({ id, phones: numbers }) => numbers.map((phone) => [id, phone] as const));
  const tags = customers.flatMap(({ id, tags: labels }) => labels.map((tag) => [id, codeKey(tag)] as const));
  const values = customers.flatMap(({ id, customValues }) =>
    Object.entries(customValues).flatMap(([fieldId, value]) =>
      valueKeys(value).map((key, position) => ({ id, fieldId, position, key })),
    ),
  );
  await Promise.all([
    phones.length > 0 && insertPairs(scope, "customer_phones", "phone", phones),
    tags.length > 0 && insertPairs(scope, "customer_tags", "tag", tags),
    values.length > 0 && insertValues(scope, values),
  ]);
}

function insertPairs(
  scope: TenantScope,
  table: string,
  column: string,
  pairs: readonly (readonly [id: string, value: string])[],
): Promise<unknown> {
  const p = new Parameters();
  const ids = p.add(pairs.map(([id]) => id));
  const values = p.add(pairs.map(([, value]) => value));
  return scope.query(
    `insert into ${table} (tenant_id, customer_id, ${column})
     select $1, r.id, r.value from unnest(${ids}::uuid[], ${values}::text[]) as r (id, value) returning customer_id`,
    p,
  );
}

function insertValues(
  scope: TenantScope,
  values: readonly { id: string; fieldId: string; position: number; key: string | number }[],
): Promise<unknown> {
  const p = new Parameters();
  const ids = p.add(values.map(({ id }) => id));
  const fields = p.add(values.map(({ fieldId }) => fieldId));
  const positions = p.add(values.map(({ position }) => position));
  const texts = p.add(values.map(({ key }) => (typeof key === "string" ? key : null)));
  const numbers = p.add(values.map(({ key }) => (typeof key === "number" ? key : null)));
  return scope.query(
    `insert into customer_field_values (tenant_id, customer_id, field_id, position, text_value, number_value)
     select $1, r.* from unnest(${ids}::uuid[], ${fields}::uuid[], ${positions}::int[], ${texts}::text[], ${numbers}::float8[]) as r
     returning customer_id`,
    p,
  );
}

/** Brings the rows to what customers have become; tables in which nothing differs are left alone. */
export async function replaceFinderRows(
  scope: TenantScope,
  changes: readonly { readonly before: FindableCustomer; readonly after: FindableCustomer }[],
): Promise<void> {
  const differing = (property: "phones" | "tags" | "customValues"): FindableCustomer[] =>
    changes
      .filter(({ before, after }) => !isDeepStrictEqual(before[property], after[property]))
      .map(({ after }) => after);
  const phones = differing("phones");
  const tags = differing("tags");
  const values = differing("customValues");
  const none = { phones: [], tags: [], customValues: {} };
  await Promise.all([
    clear(scope, "customer_phones", phones),
    clear(scope, "customer_tags", tags),
    clear(scope, "customer_field_values", values),
    insertFinderRows(scope, [
      ...phones.map(({ id, phones: numbers }) => ({ ...none, id, phones: numbers })),
      ...tags.map(({ id, tags: labels }) => ({ ...none, id, tags: labels })),
      ...values.map(({ id, customValues }) => ({ ...none, id, customValues })),
    ]),
  ]);
}

async function clear(scope: TenantScope, table: string, customers: readonly FindableCustomer[]): Promise<void> {
  if (customers.length === 0) return;
  const p = new Parameters();
  const ids = p.add(customers.map(({ id }) => id));
  await scope.query(`delete from ${table} t where t.tenant_id = $1 and t.customer_id = any(${ids}::uuid[])`, p);
}
