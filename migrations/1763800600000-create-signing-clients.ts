import { type MigrationInterface, type QueryRunner } from "typeorm";

/**
 * Clients that sign their requests, the signatures that were accepted, and the way from a tenant's code, as a token of an
 * issuer names it, to its id.
 */
export class CreateSigningClients1763800600000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    // A secret is needed to check a signature: it is ciphertext here, not a hash. The previous one works on until it expires.
    await queryRunner.query(`
      create table signing_clients (
        tenant_id uuid not null,
        id uuid not null,
        name text not null,
        scopes text[] not null,
        secret_ciphertext bytea not null,
        secret_key_id text not null,
        previous_secret_ciphertext bytea,
        previous_secret_key_id text,
        previous_secret_expires_at timestamptz(3),
        created_at timestamptz(3) not null default now(),
        revoked_at timestamptz(3),
        constraint signing_clients_pk primary key (tenant_id, id),
        constraint signing_clients_previous_ck
          check (num_nulls(previous_secret_ciphertext, previous_secret_key_id, previous_secret_expires_at) in (0, 3)),
        constraint signing_clients_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('signing_clients')`);

    // Each signature is accepted once, by whichever server. signed_at is the time that it names: no server accepts it later
    // than the window after that, so that a row may go after two windows, clocks that differ allowed for.
    await queryRunner.query(`
      create table used_signatures (
        tenant_id uuid not null,
        signature_hash bytea not null,
        signed_at timestamptz(0) not null,
        constraint used_signatures_pk primary key (tenant_id, signature_hash),
        constraint used_signatures_tenant_fk foreign key (tenant_id) references tenants (id)
      )`);
    await queryRunner.query(`select guard_tenant_table('used_signatures')`);
    await queryRunner.query(`create index used_signatures_signed_idx on used_signatures (tenant_id, signed_at)`);

    // The server sees no tenant before it knows which one. The finder sees ids and codes, and the function tells the id of one
    // code that the caller knows already.
    await queryRunner.query(`create policy finder on tenants for select to clientele_finder using (true)`);
    await queryRunner.query(`grant select (id, code_key) on tenants to clientele_finder`);
    await queryRunner.query(`
      create function find_tenant_id(wanted_code_key text) returns uuid
      language sql stable security definer set search_path = public, pg_temp as $$
        select t.id from tenants t where t.code_key = wanted_code_key
      $$`);
    await queryRunner.query(`grant create on schema public to clientele_finder`);
    await queryRunner.query(`alter function find_tenant_id(text) owner to clientele_finder`);
    await queryRunner.query(`revoke create on schema public from clientele_finder`);
    await queryRunner.query(`revoke all on function find_tenant_id(text) from public`);
    await queryRunner.query(`grant execute on function find_tenant_id(text) to clientele_app`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop function find_tenant_id(text)`);
    await queryRunner.query(`revoke select (id, code_key) on tenants from clientele_finder`);
    await queryRunner.query(`drop policy finder on tenants`);
    await queryRunner.query(`drop table used_signatures, signing_clients`);
  }
}
