import { spawn, type ChildProcess } from "node:child_process";
import { connect, createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, type Workload } from "./workloads";

/** What every contender is started with. */
export interface Setup {
  /** Where PostgreSQL is, for a login that row-level security holds. */
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** A folder for whatever a contender keeps. */
  readonly dataDir: string;
  /** `<key id>:<32 bytes in base64>`: what account numbers are encrypted with. */
  readonly encryptionKey: string;
}

/** How a contender is run. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Something to compare, as its own process; it listens on the port that PORT says. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  /** Installs what it needs, and says how it is run. */
  prepare(setup: Setup): Promise<Command> | Command;
  /** The path and the body (JSON) of a request. */
  request(workload: Workload, call: Call): { readonly path: string; readonly body: unknown };
  /** The `data` of an answer in the shape that is common to all; cursors are each one's own. */
  toCommonShape(workload: Workload, data: unknown): unknown;
}

const START_LIMIT_MS = 60_000;
/** Kept of what it says, to tell if it fails. */
const SAID_CHARACTERS = 4000;

/** A contender that runs. */
export class RunningContender {
  private said = "";

  private constructor(
    readonly contender: Contender,
    readonly port: number,
    private readonly child: ChildProcess,
  ) {
    const hear = (text: Buffer): void => void (this.said = `${this.said}${text.toString()}`.slice(-SAID_CHARACTERS));
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves when it takes connections. */
  static async start(contender: Contender, setup: Setup): Promise<RunningContender> {
    const { command, args, env } = await contender.prepare(setup);
    const port = await findFreePort();
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(command, args, {
      env: { PATH, HOME, TMPDIR, NODE_ENV: "production", HOST: "127.0.0.1", PORT: String(port), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const running = new RunningContender(contender, port, child);
    try {
      for (const deadline = Date.now() + START_LIMIT_MS; !(await isListening(port)); await sleep(50)) {
        if (child.exitCode !== null) throw new Error(`${contender.title} did not start:\n${running.said}`);
        if (Date.now() > deadline) throw new Error(`${contender.title} did not start in time:\n${running.said}`);
      }
      return running;
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  /** Sends one request. @returns the data in the common shape @throws Error for anything but an answer without errors */
  async ask(workload: Workload, call: Call, fill: (body: string) => string = (body) => body): Promise<unknown> {
    const { path, body } = this.contender.request(workload, call);
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${call.tenant.token}`, "content-type": "application/json" },
      body: fill(JSON.stringify(body)),
    });
    const text = await response.text();
    const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
    if (!response.ok || errors !== undefined || data == null) {
      throw new Error(`${this.contender.title}, ${workload}: ${response.status} ${text.slice(0, 2000)}\n${this.said}`);
    }
    return this.contender.toCommonShape(workload, data);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    const killing = setTimeout(() => this.child.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(killing);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
