import { type MigrationInterface, type QueryRunner } from "typeorm";

/** What credentials have asked for in their present window, where gateways count it together (RATE_LIMIT_STORE=postgres). */
export class CreateRateLimits1763800700000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    // A global table: it is counted before a tenant's transaction begins, and holds nothing of a tenant but ids. Its columns,
    // and their order, are those of the package rate-limiter-flexible, which also deletes what has expired. Unlogged: a count
    // that a crash loses costs nothing, and one that waited for the disk would slow down every request.
    await queryRunner.query(`
      create unlogged table rate_limits (
        key text collate "C" not null,
        points int not null,
        expire bigint,
        constraint rate_limits_pk primary key (key)
      ) with (fillfactor = 50)`);
    await queryRunner.query(`grant select, insert, update, delete on rate_limits to clientele_app`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table rate_limits`);
  }
}
