import fs from "node:fs";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { startEmbeddedPostgres } from "../../src/database/embedded-postgres";
import { ensureEmbeddedRoles } from "../../src/database/embedded-roles";
import { migrate } from "../../src/database/migrate";

/** A filled database on an embedded PostgreSQL that belongs to the programs here. */
export interface BenchDatabase {
  /** The gateway's login. */
  readonly url: string;
  /** The owner's login. */
  readonly adminUrl: string;
  /** Goes past row-level security. */
  readonly superuserUrl: string;
  /** The process whose children do the work. */
  readonly postmasterPid: number;
  stop(): Promise<void>;
}

/** What a database is called and filled with. */
export interface Filling {
  readonly name: string;
  /** Says what is filled in: where something else is there, it is filled anew. */
  readonly content: string;
  readonly fill: (client: Client, superuserUrl: string) => Promise<void>;
}

/** Compiling a statement takes longer than running it: nobody who is compared shall pay for that. */
const SETTINGS = { jit: "off" };

/**
 * Opens a database, migrated to this version and filled. What was filled once is kept in the folder and used again; a fill
 * that was interrupted starts anew.
 */
export async function openBenchDatabase(dir: string, filling: Filling): Promise<BenchDatabase> {
  fs.mkdirSync(dir, { recursive: true });
  const server = await startEmbeddedPostgres({ dir, settings: SETTINGS });
  try {
    const isFilled = await dropUnlessFilled(server.superuserUrl, filling);
    const urls = await ensureEmbeddedRoles(server.superuserUrl, dir, filling.name);
    await migrate(urls.adminUrl);
    const superuserUrl = at(server.superuserUrl, filling.name);
    if (!isFilled) await fillOnce(superuserUrl, filling);
    return { ...urls, superuserUrl, postmasterPid: await findPostmaster(superuserUrl), stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The mark of a whole fill is the database's comment. */
async function dropUnlessFilled(superuserUrl: string, { name, content }: Filling): Promise<boolean> {
  return withClient(superuserUrl, async (client) => {
    const { rows } = await client.query(
      "select from pg_database where datname = $1 and shobj_description(oid, 'pg_database') = $2",
      [name, content],
    );
    if (rows.length > 0) return true;
    await client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`);
    return false;
  });
}

async function fillOnce(superuserUrl: string, { name, content, fill }: Filling): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    await client.query("set session_replication_role = replica"); // no foreign key is checked
    await client.query("set synchronous_commit = off");
    await fill(client, superuserUrl);
    await client.query("vacuum analyze");
    await client.query(`comment on database ${escapeIdentifier(name)} is ${escapeLiteral(content)}`);
    await client.query("checkpoint");
  });
}

async function findPostmaster(superuserUrl: string): Promise<number> {
  return withClient(superuserUrl, async (client) => {
    const { rows } = await client.query<{ pid: string }>(
      "select split_part(pg_read_file('postmaster.pid'), e'\\n', 1) as pid",
    );
    return Number(rows[0]?.pid);
  });
}

/** Runs work on a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function at(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
