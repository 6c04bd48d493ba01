import { withClient } from "./database";

export interface FillOptions {
  readonly customers: number;
  /** The customers that have active work: a few, or all but a few. */
  readonly activeWork?: "few" | "nearly all";
}

/** How many of the tenant's rows have what is rare, evenly spread. */
const FEW = 10;

/**
 * Fills a tenant with customers and one of each thing that hangs on them, in bulk. Rows are made of their number alone: the
 * n-th is the same each time. PostgreSQL is not told how many there are, as after an import. Codes run from C-1, WO-1, ...; what is rare is called so (tag "rare", status "RARE").
 * @param superuserUrl goes past row-level security and foreign keys
 */
export async function fillTenant(superuserUrl: string, tenantId: string, options: FillOptions): Promise<void> {
  const { customers, activeWork = "few" } = options;
  await withClient(superuserUrl, async (client) => {
    await client.query("set session_replication_role = replica"); // no foreign key is checked
    await client.query("begin");
    await client.query(seed(tenantId, customers));
    await client.query("analyze seed");
    for (const statement of inserts(tenantId, activeWork)) await client.query(statement);
    await client.query("commit");
  });
}

/** The numbers that rows are made of: h is a number without order, id is in the order of creation. */
function seed(tenantId: string, customers: number): string {
  const step = Math.max(2, Math.floor(customers / FEW));
  return `
    create temporary table seed on commit drop as
    select i, hashint4(i) & 2147483647 as h, i % ${step} = ${Math.floor(step / 2)} as rare,
      '2020-01-01Z'::timestamptz + i * interval '1 minute' as at,
      (lpad(to_hex(1577836800000 + i * 60000::bigint), 12, '0') || '7' || substr(digest, 1, 3) || '8' || substr(digest, 4, 15))::uuid as id
    from generate_series(1, ${customers}) i cross join lateral md5('${tenantId}' || i) as digest`;
}

const TERM_TABLES = ["customer_statuses", "customer_types", "customer_groups", "branches"];

