import { type MigrationInterface, type QueryRunner } from "typeorm";

/**
 * Customers with what is theirs alone: previous codes, contacts, bank accounts, and the rows by which they are found.
 *
 * Under row-level security only leakproof operators (=, <, row comparison) reach an index. So what is compared without
 * regard to case or accents is folded by the application into plain columns (..._folded, collation "C"), what a list
 * holds stands once more as rows (phones, tags, custom values), and substring search goes through find_customers().
 */
export class CreateCustomers1763800200000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    // What lists look at in every row stands in front: PostgreSQL reads a row's columns one after another. They ask for
    // is_trashed rather than deleted_at: of "is null" in a table that was never analyzed, as after a large import, the
    // planner expects one row in 200 to pass, and would sort those few instead of going through an index in order.
    await queryRunner.query(`
      create table customers (
        tenant_id uuid not null,
        id uuid not null,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        version int not null default 1,
        deleted_at timestamptz(3),
        is_trashed boolean not null generated always as (deleted_at is not null) stored,
        search_text text not null,
        code text not null,
        code_key text collate "C" not null,
        code_folded text collate "C" not null,
        kind text not null,
        name text not null,
        name_folded text collate "C" not null,
        name_is_derived boolean not null,
        company text,
        first_name text,
        last_name text,
        email text,
        email_folded text collate "C",
        phones text[] not null default '{}',
        fax text,
        website text,
        tax_id text,
        tax_id_folded text collate "C",
        payment_terms text,
        notes text,
        tags text[] not null default '{}',
        address jsonb,
        billing_address jsonb,
        country text collate "C" generated always as (address ->> 'country') stored,
        branch_id uuid,
        status_id uuid,
        type_id uuid,
        group_id uuid,
        custom_values jsonb not null default '{}',
        constraint customers_pk primary key (tenant_id, id),
        constraint customers_kind_ck check (kind in ('PERSONAL', 'COMPANY')),
        constraint customers_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('customers')`);
    for (const [column, table] of [
      ["branch", "branches"],
      ["status", "customer_statuses"],
      ["type", "customer_types"],
      ["group", "customer_groups"],
    ] as const) {
      await queryRunner.query(`
        alter table customers add constraint customers_${column}_fk
          foreign key (tenant_id, ${column}_id) references ${table} (tenant_id, id)`);
      // Also the filter by that term, in the default order; is_trashed rides along so that a count reads the index alone.
      await queryRunner.query(
        `create index customers_${column}_idx on customers (tenant_id, ${column}_id, created_at, id) include (is_trashed)`,
      );
      // A term is one tenant's. Not knowing that, the planner would take a tenth of its customers for it with ten tenants.
      await queryRunner.query(
        `create statistics customers_${column}_st (dependencies) on tenant_id, ${column}_id from customers`,
      );
    }

    // A customer in the trash does not hold its code.
    await queryRunner.query(
      `create unique index customers_code_u on customers (tenant_id, code_key) where deleted_at is null`,
    );
    // One index an order.
    await queryRunner.query(
      `create index customers_created_idx on customers (tenant_id, created_at, id) include (is_trashed)`,
    );
    await queryRunner.query(`create index customers_updated_idx on customers (tenant_id, updated_at, id)`);
    await queryRunner.query(`create index customers_name_idx on customers (tenant_id, name_folded, id)`);
    await queryRunner.query(`create index customers_code_idx on customers (tenant_id, code_folded, id)`);
    // One index a filter. The rarer kind would otherwise be looked for through all rows in order.
    await queryRunner.query(`create index customers_kind_idx on customers (tenant_id, kind, created_at, id)`);
    await queryRunner.query(`create index customers_email_idx on customers (tenant_id, email_folded)`);
    await queryRunner.query(`create index customers_tax_id_idx on customers (tenant_id, tax_id_folded)`);
    await queryRunner.query(`create index customers_country_idx on customers (tenant_id, country, created_at, id)`);
    // The trash, and by code the one deleted last.
    await queryRunner.query(
      `create index customers_trash_idx on customers (tenant_id, code_key, deleted_at) where deleted_at is not null`,
    );

    // Substring search: reached by find_customers() only. Each search also reads the entries that are not sorted in yet;
    // where those are many, as they may be after an import (4 MB by default), the planner would rather read all customers.
    await queryRunner.query(
      `create index customers_search_idx on customers using gin (tenant_id, search_text gin_trgm_ops)
       with (gin_pending_list_limit = 1024)`,
    );
    await queryRunner.query(`create policy finder on customers for select to clientele_finder using (true)`);
    await queryRunner.query(`grant select (tenant_id, id, search_text) on customers to clientele_finder`);
    // Ids of the tenant's customers (those in the trash too) whose search text is LIKE every pattern: the first that come
    // along, so many at most. SECURITY DEFINER looks through row-level security, so the function keeps the wall itself: it
    // answers for the transaction's own tenant only. The statement is built anew each time: a generic plan would not know
    // the patterns, so not the index.
    await queryRunner.query(`
      create function find_customers(tenant uuid, patterns text[], most int) returns setof uuid
      language plpgsql stable security definer set search_path = public, pg_temp as $$
      begin
        if tenant is distinct from nullif(current_setting('app.tenant', true), '')::uuid then
          return;
        end if;
        return query execute
          'select c.id from customers c where c.tenant_id = $1'
          || (select coalesce(string_agg(format(' and c.search_text like %L', p), ''), ' and false') from unnest(patterns) p)
          || ' limit $2'
          using tenant, most;
      end
      $$`);
    await handToFinder(queryRunner, "find_customers(uuid, text[], int)");

    // Codes that a rename gave up. They keep finding their customer until another one takes them.
    await queryRunner.query(`
      create table customer_previous_codes (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        code text not null,
        code_key text collate "C" not null,
        created_at timestamptz(3) not null default now(),
        constraint customer_previous_codes_pk primary key (tenant_id, id),
        constraint customer_previous_codes_code_u unique (tenant_id, code_key)
      )`);
    await queryRunner.query(`select guard_tenant_table('customer_previous_codes')`);
    await addCustomerKey(queryRunner, "customer_previous_codes");

    await queryRunner.query(`
      create table customer_phones (
        tenant_id uuid not null,
        customer_id uuid not null,
        phone text collate "C" not null,
        constraint customer_phones_pk primary key (tenant_id, phone, customer_id)
      )`);
    await queryRunner.query(`select guard_tenant_table('customer_phones')`);
    await addCustomerKey(queryRunner, "customer_phones");

    await queryRunner.query(`
      create table customer_tags (
        tenant_id uuid not null,
        customer_id uuid not null,
        tag text collate "C" not null,
        constraint customer_tags_pk primary key (tenant_id, tag, customer_id)
      )`);
    await queryRunner.query(`select guard_tenant_table('customer_tags')`);
    await addCustomerKey(queryRunner, "customer_tags");
    await queryRunner.query(
      `create statistics customer_tags_tag_st (dependencies) on tenant_id, tag from customer_tags`,
    );

    // The values themselves are in customers.custom_values, by field id. Here they stand to be found: text_value for text,
    // choices, days and booleans (cut with a digest where long), number_value (float8: numeric is not leakproof).
    await queryRunner.query(`
      create table customer_field_values (
        tenant_id uuid not null,
        customer_id uuid not null,
        field_id uuid not null,
        position smallint not null,
        text_value text collate "C",
        number_value float8,
        constraint customer_field_values_pk primary key (tenant_id, customer_id, field_id, position),
        constraint customer_field_values_one_ck check ((text_value is null) <> (number_value is null))
      )`);
    await queryRunner.query(`select guard_tenant_table('customer_field_values')`);
    await queryRunner.query(`
      alter table customer_field_values
        add constraint customer_field_values_customer_fk
          foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade,
        add constraint customer_field_values_field_fk
          foreign key (tenant_id, field_id) references customer_fields (tenant_id, id)`);
    await queryRunner.query(
      `create index customer_field_values_text_idx on customer_field_values (tenant_id, field_id, text_value, customer_id)`,
    );
    await queryRunner.query(
      `create index customer_field_values_number_idx on customer_field_values (tenant_id, field_id, number_value, customer_id) where number_value is not null`,
    );
    await queryRunner.query(
      `create statistics customer_field_values_field_st (dependencies) on tenant_id, field_id from customer_field_values`,
    );

    await queryRunner.query(`
      create table contacts (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        name text not null,
        title text,
        email text,
        phone text,
        is_primary boolean not null default false,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        constraint contacts_pk primary key (tenant_id, id)
      )`);
    await queryRunner.query(`select guard_tenant_table('contacts')`);
    await addCustomerKey(queryRunner, "contacts");
    await queryRunner.query(
      `create unique index contacts_primary_u on contacts (tenant_id, customer_id) where is_primary`,
    );

    // The number is AES-256-GCM ciphertext from the first day; what may be seen of it stands beside it.
    await queryRunner.query(`
      create table bank_accounts (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        bank_code text,
        bank_name text,
        account_holder_name text,
        account_number_ciphertext bytea not null,
        account_number_key_id text not null,
        account_number_last_four text not null,
        account_number_length smallint not null,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        constraint bank_accounts_pk primary key (tenant_id, id)
      )`);
    await queryRunner.query(`select guard_tenant_table('bank_accounts')`);
    await addCustomerKey(queryRunner, "bank_accounts");
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop function find_customers(uuid, text[], int)`);
    await queryRunner.query(`
      drop table bank_accounts, contacts, customer_field_values, customer_tags, customer_phones, customer_previous_codes, customers`);
  }
}

/** The way back to the customer: what hangs on one goes with it when it is purged. */
async function addCustomerKey(queryRunner: QueryRunner, table: string): Promise<void> {
  await queryRunner.query(`
    alter table ${table} add constraint ${table}_customer_fk
      foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade`);
  await queryRunner.query(`create index ${table}_customer_idx on ${table} (tenant_id, customer_id)`);
}

/** A new owner needs CREATE on the schema, for the moment of the change. */
async function handToFinder(queryRunner: QueryRunner, signature: string): Promise<void> {
  await queryRunner.query(`grant create on schema public to clientele_finder`);
  await queryRunner.query(`alter function ${signature} owner to clientele_finder`);
  await queryRunner.query(`revoke create on schema public from clientele_finder`);
  await queryRunner.query(`revoke all on function ${signature} from public`);
  await queryRunner.query(`grant execute on function ${signature} to clientele_app`);
}
