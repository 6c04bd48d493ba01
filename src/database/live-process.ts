import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { hasCode } from "./error-code";

/**
 * Tells a running process apart from every other one, a later one with the same pid included: its pid and when it
 * started, fit for a file name. Undefined where no such process runs; a zombie does not.
 */
export function identifyProcess(pid: number = process.pid): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return undefined; // EPERM: another account's, alive
  }
  const start = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return start === undefined ? undefined : `${pid}-${start}`;
}

/** Does the process still run that identifyProcess() gave this identity? */
export function isRunning(identity: string): boolean {
  return identifyProcess(pidOf(identity)) === identity;
}

/** The pid in an identity. */
export function pidOf(identity: string): number {
  return Number.parseInt(identity, 10);
}

/** The command line a process was started with, its parts joined by blanks; empty where it is gone or a zombie. */
export function commandLineOf(pid: number): string {
  if (process.platform !== "linux") return ps(pid, "command");
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** Clock ticks since the machine started, and which start of the machine that was. */
function startOnLinux(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets and may hold anything, brackets and blanks too.
    const [state, ...rest] = fs
      .readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if (state === "Z" || state === "X") return undefined;
    const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    return `${rest[18]}-${boot}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  const start = ps(pid, "lstart");
  return start === "" ? undefined : String(Date.parse(`${start} UTC`));
}

/** Empty where no such process runs. */
function ps(pid: number, column: "lstart" | "command"): string {
  try {
    return execFileSync("/bin/ps", ["-ww", "-o", `${column}=`, "-p", String(pid)], {
      encoding: "utf8",
      env: { LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch (error) {
    if ((error as { status?: number | null }).status === 1) return "";
    throw error; // not "gone": who takes a running process for gone does harm
  }
}
