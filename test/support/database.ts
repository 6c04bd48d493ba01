import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** A migrated database of one test file. */
export interface TestDatabase {
  /** The server's login: held by row-level security. */
  readonly url: string;
  /** The owner's login. */
  readonly adminUrl: string;
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

/** A copy of the migrated template, or an empty database where migrations are the matter. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const name = `test_${process.env["JEST_WORKER_ID"] ?? "0"}_${randomBytes(6).toString("hex")}`;
  const source = empty ? "template0" : "clientele_template";
  await onServer("TEST_ADMIN_URL", `create database ${name} template ${source} strategy file_copy encoding 'UTF8'`);
  const at = (variable: string): string => {
    const url = new URL(process.env[variable] ?? "");
    url.pathname = `/${name}`;
    return url.href;
  };
  return {
    url: at("TEST_GATEWAY_URL"),
    adminUrl: at("TEST_ADMIN_URL"),
    superuserUrl: at("TEST_SUPERUSER_URL"),
    // A superuser's connection that is just ending is nothing that the owner could end.
    drop: () => onServer("TEST_SUPERUSER_URL", `drop database ${name} with (force)`),
  };
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

function onServer(login: "TEST_ADMIN_URL" | "TEST_SUPERUSER_URL", sql: string): Promise<void> {
  const url = new URL(process.env[login] ?? "");
  url.pathname = "/postgres";
  return withClient(url.href, async (client) => {
    await client.query(sql);
  });
}
