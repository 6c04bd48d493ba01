import { spawn } from "node:child_process";
import { once } from "node:events";
import { environmentWith } from "../config";

const START_MS = 60_000;

/** A server of its own process. */
export interface ServerProcess {
  /** The URL of its endpoint. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts a server as it is configured, but on a free port of this machine alone, without demo data, and taking
 * any document and any number of them.
 * @throws Error with what it said where it does not start
 */
export async function startServerProcess(): Promise<ServerProcess> {
  const env = environmentWith({
    HOST: "127.0.0.1",
    PORT: "0",
    DEMO: "false",
    EXPLORER: "false",
    RATE_LIMIT: "0",
    TRUSTED_DOCUMENTS_ONLY: "false",
  });
  const [, script = ""] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, script, "serve"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
  };
  let said = "";
  const endpoint = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), START_MS);
    const done = (found: string | undefined): void => {
      clearTimeout(timer);
      resolve(found);
    };
    const hear = (chunk: Buffer): void => {
      said += chunk.toString("utf8");
      const found = /GraphQL +(\S+)\n/.exec(said)?.[1];
      if (found !== undefined) done(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", () => done(undefined));
    child.once("error", () => done(undefined));
  });
  if (endpoint !== undefined) return { endpoint, stop };
  await stop();
  throw new Error(`A server to ask does not start. ${said.trim().split("\n").at(-1) ?? ""}`);
}
