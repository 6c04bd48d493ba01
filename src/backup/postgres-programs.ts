import { execFile, spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { bareEnvironment, programFolders, type Config } from "../config";
import { BackupError } from "./backup-error";

/** Where packages put the programs of PostgreSQL, a version a folder. */
const USUAL_PLACES = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/usr/local/pgsql/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/opt/homebrew/opt/libpq/bin",
  "/usr/local/opt/postgresql@*/bin",
  "/usr/local/opt/libpq/bin",
  "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/** What libpq and pg both know of a URL's parameters. */
const SHARED_PARAMETERS = ["host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "options"];

/** How much a program may complain before the rest is left out. */
const MOST_COMPLAINT = 4000;

type ProgramName = "pg_dump" | "pg_restore" | "psql";

/** The client programs of one version of PostgreSQL. */
export interface PostgresPrograms {
  readonly folder: string;
  /** The major version. */
  readonly version: number;
}

/**
 * Finds programs of a version of PostgreSQL, or of the next newer one that there is: older ones do not know its databases.
 * @param needed the major version
 * @throws BackupError saying what to install
 */
export async function findPrograms(
  names: readonly ProgramName[],
  needed: number,
  { pgBin }: Pick<Config, "pgBin">,
): Promise<PostgresPrograms> {
  const folders = pgBin === undefined ? [...usualFolders(), ...programFolders()] : [pgBin];
  const found: PostgresPrograms[] = [];
  for (const folder of new Set(folders)) {
    if (!names.every((name) => fs.existsSync(path.join(folder, name)))) continue;
    const versions = await Promise.all(names.map((name) => versionOf(path.join(folder, name))));
    const [version] = versions;
    if (version !== undefined && versions.every((other) => other === version)) found.push({ folder, version });
  }
  const fit = found.filter(({ version }) => version >= needed).sort((a, b) => a.version - b.version)[0];
  if (fit) return fit;
  const best = found.sort((a, b) => b.version - a.version)[0];
  const named = names.join(" and ");
  throw new BackupError(
    `This needs ${named} of PostgreSQL ${needed} or newer, and ` +
      (best
        ? `the newest found is ${best.version}, in ${best.folder}`
        : `none was found in ${pgBin ?? "PATH or the usual places"}`) +
      `. Install PostgreSQL's client programs (Debian: postgresql-client-${needed}), or name their folder with PG_BIN.`,
  );
}

function usualFolders(): string[] {
  return USUAL_PLACES.flatMap((place) => {
    const [before = "", after] = place.split("*");
    if (after === undefined) return [place];
    const parent = path.dirname(`${before}x`);
    const names = fs.existsSync(parent) ? fs.readdirSync(parent) : [];
    return names
      .map((name) => path.join(parent, name))
      .filter((folder) => folder.startsWith(before))
      .map((folder) => `${folder}${after}`);
  });
}

async function versionOf(program: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"], { env: bareEnvironment() });
    return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1] ?? Number.NaN) || undefined;
  } catch {
    return undefined;
  }
}

/** A program that has been started. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Resolves when it has ended with 0. @throws BackupError with what it complained of */
  readonly done: Promise<void>;
}

/**
 * Starts a program. The password goes to it by its environment, which others cannot read; nothing else of ours does.
 * @param url the database, where it connects to one
 */
export function startProgram(
  { folder }: PostgresPrograms,
  name: ProgramName,
  args: readonly string[],
  { url, signal }: { url?: string; signal: AbortSignal },
): RunningProgram {
  const { shown, password } = url === undefined ? { shown: [], password: undefined } : splitUrl(url);
  const child = spawn(path.join(folder, name), [...args, ...shown], {
    env: { ...bareEnvironment(), ...(password !== undefined && { PGPASSWORD: password }) },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // Ctrl-C in a terminal is for us, who end it
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (complaint.length < MOST_COMPLAINT) complaint += chunk.toString("utf8");
  });
  child.stdin.on("error", () => undefined); // it has ended: its exit code says why
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const done = new Promise<void>((resolve, reject) => {
    child.on("error", (error) => reject(new BackupError(`${name} could not be started: ${error.message}`)));
    child.on("close", (code, by) => {
      signal.removeEventListener("abort", stop);
      if (code === 0) resolve();
      else reject(new BackupError(`${name} failed (${code ?? by}): ${complaint.trim().slice(0, MOST_COMPLAINT)}`));
    });
  });
  done.catch(() => undefined); // whoever waits for it is told
  return { child, done };
}

function splitUrl(text: string): { shown: string[]; password: string | undefined } {
  const url = new URL(text);
  const password = url.password === "" ? undefined : decodeURIComponent(url.password);
  url.password = "";
  if (url.searchParams.get("ssl") === "true" && !url.searchParams.has("sslmode"))
    url.searchParams.set("sslmode", "require");
  if (url.searchParams.get("sslmode") === "no-verify") url.searchParams.set("sslmode", "require");
  for (const name of [...url.searchParams.keys()]) if (!SHARED_PARAMETERS.includes(name)) url.searchParams.delete(name);
  return { shown: ["--no-password", `--dbname=${url.href}`], password };
}
