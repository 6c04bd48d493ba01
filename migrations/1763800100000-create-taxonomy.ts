import { type MigrationInterface, type QueryRunner } from "typeorm";

const TERM_TABLES = ["customer_statuses", "customer_types", "customer_groups", "branches"] as const;

/**
 * The taxonomy: four kinds of term of one shape, each its own table so that a foreign key says which kind is meant, and
 * the definitions of custom fields.
 */
export class CreateTaxonomy1763800100000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TERM_TABLES) {
      // code_key: the code in lower case, by which codes are unique and lists are ordered.
      await queryRunner.query(`
        create table ${table} (
          tenant_id uuid not null,
          id uuid not null,
          code text not null,
          code_key text collate "C" not null,
          name text not null,
          description text,
          created_at timestamptz(3) not null default now(),
          updated_at timestamptz(3) not null default now(),
          constraint ${table}_pk primary key (tenant_id, id),
          constraint ${table}_code_u unique (tenant_id, code_key),
          constraint ${table}_tenant_fk foreign key (tenant_id) references tenants (id)
        )`);
      await queryRunner.query(`select guard_tenant_table('${table}')`);
    }

    // Found by id from the values, so a rename of the code touches no customer.
    await queryRunner.query(`
      create table customer_fields (
        tenant_id uuid not null,
        id uuid not null,
        code text not null,
        code_key text collate "C" not null,
        name text not null,
        description text,
        type text not null,
        options text[] not null default '{}',
        required boolean not null default false,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        constraint customer_fields_pk primary key (tenant_id, id),
        constraint customer_fields_code_u unique (tenant_id, code_key),
        constraint customer_fields_tenant_fk foreign key (tenant_id) references tenants (id),
        constraint customer_fields_type_ck check (type in ('TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'SELECT', 'MULTI_SELECT'))
      )`);
    await queryRunner.query(`select guard_tenant_table('customer_fields')`);

    await queryRunner.query(`
      alter table tenant_settings add constraint tenant_settings_default_status_fk
        foreign key (tenant_id, default_status_id) references customer_statuses (tenant_id, id)`);
    await queryRunner.query(
      `create index tenant_settings_default_status_idx on tenant_settings (tenant_id, default_status_id)`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop index tenant_settings_default_status_idx`);
    await queryRunner.query(`alter table tenant_settings drop constraint tenant_settings_default_status_fk`);
    await queryRunner.query(`drop table customer_fields, ${TERM_TABLES.join(", ")}`);
  }
}
