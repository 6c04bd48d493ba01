/**
 * One statement a workload, whose only value is the finished answer. `$1` is the tenant; of lists `$2` and `$3` are when the
 * customer before the page was created, and its id.
 */
import { INSERTS } from "../new-customer.mjs";

/** The connections are in UTC. */
const instant = (column) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const list = (rows) => `(select coalesce(json_agg(x), '[]') from (${rows}) x)`;
const one = (row) => `(select row_to_json(x) from (${row}) x)`;

const CONTACTS = list(`
  select o.id, o.name, o.title, o.email, o.phone, o.is_primary as "isPrimary" from contacts o
  where o.tenant_id = $1 and o.customer_id = c.id order by o.is_primary desc, o.id`);
const MASKED = `repeat('*', b.account_number_length - length(b.account_number_last_four)) || b.account_number_last_four`;
const ACCOUNTS = list(`
  select b.id, b.bank_code as "bankCode", b.bank_name as "bankName", b.account_holder_name as "accountHolderName",
    ${MASKED} as "maskedAccountNumber"
  from bank_accounts b where b.tenant_id = $1 and b.customer_id = c.id order by b.id`);

/** A table of terms is small: its rows are made into JSON once a statement. */
const termTable = (name, table) =>
  `${name} as materialized (
    select t.id, ${one("select t.code, t.name")} as json from ${table} t where t.tenant_id = $1)`;
const TERM_TABLES = [
  termTable("statuses", "customer_statuses"),
  termTable("types", "customer_types"),
  termTable("groups", "customer_groups"),
];
const TERMS = `
  (select s.json from statuses s where s.id = c.status_id) as status,
  (select s.json from types s where s.id = c.type_id) as type,
  (select s.json from groups s where s.id = c.group_id) as "group"`;

/** A page of customers after one. */
const page = (first, columns, tables = []) => {
  const customers = `
    from customers c
    where c.tenant_id = $1 and not c.is_trashed and (c.created_at, c.id) > ($2::timestamptz, $3::uuid)
    order by c.created_at, c.id`;
  return `
    ${tables.length > 0 ? `with ${tables.join(", ")}` : ""}
    select '{"customers":{"nodes":' || page.nodes || ',"pageInfo":{"hasNextPage":'
      || exists (select ${customers} offset ${first} limit 1) || ',"endCursor":"' || page.last || '"}}}' as data
    from (
      select coalesce(json_agg(n), '[]')::text as nodes, max(n.id::text) as last
      from (select ${columns} ${customers} limit ${first}) n
    ) page`;
};

const CUSTOMER = `c.id, c.code, c.kind, c.name, c.email, c.phones, c.tax_id as "taxId", c.tags, c.version,
  ${instant("c.created_at")} as "createdAt", ${instant("c.updated_at")} as "updatedAt"`;

const Q1 = page(
  50,
  `c.id, c.code, c.name, c.email, ${instant("c.created_at")} as "createdAt", ${TERMS},
   ${CONTACTS} as contacts, ${ACCOUNTS} as "bankAccounts"`,
  TERM_TABLES,
);

const term = (table, column) =>
  one(`select t.code, t.name from ${table} t where t.tenant_id = $1 and t.id = c.${column}`);
const Q2 = `
  select json_build_object('customer', ${one(`
    select ${CUSTOMER},
      ${one(`select a.country, a.city, a.district, a.street, a."postalCode" from jsonb_to_record(c.address)
               as a (country text, city text, district text, street text, "postalCode" text)`)} as address,
      ${term("customer_statuses", "status_id")} as status, ${term("customer_types", "type_id")} as type,
      ${term("customer_groups", "group_id")} as "group", ${term("branches", "branch_id")} as branch,
      ${CONTACTS} as contacts, ${ACCOUNTS} as "bankAccounts",
      json_build_object('nodes', ${list(`
        select a.id, a.code, a.name, a.category, a.manufacturer, a.model, a.serial_number as "serialNumber", a.status, a.location
        from assets a where a.tenant_id = $1 and a.customer_id = c.id order by a.code_folded, a.id limit 20`)}) as assets,
      json_build_object('nodes', ${list(`
        select w.id, w.code, w.title, w.description, w.status, w.priority, ${instant("w.scheduled_at")} as "scheduledAt",
          ${instant("w.created_at")} as "createdAt"
        from work_orders w where w.tenant_id = $1 and w.customer_id = c.id
        order by w.created_at desc, w.id desc limit 20`)}) as "workOrders"
    from customers c where c.tenant_id = $1 and c.id = $2 and not c.is_trashed`)})::text as data`;

const Q3 = page(100, CUSTOMER);

const Q4 = page(
  20,
  `c.id, c.code, c.name, ${CONTACTS} as contacts,
   json_build_object('nodes', ${list(`
     select w.id, w.code, w.title, w.status, ${instant("w.scheduled_at")} as "scheduledAt",
       ${one("select a.id, a.code, a.name from assets a where a.tenant_id = $1 and a.id = w.asset_id")} as asset
     from work_orders w where w.tenant_id = $1 and w.customer_id = c.id
     order by w.created_at desc, w.id desc limit 20`)}) as "workOrders"`,
);

const Q5 = page(
  50,
  `c.id, c.code, c.name,
   json_build_object('nodes', ${list(`
     select w.id, w.code, w.title, w.status, ${instant("w.created_at")} as "createdAt"
     from work_orders w where w.tenant_id = $1 and w.customer_id = c.id
     order by w.created_at desc, w.id desc limit 3`)}) as "workOrders"`,
);

/** `$2` are the rows. What was inserted is not to be seen in the tables yet: the answer comes from RETURNING. */
const M1 = `
  with ${INSERTS}
  select json_build_object('createCustomer', ${one(`
    select c.id, c.code, c.name, c.email, c.phones, ${instant("c.created_at")} as "createdAt",
      ${term("customer_statuses", "status_id")} as status,
      ${list(`select o.id, o.name, o.title, o.email, o.phone, o.is_primary as "isPrimary" from contact o
              order by o.is_primary desc, o.id`)} as contacts,
      ${list(`select b.id, b.bank_code as "bankCode", b.bank_name as "bankName", b.account_holder_name as "accountHolderName",
                ${MASKED} as "maskedAccountNumber"
              from account b order by b.id`)} as "bankAccounts"
    from customer c`)})::text as data`;

export const STATEMENTS = { Q1, Q2, Q3, Q4, Q5, M1 };
