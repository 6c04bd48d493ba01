import { type MigrationInterface, type QueryRunner } from "typeorm";

/**
 * The ground that every tenant table stands on: the roles, the function that opens a tenant's transaction, the tenants,
 * what a tenant asks of its records, its API keys and the counters of assigned codes.
 *
 * Roles belong to the cluster, not to the database: they are made when missing and never dropped.
 */
export class CreateTenants1763800000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create extension if not exists pg_trgm`);
    await queryRunner.query(`create extension if not exists btree_gin`);

    // clientele_app: what the server works as. clientele_finder: owns the search functions, which look through row-level
    // security because LIKE is not leakproof and would not reach its index otherwise. Neither can log in or own a table.
    await queryRunner.query(`
      do $$
      declare
        wanted text;
      begin
        foreach wanted in array array['clientele_app', 'clientele_finder'] loop
          begin
            if not exists (select from pg_roles where rolname = wanted) then
              execute format('create role %I nologin nosuperuser nobypassrls', wanted);
            end if;
            -- The owner switches to clientele_app where it is also the server's login, and hands functions to the finder.
            execute format('grant %I to current_user', wanted);
          exception
            when duplicate_object or unique_violation then null; -- another migration has just made it
            when insufficient_privilege then
              if not pg_has_role(current_user, wanted, 'MEMBER') then
                raise exception 'The role % is missing or not granted to %. Ask an administrator to run: create role % nologin; grant % to %;',
                  wanted, current_user, wanted, wanted, current_user;
              end if;
          end;
        end loop;
      end
      $$`);
    await queryRunner.query(`grant usage on schema public to clientele_app, clientele_finder`);

    // Opens a transaction for one tenant. plpgsql with SET LOCAL rather than set_config: the only form that Citus hands on.
    // The role is switched too, so that a login that owns the database is held by row-level security as well. Whatever the
    // planner expects, no statement reads a whole table, other tenants' rows included: each has an index to its tenant's.
    // Compiling statements takes longer than running them.
    await queryRunner.query(`
      create function set_tenant(
        tenant uuid, statement_timeout_ms int default 3000, lock_timeout_ms int default 2000, idle_timeout_ms int default 5000
      ) returns void language plpgsql as $$
      begin
        execute format('set local app.tenant = %L', tenant);
        execute format('set local statement_timeout = %L', statement_timeout_ms);
        execute format('set local lock_timeout = %L', lock_timeout_ms);
        execute format('set local idle_in_transaction_session_timeout = %L', idle_timeout_ms);
        set local enable_seqscan = off;
        set local jit = off;
        set local role clientele_app;
      end
      $$`);

    // On Citus this becomes create_distributed_table(); one PostgreSQL needs nothing. Called before foreign keys are added.
    await queryRunner.query(`
      create function distribute(tenant_table regclass) returns void language plpgsql as $$ begin end $$`);

    // The third wall, the same for every tenant table. After SET LOCAL the setting is '' on that connection, not null, hence
    // nullif: unset means no rows.
    await queryRunner.query(`
      create function guard_tenant_table(tenant_table regclass) returns void language plpgsql as $$
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

    // Tells the planner what tables hold, and sorts search entries in. PostgreSQL does both by itself, but some minutes later:
    // until then a large import is planned for as if it had a few rows. Only the owner of a table may, hence SECURITY DEFINER.
    await queryRunner.query(`
      create function refresh_statistics() returns void
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        relation regclass;
      begin
        for relation in select polrelid from pg_policy where polname = 'tenant_isolation' loop
          execute format('analyze (skip_locked) %s', relation);
        end loop;
        for relation in
          select c.oid from pg_class c join pg_am a on a.oid = c.relam
          where a.amname = 'gin' and c.relnamespace = 'public'::regnamespace and c.relname like '%_search_idx'
        loop
          perform gin_clean_pending_list(relation);
        end loop;
      end
      $$`);
    await queryRunner.query(`revoke all on function refresh_statistics() from public`);
    await queryRunner.query(`grant execute on function refresh_statistics() to clientele_app`);

    // A global table: its owner administers it, the server sees the row of its own tenant only.
    await queryRunner.query(`
      create table tenants (
        id uuid not null,
        code text not null,
        code_key text collate "C" not null,
        name text not null,
        created_at timestamptz(3) not null default now(),
        constraint tenants_pk primary key (id),
        constraint tenants_code_u unique (code_key)
      )`);
    await queryRunner.query(`alter table tenants enable row level security`);
    await queryRunner.query(`
      create policy tenant_isolation on tenants for select
        using (id = nullif(current_setting('app.tenant', true), '')::uuid)`);
    await queryRunner.query(`grant select on tenants to clientele_app`);

    // One row a tenant, made when a setting is first changed: no row means the defaults.
    await queryRunner.query(`
      create table tenant_settings (
        tenant_id uuid not null,
        default_region text,
        code_prefix text not null default 'C-',
        default_status_id uuid,
        company_needs_contact boolean not null default false,
        required_fields text[] not null default '{}',
        updated_at timestamptz(3) not null default now(),
        constraint tenant_settings_pk primary key (tenant_id),
        constraint tenant_settings_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('tenant_settings')`);

    await queryRunner.query(`
      create table api_keys (
        tenant_id uuid not null,
        id uuid not null,
        name text not null,
        token_prefix text not null,
        token_hash bytea not null,
        scopes text[] not null,
        created_at timestamptz(3) not null default now(),
        revoked_at timestamptz(3),
        constraint api_keys_pk primary key (tenant_id, id),
        constraint api_keys_token_hash_u unique (tenant_id, token_hash),
        constraint api_keys_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('api_keys')`);

    // The last number given out for codes that the server assigns (C-10001, WO-10001, ...), a row a tenant and kind.
    await queryRunner.query(`
      create table code_counters (
        tenant_id uuid not null,
        kind text not null,
        last_number bigint not null,
        constraint code_counters_pk primary key (tenant_id, kind),
        constraint code_counters_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('code_counters')`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table code_counters, api_keys, tenant_settings, tenants`);
    await queryRunner.query(`drop function refresh_statistics()`);
    await queryRunner.query(`drop function guard_tenant_table(regclass)`);
    await queryRunner.query(`drop function distribute(regclass)`);
    await queryRunner.query(`drop function set_tenant(uuid, int, int, int)`);
    await queryRunner.query(`revoke usage on schema public from clientele_app, clientele_finder`);
    // The extensions stay: another application may use them by now, and they hold no data.
  }
}
