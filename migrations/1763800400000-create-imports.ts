import { type MigrationInterface, type QueryRunner } from "typeorm";

/** How far files have been imported: written in the transaction of each batch, so that no batch is imported twice. */
export class CreateImports1763800400000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    // A file is known again by the digest of what has been read of it, wherever it lies. path_key is a digest as well: how
    // the operator's folders are called is none of the tenant's business.
    await queryRunner.query(`
      create table import_runs (
        tenant_id uuid not null,
        id uuid not null,
        file_name text not null,
        path_key text collate "C" not null,
        line int not null,
        read_bytes bigint not null,
        read_digest text not null,
        created_count int not null,
        updated_count int not null,
        rejected_count int not null,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        finished_at timestamptz(3),
        constraint import_runs_pk primary key (tenant_id, id),
        constraint import_runs_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('import_runs')`);
    // Of two processes that begin with the same file at the same time, one is refused.
    await queryRunner.query(
      `create unique index import_runs_unfinished_u on import_runs (tenant_id, path_key) where finished_at is null`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table import_runs`);
  }
}
