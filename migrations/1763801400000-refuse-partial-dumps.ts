import { type MigrationInterface, type QueryRunner } from "typeorm";

/**
 * Row-level security holds the owner too, so an owner's `pg_dump --enable-row-security` would end with success and without
 * nearly all rows. A restrictive policy for those who dump, the owner and members of pg_read_all_data, raises instead. It is
 * for SELECT, names neither clientele_app nor clientele_finder, and so is no part of what the server runs. Foreign keys are checked
 * without row-level security, as before.
 *
 * Who means to read as the owner, as migrations and administration do, sets app.owner_reads to "on".
 */
export class RefusePartialDumps1763801400000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    // The lowest UUID, or an error. A comparison with the column, rather than a condition without one: PostgreSQL estimates it with
    // the function's result, and reaches the tenant's index with it, so that it raises for a table without a visible row too.
    await queryRunner.query(`
      create function first_readable_tenant() returns uuid language plpgsql stable as $$
      begin
        if current_setting('app.owner_reads', true) = 'on' then
          return '00000000-0000-0000-0000-000000000000'::uuid;
        end if;
        raise exception 'Row-level security leaves rows out of what % reads: back up with "clientele backup"', current_user
          using errcode = 'insufficient_privilege',
            hint = 'Without that command: pg_dump by a login with BYPASSRLS and pg_read_all_data. To read a tenant''s rows: select set_tenant(<its id>), within a transaction.';
      end
      $$`);
    await queryRunner.query(`revoke all on function first_readable_tenant() from public`);
    await queryRunner.query(`grant execute on function first_readable_tenant() to pg_read_all_data`);

    // For one table, or for every tenant table after a change of owner: policies name roles, and follow no ALTER TABLE ... OWNER.
    await queryRunner.query(`
      create function guard_owner_reads(tenant_table regclass) returns void language plpgsql as $$
      declare
        owner regrole := (select relowner from pg_class where oid = tenant_table);
      begin
        execute format('drop policy if exists owner_reads on %s', tenant_table);
        execute format(
          'create policy owner_reads on %s as restrictive for select to %s, pg_read_all_data using (tenant_id >= first_readable_tenant())',
          tenant_table, owner);
      end
      $$`);
    await queryRunner.query(`
      create function guard_owner_reads() returns void language sql as $$
        select guard_owner_reads(c.oid::regclass)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
      $$`);

    await queryRunner.query(`
      create or replace function guard_tenant_table(tenant_table regclass) returns void language plpgsql as $$
      begin
        perform distribute(tenant_table);
        execute format('alter table %s enable row level security', tenant_table);
        execute format('alter table %s force row level security', tenant_table);
        execute format(
          'create policy tenant_isolation on %s
             using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)
             with check (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', tenant_table);
        perform guard_owner_reads(tenant_table);
        execute format('grant select, insert, update, delete on %s to clientele_app', tenant_table);
      end
      $$`);
    await queryRunner.query(`select guard_owner_reads()`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      do $$
      declare
        tenant_table regclass;
      begin
        for tenant_table in select polrelid from pg_policy where polname = 'owner_reads' loop
          execute format('drop policy owner_reads on %s', tenant_table);
        end loop;
      end
      $$`);
    await queryRunner.query(`
      create or replace function guard_tenant_table(tenant_table regclass) returns void language plpgsql as $$
      begin
        perform distribute(tenant_table);
        execute format('alter table %s enable row level security', tenant_table);
        execute format('alter table %s force row level security', tenant_table);
        execute format(
          'create policy tenant_isolation on %s
             using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)
             with check (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', tenant_table);
        execute format('grant select, insert, update, delete on %s to clientele_app', tenant_table);
      end
      $$`);
    await queryRunner.query(`drop function guard_owner_reads()`);
    await queryRunner.query(`drop function guard_owner_reads(regclass)`);
    await queryRunner.query(`drop function first_readable_tenant()`);
  }
}
