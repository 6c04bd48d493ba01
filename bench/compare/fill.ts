import { createHash } from "node:crypto";
import { type Client } from "pg";
import { withoutIndexes } from "../database/without-indexes";

const KEY_ID = "bench";

/** `<key id>:<32 bytes in base64>`: what account numbers are encrypted with. Always the same, as the filled database is kept. */
export const ENCRYPTION_KEY = `${KEY_ID}:${Buffer.alloc(32, "invented").toString("base64")}`;

export interface FillOptions {
  /** Of all tenants together; the first has half of them. */
  readonly customers: number;
  readonly tenants: number;
}

const TERMS = {
  customer_statuses: ["prospect", "active", "paused", "blocked", "former"],
  customer_types: ["retail", "wholesale", "public", "partner"],
  customer_groups: ["north", "south", "east", "west", "online", "abroad"],
  branches: ["hanoi", "saigon", "danang"],
};

/**
 * Fills a database with tenants and their customers: with 1 to 4 contacts each (2.5 on average), 1 or 2 bank accounts
 * (1.3), 0 to 3 assets (1.5), 0 to 4 work orders (2), a phone, a tag, and terms of each kind. Rows are made of their number
 * alone: the n-th is the same each time.
 * @param client a superuser's
 */
export async function fill(client: Client, { customers, tenants }: FillOptions): Promise<void> {
  await withoutIndexes(client, async () => {
    await client.query("begin");
    await client.query(ID_FUNCTION);
    await client.query("create temporary table sizes (tenant_id uuid, k int, size int) on commit drop");
    await client.query(
      `insert into sizes select md5('tenant ' || k)::uuid, k,
         case when $2 = 1 then $1 when k = 1 then $1 / 2 else ($1 - $1 / 2) / ($2 - 1) end
       from generate_series(1, $2::int) k cross join (values ($1::int)) n`,
      [customers, tenants],
    );
    await client.query(SEED);
    await client.query("analyze seed");
    for (const statement of INSERTS) await client.query(statement);
    await client.query("commit");
  });
}

/** An id like the ones of the server: its order is that of creation. */
const ID_FUNCTION = `
  create or replace function pg_temp.id_at(at timestamptz, what text) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
      || '7' || substr(md5(what), 1, 3) || '8' || substr(md5(what), 4, 15))::uuid
  $$`;

/** The numbers that rows are made of: i counts the tenant's customers, h is a number without order. */
const SEED = `
  create temporary table seed on commit drop as
  select s.tenant_id, i, h, at, pg_temp.id_at(at, s.tenant_id::text || i) as id,
    1 + h % 4 as contacts, case when h / 4 % 10 < 7 then 1 else 2 end as accounts, h / 40 % 4 as assets, h / 160 % 5 as works
  from sizes s cross join lateral generate_series(1, s.size) i
  cross join lateral (select hashint4(i + s.k * 1000003) & 2147483647, '2020-01-01Z'::timestamptz + i * interval '1 minute') v (h, at)`;

const term = (table: keyof typeof TERMS): string =>
  `md5(tenant_id::text || '${table}' || h / 800 % ${TERMS[table].length})::uuid`;
const pick = (...values: string[]): string => `(array['${values.join("','")}'])[1 + h % ${values.length}]`;
/** A row that belongs to a customer, the n-th of its kind. */
const child = (kind: string, n = "n"): string =>
  `pg_temp.id_at(at + ${n} * interval '1 second', tenant_id::text || '${kind}' || i || ' ' || ${n})`;

