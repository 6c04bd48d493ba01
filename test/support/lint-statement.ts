export const TENANT_TABLES = [
  "tenant_settings",
  "api_keys",
  "code_counters",
  "customer_statuses",
  "customer_types",
  "customer_groups",
  "branches",
  "customer_fields",
  "customers",
  "customer_previous_codes",
  "customer_phones",
  "customer_tags",
  "customer_field_values",
  "contacts",
  "bank_accounts",
  "assets",
  "work_orders",
  "contracts",
  "invoices",
  "import_runs",
  "customer_changes",
  "idempotency_keys",
  "account_number_index_keys",
  "account_number_reveals",
  "signing_clients",
  "used_signatures",
];

const REFERENCE = new RegExp(`\\b(?:from|join|update)\\s+(${TENANT_TABLES.join("|")})\\s+(?:as\\s+)?(\\w+)`, "gi");

/**
 * The first wall, checked on every statement that a test runs: each reference to a tenant's table, at every level, says
 * `alias.tenant_id = $1`; and rows are inserted with $1 as their tenant.
 * @throws Error naming the table that does not
 */
export function lintStatement(sql: string): void {
  for (const [, table, alias] of sql.matchAll(REFERENCE)) {
    if (!sql.includes(`${alias}.tenant_id = $1`))
      throw new Error(`${table} ${alias} is read without its tenant in: ${sql}`);
  }
  const references = [...sql.matchAll(REFERENCE)].length;
  const conditions = [...sql.matchAll(/\w+\.tenant_id = \$1/g)].length;
  if (conditions < references) throw new Error(`A table is read without its tenant in: ${sql}`);
  if (/\binsert into\b/i.test(sql) && !/(select \$1,|values \(\$1[,)])/.test(sql)) {
    throw new Error(`Rows are inserted without the tenant in: ${sql}`);
  }
}
