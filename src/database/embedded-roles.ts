import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { embeddedClusterFolder } from "./embedded-postgres";

/** Any number will do, as long as it stays the same. */
const ROLES_LOCK = 6_702_211_001;

/**
 * Makes the logins and roles of an embedded server, and the database where it is missing; what exists is put right.
 * Several processes may do so at once.
 *
 * - `clientele_owner` owns the database, runs migrations and administration, and sees past row-level security.
 * - `clientele_gateway` serves requests: it holds nothing but `clientele_app`.
 * - `clientele_app` and `clientele_finder` cannot log in; the migrations say what they may do.
 *
 * The passwords are random and kept in files of mode 0600 beside the cluster's own one.
 *
 * @param superuserUrl from startEmbeddedPostgres()
 * @param dir the folder that was given to startEmbeddedPostgres()
 * @returns the URLs of the owner (`adminUrl`) and of the gateway (`url`), for DATABASE_ADMIN_URL and DATABASE_URL
 */
export async function ensureEmbeddedRoles(
  superuserUrl: string,
  dir: string,
  database = "clientele",
): Promise<{ adminUrl: string; url: string }> {
  // Advisory locks count within one database: always the same one.
  const client = new Client({ connectionString: withDatabase(superuserUrl, "postgres") });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [ROLES_LOCK]); // until the connection ends
    const cluster = embeddedClusterFolder(dir);
    const ownerPassword = keepPassword(path.join(cluster, "owner-password"));
    const gatewayPassword = keepPassword(path.join(cluster, "gateway-password"));
    await ensureRoles(client, ownerPassword, gatewayPassword);
    await ensureDatabase(client, database);
    return {
      adminUrl: withLogin(superuserUrl, "clientele_owner", ownerPassword, database),
      url: withLogin(superuserUrl, "clientele_gateway", gatewayPassword, database),
    };
  } finally {
    await client.end();
  }
}

async function ensureRoles(client: Client, ownerPassword: string, gatewayPassword: string): Promise<void> {
  const nothing = "nosuperuser nobypassrls nocreaterole nocreatedb noreplication inherit";
  const roles: Record<string, string> = {
    clientele_owner: `login nosuperuser bypassrls createrole createdb password ${escapeLiteral(ownerPassword)}`,
    clientele_gateway: `login ${nothing} password ${escapeLiteral(gatewayPassword)}`,
    clientele_app: `nologin ${nothing}`,
    clientele_finder: `nologin ${nothing}`,
  };
  await client.query("begin");
  const { rows } = await client.query<{ rolname: string }>("select rolname from pg_roles where rolname = any ($1)", [
    Object.keys(roles),
  ]);
  const existing = new Set(rows.map((row) => row.rolname));
  for (const [role, attributes] of Object.entries(roles)) {
    await client.query(`${existing.has(role) ? "alter" : "create"} role ${role} ${attributes}`);
  }
  // SET: to switch to the role, and to hand it a function. INHERIT: its rights without switching.
  await client.query("grant clientele_app to clientele_gateway, clientele_owner with inherit true, set true");
  await client.query("grant clientele_finder to clientele_owner with inherit true, set true");
  await client.query("commit");
}

async function ensureDatabase(client: Client, database: string): Promise<void> {
  const name = escapeIdentifier(database);
  const { rows } = await client.query<{ owner: string }>(
    "select pg_get_userbyid(datdba) as owner from pg_database where datname = $1",
    [database],
  );
  if (!rows[0]) await client.query(`create database ${name} owner clientele_owner`);
  else if (rows[0].owner !== "clientele_owner") await client.query(`alter database ${name} owner to clientele_owner`);
}

/** The password in the file, which is made where it is missing. Called under the lock. */
function keepPassword(file: string): string {
  if (!fs.existsSync(file)) {
    const draft = `${file}.draft`; // renamed when whole
    fs.rmSync(draft, { force: true });
    fs.writeFileSync(draft, `${randomBytes(18).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    fs.renameSync(draft, file);
  }
  return fs.readFileSync(file, "utf8").trim();
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

function withLogin(url: string, user: string, password: string, database: string): string {
  const changed = new URL(withDatabase(url, database));
  changed.username = user;
  changed.password = password;
  return changed.href;
}
