import { type MigrationInterface, type QueryRunner } from "typeorm";

/** Every sealed column. */
const SEALED_COLUMNS = `
  select k.attrelid::regclass as tenant_table, regexp_replace(k.attname, '_key_id$', '') as name
  from pg_attribute k
  join pg_attribute c on c.attrelid = k.attrelid and c.attname = regexp_replace(k.attname, '_key_id$', '_ciphertext')
  join pg_class t on t.oid = k.attrelid and t.relkind in ('r', 'p') and t.relnamespace = 'public'::regnamespace
  where k.attname like '%\\_key\\_id'
  order by k.attrelid::regclass::text, k.attname`;

/**
 * What encryption at rest needs beside ciphertext: equality search over account numbers, a record of each number that was
 * shown, and which keys are in use.
 *
 * Whatever is kept sealed has two columns, `<name>_ciphertext` and `<name>_key_id`, and is guarded by guard_sealed_column().
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

    // What is sealed with a key is found by its id. The finder may read those ids and whose rows have them, of all tenants, and
    // no more: each tenant by itself would be a statement for each, before any server could start.
    await queryRunner.query(`
      create function guard_sealed_column(tenant_table regclass, name text) returns void language plpgsql as $$
      declare
        key_id text := name || '_key_id';
        has_id boolean := exists (
          select from pg_attribute where attrelid = tenant_table and attname = 'id' and not attisdropped);
      begin
        execute format('create index %I on %s (tenant_id, %I%s)',
          tenant_table::text || '_' || name || '_key_idx', tenant_table, key_id, case when has_id then ', id' else '' end);
        if not exists (select from pg_policy where polrelid = tenant_table and polname = 'finder') then
          execute format('create policy finder on %s for select to clientele_finder using (true)', tenant_table);
        end if;
        execute format('grant select (tenant_id, %I) on %s to clientele_finder', key_id, tenant_table);
      end
      $$`);
    await queryRunner.query(`select guard_sealed_column(s.tenant_table, s.name) from (${SEALED_COLUMNS}) s`);

    // The ids of all keys that something is sealed with, of any tenant: what a server asks before it starts. It goes from one
    // tenant and key to the next by the index, however many rows there are.
    await queryRunner.query(`
      create function encryption_keys_in_use() returns setof text
      language plpgsql stable security definer set search_path = public, pg_temp as $$
      declare
        sealed record;
      begin
        for sealed in ${SEALED_COLUMNS} loop
          return query execute format(
            'with recursive used (tenant_id, key_id) as (
               (select t.tenant_id, t.%1$I from %2$s t where t.%1$I is not null order by t.tenant_id, t.%1$I limit 1)
               union all
               select next.* from used cross join lateral (
                 select t.tenant_id, t.%1$I from %2$s t
                 where (t.tenant_id, t.%1$I) > (used.tenant_id, used.key_id) order by t.tenant_id, t.%1$I limit 1) next
             ) select distinct used.key_id from used where used.key_id is not null', sealed.name || '_key_id', sealed.tenant_table);
        end loop;
      end
      $$`);
    await queryRunner.query(`grant create on schema public to clientele_finder`);
    await queryRunner.query(`alter function encryption_keys_in_use() owner to clientele_finder`);
    await queryRunner.query(`revoke create on schema public from clientele_finder`);
    await queryRunner.query(`revoke all on function encryption_keys_in_use() from public`);
    await queryRunner.query(`grant execute on function encryption_keys_in_use() to clientele_app`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop function encryption_keys_in_use()`);
    await queryRunner.query(`drop table account_number_reveals, account_number_index_keys`);
    await queryRunner.query(`drop index bank_accounts_number_idx`);
    await queryRunner.query(`alter table bank_accounts drop column account_number_index`);
    await queryRunner.query(`
      do $$
      declare
        sealed record;
      begin
        for sealed in ${SEALED_COLUMNS} loop
          execute format('drop index %I', sealed.tenant_table || '_' || sealed.name || '_key_idx');
          execute format('drop policy if exists finder on %s', sealed.tenant_table);
          execute format('revoke select (tenant_id, %I) on %s from clientele_finder', sealed.name || '_key_id', sealed.tenant_table);
        end loop;
      end
      $$`);
    await queryRunner.query(`drop function guard_sealed_column(regclass, text)`);
  }
}