const INSERTS = [
  `insert into tenants (id, code, code_key, name) select tenant_id, 'bench-' || k, 'bench-' || k, 'Bench ' || k from sizes`,
  ...Object.entries(TERMS).map(
    ([table, codes]) => `
      insert into ${table} (tenant_id, id, code, code_key, name)
      select tenant_id, md5(tenant_id::text || '${table}' || n - 1)::uuid, upper(code), code, initcap(code)
      from sizes, unnest(array['${codes.join("','")}']) with ordinality as u (code, n)`,
  ),
  `insert into customers (tenant_id, id, code, code_key, code_folded, kind, name, name_folded, name_is_derived,
     email, email_folded, phones, tax_id, tax_id_folded, tags, address, branch_id, status_id, type_id, group_id,
     search_text, created_at, updated_at)
   select tenant_id, id, upper(code), code, code, case when h % 3 = 0 then 'COMPANY' else 'PERSONAL' end,
     name, lower(name), false, email, email, array['+' || phone], tax_id, tax_id, array['tag' || h % 50],
     jsonb_build_object('country', ${pick("VN", "DE", "NL", "US", "GB")}, 'state', null, 'city', 'Town ' || h % 300,
       'district', 'District ' || h % 20, 'ward', null, 'street', i || ' Long Street', 'building', null, 'premise', null,
       'subPremise', null, 'postalCode', lpad((h % 100000)::text, 5, '0')),
     ${term("branches")}, ${term("customer_statuses")}, ${term("customer_types")}, ${term("customer_groups")},
     concat_ws(e'\\n', lower(name), code, email, tax_id, phone || ' 0' || substr(phone, 3)), at, at + h % 100000 * interval '1 second'
   from (
     select *, 'c-' || i as code,
       ${pick("Nguyen", "Tran", "Le", "Pham", "Hoang", "Smith", "Jones", "Miller", "Jansen", "Garcia")} || ' '
         || (array['Van','Thi','Duc','Ngoc','Anna','Peter','Maria'])[1 + h / 10 % 7] || ' ' || i as name,
       'mail.' || i || '@example.com' as email, '8491' || lpad(i::text, 7, '0') as phone,
       case when i % 2 = 0 then '03' || lpad(i::text, 8, '0') end as tax_id
     from seed
   ) s`,
  `insert into customer_phones (tenant_id, customer_id, phone) select tenant_id, id, '+8491' || lpad(i::text, 7, '0') from seed`,
  `insert into customer_tags (tenant_id, customer_id, tag) select tenant_id, id, 'tag' || h % 50 from seed`,
  `insert into customer_changes (tenant_id, id, customer_id, action, credential_name, fields, created_at)
   select tenant_id, ${child("change", "0")}, id, 'CREATED', 'fill', '[]', at from seed`,
  `insert into contacts (tenant_id, id, customer_id, name, title, email, phone, is_primary, created_at)
   select tenant_id, ${child("contact")}, id, 'Contact ' || i || '-' || n, ${pick("Director", "Buyer", "Technician")},
     'contact.' || i || '.' || n || '@example.com', '+8490' || lpad((i * 4 + n)::text, 8, '0'), n = least(2, contacts),
     at + n * interval '1 second'
   from seed cross join lateral generate_series(1, contacts) n`,
  `insert into bank_accounts (tenant_id, id, customer_id, bank_code, bank_name, account_holder_name, account_number_ciphertext,
     account_number_key_id, account_number_last_four, account_number_length, account_number_index, created_at)
   select tenant_id, ${child("account")}, id, '9704' || h % 40, 'Bank ' || h % 40, 'Holder ' || i, '\\x00', '${KEY_ID}',
     lpad((i % 10000)::text, 4, '0'), 10 + h % 5, sha256(uuid_send(id)), at + n * interval '1 second'
   from seed cross join lateral generate_series(1, accounts) n`,
  `insert into assets (tenant_id, id, customer_id, code, code_key, code_folded, name, category, category_folded, manufacturer,
     model, serial_number, status, location, search_text, created_at)
   select tenant_id, ${child("asset")}, id, upper(code), code, code, name, category, lower(category), 'Maker ' || h % 30,
     'Model ' || h % 100, 'S' || h || '-' || n, 'ACTIVE', 'Floor ' || n, concat_ws(e'\\n', lower(name), code, lower(category)),
     at + n * interval '1 second'
   from (
     select *, 'a-' || i || '-' || n as code, category || ' ' || i || '-' || n as name
     from seed cross join lateral generate_series(1, assets) n
     cross join lateral (values (${pick("Boiler", "Lift", "Chiller", "Pump")})) c (category)
   ) s`,
  `insert into work_orders (tenant_id, id, customer_id, asset_id, code, code_key, title, description, status, priority,
     scheduled_at, created_at)
   select tenant_id, ${child("work")}, id, case when assets > 0 then ${child("asset", "(1 + n % assets)")} end,
     'WO-' || i || '-' || n, 'wo-' || i || '-' || n, 'Work ' || i || '-' || n, 'What is to be done about it',
     (array['OPEN','SCHEDULED','IN_PROGRESS','COMPLETED','COMPLETED','CANCELLED'])[1 + (h + n) % 6],
     ${pick("LOW", "NORMAL", "NORMAL", "HIGH")}, at + h % 100000 * interval '1 second', at + n * interval '1 second'
   from seed cross join lateral generate_series(1, works) n`,
];

/** What is filled, told from what an earlier version of this file has filled. */
export const CONTENT = createHash("sha256")
  .update([ID_FUNCTION, SEED, ...INSERTS].join())
  .digest("hex");
