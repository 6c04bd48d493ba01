import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { identifyProcess, isRunning, pidOf } from "./live-process";

/** Another server runs on the same folder: stop it, or give this one a folder of its own. */
export class ServerRunningError extends Error {
  constructor(
    /** The folder in question, for people to read. */
    public readonly dir: string,
    public readonly pid: number,
    public readonly port: number | undefined,
  ) {
    const who = port === undefined ? `pid ${pid}` : `pid ${pid}, port ${port}`;
    super(`A server (${who}) is already running on ${dir}: stop it first`);
    this.name = "ServerRunningError";
  }
}

interface Claim {
  file: string;
  pid: number;
  port: number | undefined;
}

const CLAIM = /^server-(\d+-[0-9a-z-]+)\.[0-9a-f]{8}\.json$/;
const ATTEMPTS = 5;

/**
 * Makes this process the one server on a folder. The claim ends with release() or with the process, kill -9 included:
 * it names the process and when it started, so a later process with the same pid is not taken for it.
 *
 * Every claimant writes a file of its own first and looks for others then. So of two that come at the same moment at
 * least one sees the other, and nobody ever has to take over a file, which could not be done without a race. Where each
 * sees the other both step back and try again after a random pause.
 *
 * @param dir the data folder (`.data/`); made where it is missing
 * @param info what the refused one is told besides the pid
 * @throws ServerRunningError naming the server that holds the folder
 */
export function claimServer(dir: string, info: { port?: number | undefined } = {}): { release(): void } {
  fs.mkdirSync(dir, { recursive: true });
  const file = path.join(dir, `server-${identifyProcess()}.${randomBytes(4).toString("hex")}.json`);
  const release = (): void => fs.rmSync(file, { force: true });
  for (let attempt = 1; ; attempt++) {
    fs.writeFileSync(file, JSON.stringify({ port: info.port }), { flag: "wx" });
    const other = liveClaims(dir).find((claim) => claim.file !== file);
    if (!other) return { release };
    release();
    if (attempt === ATTEMPTS) throw new ServerRunningError(path.resolve(dir), other.pid, other.port);
    pause(Math.random() * 30);
  }
}

/** The claims whose process runs; those of dead processes are removed on the way. */
function liveClaims(dir: string): Claim[] {
  const claims: Claim[] = [];
  for (const name of fs.readdirSync(dir)) {
    const identity = CLAIM.exec(name)?.[1];
    if (identity === undefined) continue;
    const file = path.join(dir, name);
    if (isRunning(identity)) claims.push({ file, pid: pidOf(identity), port: portIn(file) });
    else fs.rmSync(file, { force: true });
  }
  return claims;
}

/** Undefined where it is not known, or where the file is still being written. */
function portIn(file: string): number | undefined {
  try {
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { port?: number }).port;
  } catch {
    return undefined;
  }
}

/** Blocks: a claim comes before all else at start, and callers need not be asynchronous for it. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
