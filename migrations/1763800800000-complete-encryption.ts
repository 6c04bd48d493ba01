import { type MigrationInterface, type QueryRunner } from "typeorm";

/**
 * What encryption at rest needs beside ciphertext: equality search over account numbers, a record of each number that was
 * shown, and which keys are in use.
 *
 * Whatever is kept sealed has two columns, `<name>_ciphertext` and `<name>_key_id`, and an index (tenant_id, <name>_key_id, id).
 */
export class CompleteEncryption1763800800000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    // The key of a tenant's digests of account numbers: random, sealed, made with the tenant's first number. It never changes,
    // since every digest would have to; only what seals it does.
    await queryRunner.query(`
      create table account_number_index_keys (
        tenant_id uuid not null,
        secret_ciphertext bytea not null,
        secret_key_id text not null,
        created_at timestamptz(3) not null default now(),
        constraint account_number_index_keys_pk primary key (tenant_id),
        constraint account_number_index_keys_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('account_number_index_keys')`);

    // Null in rows that were written before: only the gateway has the keys, and `clientele keys rotate` fills it in.
    await queryRunner.query(`alter table bank_accounts add column account_number_index bytea`);
    await queryRunner.query(`create index bank_accounts_number_idx on bank_accounts (tenant_id, account_number_index)`);
    await queryRunner.query(
      `create index bank_accounts_key_idx on bank_accounts (tenant_id, account_number_key_id, id)`,
    );
    await queryRunner.query(
      `create index idempotency_keys_answer_key_idx on idempotency_keys (tenant_id, answer_key_id, id)`,
    );

    // Which whole account number was shown to whom. It outlives the account, the customer and the credential: no foreign keys.
    await queryRunner.query(`
      create table account_number_reveals (
        tenant_id uuid not null,
        id uuid not null,
        bank_account_id uuid not null,
        customer_id uuid not null,
        credential_id uuid,
        credential_name text not null,
        request_id text,
        created_at timestamptz(3) not null default now(),
        constraint account_number_reveals_pk primary key (tenant_id, id),
        constraint account_number_reveals_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('account_number_reveals')`);
    await queryRunner.query(
      `create index account_number_reveals_created_idx on account_number_reveals (tenant_id, created_at, id)`,
    );

    // The ids of all keys that something is sealed with, of every tenant: what a server asks before it starts. It tells no
    // more than ids. SECURITY DEFINER for the list of tenants alone; as row-level security holds for the owner too, the
    // function enters one tenant after another. Within a tenant it goes from one id to the next by the index, however many
    // rows have it.
    await queryRunner.query(`
      create function encryption_keys_in_use() returns setof text
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        entered text := current_setting('app.tenant', true);
        tenant uuid;
        query text;
      begin
        select string_agg(format(
          '(with recursive used (key_id) as (
              (select t.%1$I from %2$s t where t.tenant_id = $1 and t.%1$I is not null order by t.%1$I limit 1)
              union all
              select (select t.%1$I from %2$s t where t.tenant_id = $1 and t.%1$I > used.key_id order by t.%1$I limit 1)
              from used where used.key_id is not null
            ) select key_id from used where key_id is not null)', k.attname, c.oid::regclass), ' union ')
        into query
        from pg_class c
        join pg_attribute k on k.attrelid = c.oid and k.attname like '%\\_key\\_id' and not k.attisdropped
        join pg_attribute s on s.attrelid = c.oid and s.attname = regexp_replace(k.attname, '_key_id$', '_ciphertext')
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not s.attisdropped;
        for tenant in select id from tenants loop
          perform set_config('app.tenant', tenant::text, true);
          return query execute query using tenant;
        end loop;
        perform set_config('app.tenant', coalesce(entered, ''), true);
      end
      $$`);
    await queryRunner.query(`revoke all on function encryption_keys_in_use() from public`);
    await queryRunner.query(`grant execute on function encryption_keys_in_use() to clientele_app`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop function encryption_keys_in_use()`);
    await queryRunner.query(`drop table account_number_reveals`);
    await queryRunner.query(
      `drop index idempotency_keys_answer_key_idx, bank_accounts_key_idx, bank_accounts_number_idx`,
    );
    await queryRunner.query(`alter table bank_accounts drop column account_number_index`);
    await queryRunner.query(`drop table account_number_index_keys`);
  }
}
