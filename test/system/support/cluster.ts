import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { findServerAccount } from "../../../src/database/embedded-postgres-binaries";
import { withClient, type TestDatabase } from "../../support/database";

const BIN = "/usr/lib/postgresql/15/bin";

/** Debian's PostgreSQL 15 on a cluster of its own. */
export interface Cluster {
  /** A login's URL of a database. */
  url(user: string, database: string): string;
  /** Runs statements as the superuser. */
  sql(database: string, ...statements: string[]): Promise<void>;
  /** A database of logins that are no superusers. */
  database(name: string, owner: string, gateway?: string): TestDatabase;
  stop(): Promise<void>;
}

/** Starts an empty cluster. The programs of postgresql-15 must be there. */
export async function startCluster(): Promise<Cluster> {
  const account = findServerAccount();
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-cluster-"));
  if (account) fs.chownSync(root, account.uid, account.gid);
  const data = path.join(root, "data");
  const env = { LC_ALL: "C", PATH: process.env["PATH"] };
  await promisify(execFile)(
    `${BIN}/initdb`,
    ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
    { ...account, cwd: root, env },
  );
  const port = await freePort();
  const server = spawn(
    `${BIN}/postgres`,
    [
      "-D",
      data,
      "-p",
      String(port),
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      `unix_socket_directories=${root}`,
      "-c",
      "fsync=off",
    ],
    { ...account, cwd: root, env, stdio: "ignore" },
  );
  const ended = once(server, "close");
  const url = (user: string, database: string): string => `postgres://${user}:x@127.0.0.1:${port}/${database}`;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${server.exitCode}`);
    try {
      await withClient(url("postgres", "postgres"), (client) => client.query("select 1"));
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    url,
    sql: (database, ...statements) =>
      withClient(url("postgres", database), async (client) => {
        for (const statement of statements) await client.query(statement);
      }),
    database: (name, owner, gateway = owner) => ({
      url: url(gateway, name),
      adminUrl: url(owner, name),
      superuserUrl: url("postgres", name),
      drop: () => Promise.resolve(),
    }),
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
