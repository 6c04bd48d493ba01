import { type MigrationInterface, type QueryRunner } from "typeorm";

/**
 * What was done to customers, the answers that a retried mutation gets again, and what merging leaves behind.
 */
export class CreateHistory1763800500000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    // One row a customer and mutation: who did what, and each field's old and new value. It goes with the customer when
    // that is purged, not before. credential_id is no foreign key: the record outlives the key.
    await queryRunner.query(`
      create table customer_changes (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        action text not null,
        credential_id uuid,
        credential_name text not null,
        fields jsonb not null,
        created_at timestamptz(3) not null default now(),
        constraint customer_changes_pk primary key (tenant_id, id)
      )`);
    await queryRunner.query(`select guard_tenant_table('customer_changes')`);
    await queryRunner.query(`
      alter table customer_changes add constraint customer_changes_customer_fk
        foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade`);
    // Also the order of a customer's history.
    await queryRunner.query(
      `create index customer_changes_customer_idx on customer_changes (tenant_id, customer_id, created_at, id)`,
    );

    // The answer is ciphertext: it can hold personal data and account numbers. It is empty while its mutation runs, which
    // nobody else sees: a second request with the key waits at the unique key.
    await queryRunner.query(`
      create table idempotency_keys (
        tenant_id uuid not null,
        id uuid not null,
        credential_id uuid not null,
        key text collate "C" not null,
        request_hash bytea not null,
        answer_ciphertext bytea,
        answer_key_id text,
        created_at timestamptz(3) not null default now(),
        constraint idempotency_keys_pk primary key (tenant_id, id),
        constraint idempotency_keys_key_u unique (tenant_id, credential_id, key),
        constraint idempotency_keys_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('idempotency_keys')`);
    await queryRunner.query(`create index idempotency_keys_created_idx on idempotency_keys (tenant_id, created_at)`);

    // Set while a customer is in the trash because it was merged into another.
    await queryRunner.query(`alter table customers add column merged_into_id uuid`);
    await queryRunner.query(`
      alter table customers add constraint customers_merged_into_fk
        foreign key (tenant_id, merged_into_id) references customers (tenant_id, id)`);
    await queryRunner.query(`create index customers_merged_into_idx on customers (tenant_id, merged_into_id)`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop index customers_merged_into_idx`);
    await queryRunner.query(`alter table customers drop constraint customers_merged_into_fk`);
    await queryRunner.query(`alter table customers drop column merged_into_id`);
    await queryRunner.query(`drop table idempotency_keys, customer_changes`);
  }
}
