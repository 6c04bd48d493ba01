import process from "node:process";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";

const { DATABASE_URL, POOL_SIZE } = process.env;

/** Prepared statements are not in Kysely's reach; what is sent each time is planned each time. */
export const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_SIZE) });
const database = new Kysely({ dialect: new PostgresDialect({ pool }) });

/** A transaction that row-level security holds to one tenant. */
export async function beginFor(tenantId) {
  const transaction = await database.startTransaction().execute();
  await sql`select set_config('role', 'clientele_app', true), set_config('app.tenant', ${tenantId}, true)`.execute(
    transaction,
  );
  return transaction;
}
