import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ServerAccount } from "./embedded-postgres-binaries";
import { hasCode } from "./error-code";
import { identifyProcess, isRunning, pidOf } from "./live-process";

/*
 * Who uses the embedded server, so that it ends when the last user leaves, kill -9 included.
 *
 * Each server has a users folder with a named pipe, the gate. Users hold its writing end open, which the operating
 * system closes when a process ends in any way; the server's guard reads it. No writer left means no user left, and
 * counting the writers is the kernel's work: nothing here can be stale.
 *
 * A newcomer opens the gate, writes its name, and has joined once the guard has answered by writing its pid to a file of that name.
 * The guard reads either the name (then it cannot see the end of the pipe before that user has left too) or the end
 * (then it answers nobody any more, and the newcomer waits for the server's end and starts a new one). That is the
 * whole protocol against a user that comes while the last one leaves.
 *
 * The files also tell a leaving user whether it is the last one. Only its waiting depends on that, not the server.
 */

const GATE = "gate";
const USER = /^(\d+-[0-9a-z-]+)\.[0-9a-f]{8}$/;

/**
 * Arguments: the users folder, then the server's command line. Runs the server and ends with it; the reader ends it.
 * The gate is opened while 3, its writing end, is still held: the opening would wait for a writer otherwise.
 * TERM before INT: until the server has set its handlers it ignores INT, as background commands of a shell do, and
 * dies of TERM; later the two together are a fast shutdown.
 */
const GUARD_SCRIPT = `
folder=$1
shift
exec 4<"$folder/${GATE}" 3>&-
"$@" 4<&- &
server=$!
trap '' HUP INT TERM
{
  while read -r user; do printf %s "$$" >"$folder/$user"; done
  kill -TERM "$server"
  kill -INT "$server"
} <&4 &
reader=$!
exec 4<&-
wait "$server"
status=$?
kill -KILL "$reader" 2>/dev/null
rm -rf "$folder"
exit "$status"
`;

/** A server that has been started with its guard; the starter has not joined yet, but holds it by the gate. */
export interface GuardedServer {
  usersFolder: string;
  /** The gate's writing end: joinUsers() takes it over, or closing it ends the server. */
  gate: number;
  /** How server and guard ended; undefined while they run. */
  outcome(): string | undefined;
  /** Resolves when server and guard have ended. */
  waitForEnd(): Promise<void>;
}

/** A process's part in a server. */
export interface Membership {
  /**
   * Leaves. The last user waits until the server has really ended.
   * @param endServer ends the server even where others still use it
   * @returns whether the server has ended
   */
  leave(endServer?: boolean): Promise<boolean>;
}

/**
 * Starts a server under a guard.
 *
 * @param cluster the folder for the users folder; its owner is the server's account
 * @param command builds the server's command line, which has to hand on the name of the users folder to newcomers
 * @param log an open file for what server and guard print: a pipe would break when this process ends
 */
