import fs from "node:fs";

/** What Linux counts processor time in: a hundredth of a second, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process with all its threads has used so far, in milliseconds. Linux only. */
export function cpuTimeOf(pid: number): number {
  const { user, system } = readStat(pid);
  return toMs(user + system);
}

/**
 * Processor time that a process and all its children have used so far, in milliseconds: those that run, and those that have
 * ended and were waited for. It fits a server such as PostgreSQL, which has a child a connection. Linux only.
 */
export function cpuTimeWithChildren(pid: number): number {
  const own = readStat(pid);
  let ticks = own.user + own.system + own.endedUser + own.endedSystem;
  for (const name of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const child = readStat(Number(name));
      if (child.parent === pid) ticks += child.user + child.system;
    } catch {
      // has ended meanwhile: its parent counts it
    }
  }
  return toMs(ticks);
}

/** Memory of a process that is in use now (resident set), in MiB. Linux only. */
export function residentMemory(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

interface Stat {
  readonly parent: number;
  readonly user: number;
  readonly system: number;
  readonly endedUser: number;
  readonly endedSystem: number;
}

/** @see proc_pid_stat(5); the second field is a name that may hold spaces and parentheses */
function readStat(pid: number): Stat {
  const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), user: field(14), system: field(15), endedUser: field(16), endedSystem: field(17) };
}

const toMs = (ticks: number): number => (ticks * 1000) / TICKS_PER_SECOND;
