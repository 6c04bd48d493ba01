import "reflect-metadata";
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync, chmodSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/database/embedded-postgres";
import { ensureEmbeddedRoles } from "../../src/database/embedded-roles";
import { migrate } from "../../src/database/migrate";

const PREFIX = "clientele-test-";
const TEMPLATE = "clientele_template";
const ONE_HOUR_MS = 3_600_000;

declare global {
  var testPostgres: EmbeddedPostgres | undefined;
}

/**
 * One PostgreSQL for all test files, with a migrated template that each copies. Embedded, in memory where there is room;
 * or the server that TEST_DATABASE_URL names (a superuser's login), for other versions of PostgreSQL.
 */
export default async function globalSetup(): Promise<void> {
  const external = process.env["TEST_DATABASE_URL"];
  const urls = external === undefined ? await startEmbedded() : await prepareExternal(external);
  await migrate(urls.adminUrl);
  const client = new Client({ connectionString: withDatabase(urls.adminUrl, "postgres") });
  await client.connect();
  await client.query(`alter database ${TEMPLATE} with allow_connections false`);
  await client.end();
  process.env["TEST_ADMIN_URL"] = urls.adminUrl;
  process.env["TEST_GATEWAY_URL"] = urls.url;
  process.env["TEST_SUPERUSER_URL"] = urls.superuserUrl;
}

interface Urls {
  superuserUrl: string;
  adminUrl: string;
  url: string;
}

async function startEmbedded(): Promise<Urls> {
  const root = scratch();
  sweep(root);
  const dir = mkdtempSync(path.join(root, PREFIX));
  chmodSync(dir, 0o755);
  const server = await startEmbeddedPostgres({ dir, ephemeral: true });
  globalThis.testPostgres = server;
  const urls = await ensureEmbeddedRoles(server.superuserUrl, dir, TEMPLATE);
  return { ...urls, superuserUrl: server.superuserUrl };
}

/** The roles and the template on a server that is there already; both are made anew. */
async function prepareExternal(superuserUrl: string): Promise<Urls> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query(`
    do $$
    declare wanted text;
    begin
      foreach wanted in array array['clientele_app', 'clientele_finder'] loop
        if not exists (select from pg_roles where rolname = wanted) then execute format('create role %I nologin', wanted); end if;
      end loop;
      foreach wanted in array array['clientele_test_owner', 'clientele_test_gateway'] loop
        if not exists (select from pg_roles where rolname = wanted) then execute format('create role %I', wanted); end if;
        execute format('alter role %I login password %L', wanted, 'test');
      end loop;
      alter role clientele_test_owner createrole createdb bypassrls;
      grant clientele_app, clientele_finder to clientele_test_owner;
      grant clientele_app to clientele_test_gateway;
    end $$`);
  const { rows } = await client.query("select from pg_database where datname = $1", [TEMPLATE]);
  if (rows.length > 0) await client.query(`alter database ${TEMPLATE} with is_template false allow_connections true`);
  await client.query(`drop database if exists ${TEMPLATE} with (force)`);
  await client.query(`create database ${TEMPLATE} owner clientele_test_owner template template0 encoding 'UTF8'`);
  await client.end();
  const login = (user: string): string => {
    const url = new URL(withDatabase(superuserUrl, TEMPLATE));
    url.username = user;
    url.password = "test";
    return url.href;
  };
  return { superuserUrl, adminUrl: login("clientele_test_owner"), url: login("clientele_test_gateway") };
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Memory is faster than a disk, where there is enough of it. */
function scratch(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize > 2 ** 30) return "/dev/shm";
  } catch {
    // not Linux
  }
  return os.tmpdir();
}

/** Folders that a killed run left behind. */
function sweep(root: string): void {
  for (const name of readdirSync(root).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = path.join(root, name);
    try {
      if (Date.now() - statSync(folder).mtimeMs > ONE_HOUR_MS) rmSync(folder, { recursive: true, force: true });
    } catch {
      // another run has just removed it
    }
  }
}
