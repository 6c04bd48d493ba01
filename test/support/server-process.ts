import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type TestDatabase } from "./database";

const START_LIMIT_MS = 60_000;

/** A gateway that runs as a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it printed, both streams. */
  readonly output: () => string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** A command of the gateway on a database. */
export function runCommand(
  database: TestDatabase,
  words: readonly string[],
  settings: NodeJS.ProcessEnv = {},
  nodeOptions: readonly string[] = [],
): { child: ChildProcess; output: () => string; ended: Promise<number | null> } {
  const { PATH, HOME, TMPDIR } = process.env;
  const own = { DATABASE_URL: database.url, DATABASE_ADMIN_URL: database.adminUrl, ENCRYPTION_KEYS };
  const env = { PATH, HOME, TMPDIR, ...own, ...settings };
  const main = ["-r", "@swc-node/register", ...nodeOptions, "src/cli/main.ts", ...words];
  const child = spawn(process.execPath, main, { env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
  }
  const ended = (once(child, "close") as Promise<[number | null]>).then(([code]) => code);
  return { child, output: () => text, ended };
}

const ENCRYPTION_KEYS = `test:${Buffer.alloc(32, 7).toString("base64")}`;

/** Starts a gateway on a database, without a demo; resolves when it listens. */
export async function startServer(
  database: TestDatabase,
  settings: NodeJS.ProcessEnv = {},
  nodeOptions: readonly string[] = [],
): Promise<ServerProcess> {
  const server = runCommand(
    database,
    ["serve"],
    { PORT: "0", DEMO: "false", EXPLORER: "false", ...settings },
    nodeOptions,
  );
  for (const deadline = Date.now() + START_LIMIT_MS; Date.now() < deadline; await sleep(30)) {
    const url = /GraphQL +(\S+)\/graphql/.exec(server.output())?.[1];
    if (url !== undefined) return { ...server, url };
    if (server.child.exitCode !== null) break;
  }
  server.child.kill("SIGKILL");
  throw new Error(`The gateway did not start: ${server.output()}`);
}