function inserts(tenantId: string, activeWork: "few" | "nearly all"): string[] {
  const tenant = `'${tenantId}'::uuid`;
  const field = (name: string): string => `md5('${tenantId}${name}')::uuid`;
  const term = (table: string, n: string): string => `md5('${tenantId}${table}' || ${n})::uuid`;
  const pick = (...values: string[]): string => `(array['${values.join("','")}'])[1 + h % ${values.length}]`;
  const child = (table: string): string => `md5('${table}' || id)::uuid`;
  const isActive = activeWork === "few" ? "rare" : "not rare";
  return [
    ...TERM_TABLES.map(
      (table) => `
        insert into ${table} (tenant_id, id, code, code_key, name)
        select ${tenant}, ${term(table, "n")}, upper(code), code, initcap(code)
        from unnest(array['rare', 'first', 'second', 'third']) with ordinality as u (code, n)`,
    ),
    `insert into customer_fields (tenant_id, id, code, code_key, name, type, options)
     select ${tenant}, md5('${tenantId}' || name)::uuid, name, lower(name), name, type, options::text[]
     from (values ('Text', 'TEXT', '{}'), ('Number', 'NUMBER', '{}'), ('Boolean', 'BOOLEAN', '{}'), ('Date', 'DATE', '{}'),
       ('Select', 'SELECT', '{a,b,c,rare}'), ('Multi', 'MULTI_SELECT', '{a,b,c,rare}'), ('Seldom', 'TEXT', '{}')
     ) as v (name, type, options)`,
    `insert into customers (tenant_id, id, code, code_key, code_folded, kind, name, name_folded, name_is_derived,
       email, email_folded, phones, tax_id, tax_id_folded, tags, address, branch_id, status_id, type_id, group_id,
       custom_values, search_text, created_at, updated_at, deleted_at)
     select ${tenant}, id, upper(code), code, code, case when rare then 'COMPANY' else 'PERSONAL' end, initcap(name), name, false,
       email, email, array['+' || phone], tax_id, tax_id, array[tag], jsonb_build_object('city', 'Town ' || h % 300, 'country', country),
       ${term("branches", "t")}, ${term("customer_statuses", "t")}, ${term("customer_types", "t")}, ${term("customer_groups", "t")},
       jsonb_build_object(${field("Number")}, i % 2000),
       concat_ws(e'\\n', name, code, email, tax_id, phone || ' 0' || substr(phone, 3), regexp_replace(tax_id, '\\D', '', 'g')),
       at, at + h % 100000000 * interval '1 second', case when i % 100 = 1 then '2026-01-01Z'::timestamptz end
     from (
       select *, case when rare then 'rare-' else 'c-' end || i as code,
         case when h % 10 < 4 then 'nguyen' else ${pick("tran", "le", "pham", "hoang", "smith", "jones", "acme")} end
           || ' ' || ${pick("van", "thi", "duc", "ngoc", "anna", "peter")} || ' ' || i || case when rare then ' zyxwvut' else '' end as name,
         case when not rare then 'mail.' || i || '@example.com' end as email,
         '8491' || lpad(i::text, 7, '0') as phone,
         case when i % 2 = 0 then '03' || lpad(i::text, 8, '0') || '-001' end as tax_id,
         case when rare then 'rare' when i % 10 < 4 then 'broad' else 'tag' || h % 500 end as tag,
         case when rare then 'NZ' else ${pick("VN", "DE", "NL", "US", "GB")} end as country,
         case when rare then '1' else (2 + h % 3)::text end as t
       from seed
     ) s`,
    `insert into customer_phones (tenant_id, customer_id, phone) select ${tenant}, id, '+8491' || lpad(i::text, 7, '0') from seed`,
    `insert into customer_tags (tenant_id, customer_id, tag)
     select ${tenant}, id, case when rare then 'rare' when i % 10 < 4 then 'broad' else 'tag' || h % 500 end from seed`,
    `insert into customer_field_values (tenant_id, customer_id, field_id, position, text_value, number_value)
     select ${tenant}, seed.id, f.id, 0, f.text, f.number from seed cross join lateral (values
       (${field("Text")}, 'text ' || i % 2000, null::float8), (${field("Number")}, null, i % 2000),
       (${field("Boolean")}, rare::text, null), (${field("Date")}, ('2020-01-01'::date + i % 2000)::text, null),
       (${field("Select")}, case when rare then 'rare' else ${pick("a", "b", "c")} end, null),
       (${field("Multi")}, case when rare then 'rare' else ${pick("a", "b", "c")} end, null),
       (${field("Seldom")}, case when rare then 'seldom' end, null)
     ) as f (id, text, number) where f.text is not null or f.number is not null`,
    `insert into contacts (tenant_id, id, customer_id, name, email, is_primary)
     select ${tenant}, ${child("contacts")}, id, 'Contact ' || i, 'contact.' || i || '@example.com', true from seed`,
    `insert into bank_accounts (tenant_id, id, customer_id, bank_name, account_number_ciphertext, account_number_key_id,
       account_number_last_four, account_number_length, account_number_index)
     select ${tenant}, ${child("bank_accounts")}, id, 'Bank', '\\x00', 'none', right('0000' || i, 4), 12, sha256(uuid_send(id)) from seed`,
    `insert into customer_previous_codes (tenant_id, id, customer_id, code, code_key)
     select ${tenant}, ${child("customer_previous_codes")}, id, 'OLD-' || i, 'old-' || i from seed`,
    `insert into customer_changes (tenant_id, id, customer_id, action, credential_name, fields, created_at)
     select ${tenant}, ${child("customer_changes")}, id, 'CREATED', 'fill', '[]', at from seed`,
    `insert into assets (tenant_id, id, customer_id, code, code_key, code_folded, name, category, category_folded, status,
       search_text, created_at)
     select ${tenant}, ${child("assets")}, id, 'A-' || i, 'a-' || i, 'a-' || i, name, category, lower(category),
       case when rare then 'RETIRED' else 'ACTIVE' end, concat_ws(e'\\n', lower(name), 'a-' || i, lower(category)), at
     from (
       select *, case when h % 10 < 4 then 'Pump ' else ${pick("Boiler ", "Lift ", "Chiller ")} end
           || i || case when rare then ' Zyxwvut' else '' end as name,
         case when rare then 'Rare' else 'Common' end as category
       from seed
     ) s`,
    `insert into work_orders (tenant_id, id, customer_id, asset_id, code, code_key, title, status, priority, scheduled_at, created_at)
     select ${tenant}, ${child("work_orders")}, id, ${child("assets")}, 'WO-' || i, 'wo-' || i, 'Work ' || i,
       case when ${isActive} then 'ON_HOLD' when h % 2 = 0 then 'COMPLETED' else 'CANCELLED' end,
       case when rare then 'URGENT' else 'NORMAL' end, at + h % 100000000 * interval '1 second', at
     from seed`,
    `insert into contracts (tenant_id, id, customer_id, code, code_key, title, status, created_at)
     select ${tenant}, ${child("contracts")}, id, 'CT-' || i, 'ct-' || i, 'Contract ' || i,
       case when rare then 'TERMINATED' else 'ACTIVE' end, at from seed`,
    `insert into invoices (tenant_id, id, customer_id, code, code_key, status, amount, currency, due_on, created_at)
     select ${tenant}, ${child("invoices")}, id, 'INV-' || i, 'inv-' || i, case when rare then 'VOID' else 'PAID' end, i, 'EUR',
       (at + h % 100000000 * interval '1 second')::date, at
     from seed`,
  ];
}