export function spawnGuarded(
  cluster: string,
  account: ServerAccount | undefined,
  command: (usersFolderName: string) => string[],
  log: number,
  env: NodeJS.ProcessEnv,
): GuardedServer {
  const usersFolder = fs.mkdtempSync(path.join(cluster, "users-"));
  if (account) fs.chownSync(usersFolder, account.uid, account.gid);
  const gatePath = path.join(usersFolder, GATE);
  execFileSync("mkfifo", ["-m", "600", gatePath], {
    ...account,
    cwd: cluster,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // Opening a gate for writing waits for a reader: this one stands in until the guard reads.
  const reader = fs.openSync(gatePath, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  const gate = fs.openSync(gatePath, fs.constants.O_WRONLY);
  fs.closeSync(reader);
  const script = ["-c", GUARD_SCRIPT, "embedded-postgres-guard", usersFolder];
  const guard = spawn("/bin/sh", [...script, ...command(path.basename(usersFolder))], {
    ...account,
    cwd: cluster,
    detached: true, // Ctrl-C in a terminal is for us, not for the server
    env,
    stdio: ["ignore", log, log, gate],
  });
  guard.unref();
  return { usersFolder, gate, ...watch(guard) };
}

function watch(guard: ChildProcess): Pick<GuardedServer, "outcome" | "waitForEnd"> {
  let outcome: string | undefined;
  const ended = new Promise<void>((resolve) => {
    guard.once("exit", (code, signal) => resolve(void (outcome = signal ?? `exit code ${code}`)));
    guard.once("error", (error) => resolve(void (outcome = error.message)));
  });
  return {
    outcome: () => outcome,
    waitForEnd: () => {
      guard.ref();
      return ended;
    },
  };
}

/**
 * Joins the users of a running server. Undefined means that it is ending, or has been told to: try again.
 *
 * @param server the server's identity (identifyProcess)
 * @param gate the gate, where this process holds it already
 */
export async function joinUsers(
  usersFolder: string,
  server: string,
  gate: number | undefined = openGate(usersFolder),
): Promise<Membership | undefined> {
  if (gate === undefined) return joinUnguarded(usersFolder, server);
  const user = userFile(usersFolder);
  try {
    fs.writeSync(gate, `${path.basename(user)}\n`);
    for (; isRunning(server) && hasReader(usersFolder); await sleep(5)) {
      const guardPid = fs.existsSync(user) && fs.readFileSync(user, "utf8");
      if (guardPid) return membership(usersFolder, server, user, gate, identifyProcess(Number(guardPid)));
    }
  } catch (error) {
    if (!hasCode(error, "EPIPE", "ENOENT")) throw error; // else the guard has just ended, and removed the folder
  }
  fs.closeSync(gate);
  return undefined;
}

/**
 * The guard may have ended a moment ago, and the server is about to. If it was killed instead, then the server has to
 * last for those who use it still, the last of whom ends it; without any it is ended here, for a new one with a guard.
 */
async function joinUnguarded(usersFolder: string, server: string): Promise<Membership | undefined> {
  for (const deadline = Date.now() + 500; Date.now() < deadline; await sleep(10)) {
    if (!isRunning(server)) return undefined;
  }
  if (!hasLiveUsers(usersFolder)) {
    signal(server, "SIGINT");
    return undefined;
  }
  const user = userFile(usersFolder);
  fs.writeFileSync(user, "");
  return membership(usersFolder, server, user);
}

function membership(usersFolder: string, server: string, user: string, gate?: number, guard?: string): Membership {
  return {
    leave: async (endServer = false) => {
      fs.rmSync(user, { force: true }); // before the gate: of two that leave at once, the later one finds no other
      if (gate !== undefined) fs.closeSync(gate);
      if (endServer) signal(server, "SIGINT");
      if (!(await hasEnded(server, () => !endServer && hasLiveUsers(usersFolder)))) return false;
      while (guard !== undefined && isRunning(guard)) await sleep(5);
      fs.rmSync(usersFolder, { recursive: true, force: true }); // as the guard does, unless it was killed
      return true;
    },
  };
}

/** Waits until the server has ended: true. False: somebody else uses it. */
async function hasEnded(server: string, isInUse: () => boolean): Promise<boolean> {
  // The guard tells the server to end. But it may have been killed, and a shutdown may hang: after SIGQUIT PostgreSQL
  // recovers as it does from a crash.
  const pushes: [afterMs: number, name: NodeJS.Signals][] = [
    [2_000, "SIGINT"],
    [10_000, "SIGQUIT"],
  ];
  const since = Date.now();
  for (; isRunning(server); await sleep(20)) {
    if (isInUse()) return false;
    const push = pushes[0];
    if (push && Date.now() - since > push[0]) {
      signal(server, push[1]);
      pushes.shift();
    }
  }
  return true;
}

/** The gate's writing end; undefined where nobody reads it. */
function openGate(usersFolder: string): number | undefined {
  try {
    return fs.openSync(path.join(usersFolder, GATE), fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, "ENXIO", "ENOENT")) return undefined;
    throw error;
  }
}

function hasReader(usersFolder: string): boolean {
  const gate = openGate(usersFolder);
  if (gate === undefined) return false;
  fs.closeSync(gate);
  return true;
}

/** A name of its own for every user: one process may be several. */
function userFile(usersFolder: string): string {
  return path.join(usersFolder, `${identifyProcess()}.${randomBytes(4).toString("hex")}`);
}

function hasLiveUsers(usersFolder: string): boolean {
  const names = fs.existsSync(usersFolder) ? fs.readdirSync(usersFolder) : [];
  return names.some((name) => {
    const identity = USER.exec(name)?.[1];
    return identity !== undefined && isRunning(identity);
  });
}

function signal(server: string, name: NodeJS.Signals): void {
  if (!isRunning(server)) return;
  try {
    process.kill(pidOf(server), name);
  } catch {
    // it has ended just now
  }
}
