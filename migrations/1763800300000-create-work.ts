import { type MigrationInterface, type QueryRunner } from "typeorm";

/** Assets, work orders, contracts and invoices: the work that is done for customers, and what can block their deletion. */
export class CreateWork1763800300000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table assets (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        code text not null,
        code_key text collate "C" not null,
        code_folded text collate "C" not null,
        name text not null,
        category text,
        category_folded text collate "C",
        manufacturer text,
        model text,
        serial_number text,
        status text not null default 'ACTIVE',
        location text,
        installed_on date,
        warranty_until date,
        search_text text not null,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        constraint assets_pk primary key (tenant_id, id),
        constraint assets_code_u unique (tenant_id, code_key),
        constraint assets_status_ck check (status in ('ACTIVE', 'INACTIVE', 'RETIRED'))
      )`);
    await guard(queryRunner, "assets", "code_folded");
    await queryRunner.query(`create index assets_code_idx on assets (tenant_id, code_folded, id)`);
    await queryRunner.query(`create index assets_status_idx on assets (tenant_id, status, code_folded, id)`);
    await queryRunner.query(`create index assets_category_idx on assets (tenant_id, category_folded, code_folded, id)`);
    await queryRunner.query(
      `create index assets_search_idx on assets using gin (tenant_id, search_text gin_trgm_ops)
       with (gin_pending_list_limit = 1024)`,
    );
    await queryRunner.query(`create policy finder on assets for select to clientele_finder using (true)`);
    await queryRunner.query(`grant select (tenant_id, id, search_text) on assets to clientele_finder`);
    // As find_customers().
    await queryRunner.query(`
      create function find_assets(tenant uuid, patterns text[], most int) returns setof uuid
      language plpgsql stable security definer set search_path = public, pg_temp as $$
      begin
        if tenant is distinct from nullif(current_setting('app.tenant', true), '')::uuid then
          return;
        end if;
        return query execute
          'select a.id from assets a where a.tenant_id = $1'
          || (select coalesce(string_agg(format(' and a.search_text like %L', p), ''), ' and false') from unnest(patterns) p)
          || ' limit $2'
          using tenant, most;
      end
      $$`);
    await queryRunner.query(`grant create on schema public to clientele_finder`);
    await queryRunner.query(`alter function find_assets(uuid, text[], int) owner to clientele_finder`);
    await queryRunner.query(`revoke create on schema public from clientele_finder`);
    await queryRunner.query(`revoke all on function find_assets(uuid, text[], int) from public`);
    await queryRunner.query(`grant execute on function find_assets(uuid, text[], int) to clientele_app`);

    // is_active says once which states are final; lists, filters and the deletion guard read it.
    await queryRunner.query(`
      create table work_orders (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        asset_id uuid,
        code text not null,
        code_key text collate "C" not null,
        title text not null,
        description text,
        status text not null default 'OPEN',
        is_active boolean not null generated always as (status not in ('COMPLETED', 'CANCELLED')) stored,
        priority text not null default 'NORMAL',
        scheduled_at timestamptz(3),
        completed_at timestamptz(3),
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        constraint work_orders_pk primary key (tenant_id, id),
        constraint work_orders_code_u unique (tenant_id, code_key),
        constraint work_orders_status_ck
          check (status in ('OPEN', 'SCHEDULED', 'IN_PROGRESS', 'ON_HOLD', 'COMPLETED', 'CANCELLED')),
        constraint work_orders_priority_ck check (priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT'))
      )`);
    await guard(queryRunner, "work_orders", "created_at");
    await queryRunner.query(`
      alter table work_orders add constraint work_orders_asset_fk
        foreign key (tenant_id, asset_id) references assets (tenant_id, id)`);
    await queryRunner.query(`create index work_orders_asset_idx on work_orders (tenant_id, asset_id, created_at, id)`);
    await queryRunner.query(`create index work_orders_created_idx on work_orders (tenant_id, created_at, id)`);
    await queryRunner.query(`create index work_orders_status_idx on work_orders (tenant_id, status, created_at, id)`);
    await queryRunner.query(
      `create index work_orders_priority_idx on work_orders (tenant_id, priority, created_at, id)`,
    );
    await queryRunner.query(`create index work_orders_scheduled_idx on work_orders (tenant_id, scheduled_at)`);
    await queryRunner.query(
      `create index work_orders_active_idx on work_orders (tenant_id, customer_id, id) where is_active`,
    );
    await queryRunner.query(
      `create index work_orders_is_active_idx on work_orders (tenant_id, is_active, created_at, id)`,
    );
    // How much work is active differs from tenant to tenant.
    await queryRunner.query(`create statistics work_orders_active_st (mcv) on tenant_id, is_active from work_orders`);

    await queryRunner.query(`
      create table contracts (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        code text not null,
        code_key text collate "C" not null,
        title text not null,
        status text not null default 'DRAFT',
        starts_on date,
        ends_on date,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        constraint contracts_pk primary key (tenant_id, id),
        constraint contracts_code_u unique (tenant_id, code_key),
        constraint contracts_status_ck check (status in ('DRAFT', 'ACTIVE', 'EXPIRED', 'TERMINATED'))
      )`);
    await guard(queryRunner, "contracts", "created_at");
    await queryRunner.query(`create index contracts_created_idx on contracts (tenant_id, created_at, id)`);
    await queryRunner.query(`create index contracts_status_idx on contracts (tenant_id, status, created_at, id)`);
    await queryRunner.query(
      `create index contracts_active_idx on contracts (tenant_id, customer_id, id) where status = 'ACTIVE'`,
    );

    // numeric without a declared scale keeps the digits as they were given ("1250000.50"); the check bounds them.
    await queryRunner.query(`
      create table invoices (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        code text not null,
        code_key text collate "C" not null,
        status text not null default 'DRAFT',
        amount numeric not null,
        currency text not null,
        issued_on date,
        due_on date,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        constraint invoices_pk primary key (tenant_id, id),
        constraint invoices_code_u unique (tenant_id, code_key),
        constraint invoices_status_ck check (status in ('DRAFT', 'PENDING', 'PAID', 'VOID')),
        constraint invoices_amount_ck check (scale(amount) <= 4 and abs(amount) < 1e15)
      )`);
    await guard(queryRunner, "invoices", "created_at");
    await queryRunner.query(`create index invoices_created_idx on invoices (tenant_id, created_at, id)`);
    await queryRunner.query(`create index invoices_status_idx on invoices (tenant_id, status, created_at, id)`);
    await queryRunner.query(`create index invoices_due_idx on invoices (tenant_id, due_on)`);
    await queryRunner.query(
      `create index invoices_pending_idx on invoices (tenant_id, customer_id, id) where status = 'PENDING'`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop function find_assets(uuid, text[], int)`);
    await queryRunner.query(`drop table invoices, contracts, work_orders, assets`);
  }
}

/** The walls, and the way back to the customer with the order of the customer's own list. */
async function guard(queryRunner: QueryRunner, table: string, order: string): Promise<void> {
  await queryRunner.query(`select guard_tenant_table('${table}')`);
  await queryRunner.query(`
    alter table ${table} add constraint ${table}_customer_fk
      foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade`);
  await queryRunner.query(`create index ${table}_customer_idx on ${table} (tenant_id, customer_id, ${order}, id)`);
}
