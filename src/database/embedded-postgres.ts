import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client, escapeIdentifier } from "pg";
import {
  findBinaries,
  findServerAccount,
  locateCluster,
  makeFolder,
  type ServerAccount,
} from "./embedded-postgres-binaries";
import { joinUsers, spawnGuarded, type GuardedServer, type Membership } from "./embedded-postgres-users";
import { hasCode } from "./error-code";
import { commandLineOf, identifyProcess } from "./live-process";

export interface EmbeddedPostgresOptions {
  /** Cluster, passwords and `postgres.log` live here; made where it is missing. */
  dir: string;
  /** Made where it is missing; default "clientele". */
  database?: string;
  /** Default: a free one. Choose below 32768: Linux takes the ports above for outgoing connections. */
  port?: number;
  /** For tests: nothing is synced to disk, the caller is the only user, and stop() deletes `dir`. */
  ephemeral?: boolean;
  /** Server settings besides the ones made here. Like `port` they count for the process that starts the server. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** superuser URL, of the database `postgres`: only for making roles and databases */
  superuserUrl: string;
  port: number;
  /** Did this call start the server? Else it shares one that ran already. */
  owner: boolean;
  /**
   * Ends this use of the server. The server ends with its last user, whoever started it; the last one waits for that.
   * A process that ends without stop(), by kill -9 too, is counted out by the operating system.
   */
  stop(): Promise<void>;
}

interface Place {
  /** Given by the caller, or a folder of its own where the server's account cannot reach that. */
  dir: string;
  /** Belongs to the server's account. */
  cluster: string;
  data: string;
  log: string;
  account: ServerAccount | undefined;
}

interface Postmaster {
  pid: number;
  /** 0: not known yet */
  port: number;
}

const DEFAULT_DATABASE = "clientele";
/** Starting or ending (57P01 to 57P03, 57014); another starter has just made the database (42P04, 23505). */
const NOT_READY = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "57P01", "57P02", "57P03", "57014", "42P04", "23505"];
const START_TIMEOUT_MS = 60_000;
/** Far longer than PostgreSQL takes to write its postmaster.pid. */
const STALE_MS = 10_000;
const LOG_LIMIT_BYTES = 10_000_000;
/** A setting of the running server that names its users folder: so it cannot be another server's. */
const USERS_FOLDER_SETTING = "clientele.users_folder";

/**
 * Starts PostgreSQL on a folder, or shares the server that runs there already. It comes with the package
 * embedded-postgres, listens on 127.0.0.1 only, asks for a random password, and works without any locale of the host.
 *
 * As root it runs under the account "postgres" or "nobody". Where that account cannot reach the folder, cluster and log
 * are kept below /var/lib/clientele instead (CLIENTELE_EMBEDDED_ROOT names another place).
 *
 * @throws Error with the end of the server's log when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (process.platform === "win32") throw new Error("The embedded PostgreSQL needs Linux or macOS: set DATABASE_URL");
  const place = preparePlace(options.dir);
  try {
    for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(50)) {
      const running = findPostmaster(place.data);
      if (running && options.ephemeral) throw new Error(`PostgreSQL is already running in ${place.dir}`);
      const server = running ? await share(running, place, options) : await start(place, options);
      if (server) return server;
    }
    throw new Error(`The embedded PostgreSQL did not come up; see ${place.log}`);
  } catch (error) {
    if (!hasCode(error, "EACCES")) throw error;
    throw new Error(`This account may not use the embedded database in ${place.dir} (${String(error)})`, {
      cause: error,
    });
  }
}

/**
 * The folder of the cluster that startEmbeddedPostgres() keeps for a data folder. It holds the password files.
 * @param dir an existing folder
 */
export function embeddedClusterFolder(dir: string): string {
  return path.join(locateCluster(path.resolve(dir), findServerAccount(), fallbackRoot()), "cluster");
}

/** The same of a data folder that may be missing: makes it, and what leads to it, as the server's account needs it. */
export function prepareClusterFolder(dir: string): string {
  return preparePlace(dir).cluster;
}

/** Whether a PostgreSQL runs on the cluster of a data folder. @param dir an existing folder */
export function isEmbeddedPostgresRunning(dir: string): boolean {
  return findPostmaster(path.join(embeddedClusterFolder(dir), "data")) !== undefined;
}

/** Gives a folder with everything in it to the account that PostgreSQL runs under, for it alone. */
export function giveToServerAccount(folder: string): void {
  const account = findServerAccount();
  if (!account) return;
  fs.chownSync(folder, account.uid, account.gid);
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" }))
    fs.lchownSync(path.join(folder, name), account.uid, account.gid);
}

function fallbackRoot(): string {
  return process.env["CLIENTELE_EMBEDDED_ROOT"] ?? "/var/lib/clientele";
}

function preparePlace(wanted: string): Place {
  const account = findServerAccount();
  makeFolder(wanted, account);
  const cluster = embeddedClusterFolder(wanted);
  const dir = path.dirname(cluster);
  if (!fs.existsSync(dir)) {
    console.warn(`The account of PostgreSQL cannot reach ${path.resolve(wanted)}: the database is kept in ${dir}`);
    makeFolder(dir, account);
  }
  return { dir, cluster, data: path.join(cluster, "data"), log: path.join(dir, "postgres.log"), account };
}

/** Joins a server that runs; undefined while it is starting or ending. */
async function share(
  running: Postmaster,
  place: Place,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres | undefined> {
  const identity = identifyProcess(running.pid);
  if (!running.port || !identity) return undefined;
  const superuserUrl = superuserUrlOf(place, running.port);
  const answer = await askServer(superuserUrl, options.database);
  if (!answer) return undefined;
  const shared = { superuserUrl, port: running.port, owner: false };
  // Started by hand on this folder: not ours to end.
  if (!answer.usersFolder) return { ...shared, stop: () => Promise.resolve() };
  const membership = await joinUsers(path.join(place.cluster, answer.usersFolder), identity);
  return membership && { ...shared, stop: once(() => membership.leave()) };
}

/** Starts a server; undefined where another process was faster or the free port has been taken meanwhile. */
async function start(place: Place, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres | undefined> {
  const { ephemeral = false } = options;
  const removeEphemeral = (): void => {
    if (ephemeral) for (const dir of [place.dir, options.dir]) fs.rmSync(dir, { recursive: true, force: true });
  };
  try {
    const bin = findBinaries(place.account, place.dir);
    if (!fs.existsSync(path.join(place.data, "PG_VERSION"))) await makeCluster(path.join(bin, "initdb"), place);
    const port = options.port ?? (await findFreePort());
    const { server, membership } = await launch(path.join(bin, "postgres"), port, place, options);
    if (!membership) return undefined;
    sweep(place.dir, "cluster.draft-");
    sweep(place.cluster, "users-", path.basename(server.usersFolder));
    const stop = once(async () => {
      if (await membership.leave(ephemeral)) await server.waitForEnd();
      removeEphemeral();
    });
    return { superuserUrl: superuserUrlOf(place, port), port, owner: true, stop };
  } catch (error) {
    const lostRace = /lock file ".*" (already exists|is empty)|shared memory block/.test(String(error));
    const portTaken = options.port === undefined && /could not bind/.test(String(error));
    if (lostRace || portTaken) return undefined;
    removeEphemeral();
    throw error;
  }
}

async function launch(
  postgres: string,
  port: number,
  place: Place,
  options: EmbeddedPostgresOptions,
): Promise<{ server: GuardedServer; membership: Membership | undefined }> {
  const logged = fs.statSync(place.log, { throwIfNoEntry: false })?.size ?? 0;
  const log = fs.openSync(place.log, logged > LOG_LIMIT_BYTES ? "w" : "a", 0o600); // statements in it may hold data
  const command = (usersFolder: string): string[] => commandLine(postgres, port, usersFolder, place, options);
  const server = spawnGuarded(place.cluster, place.account, command, log, serverEnvironment());
  fs.closeSync(log);
  let identity: string | undefined;
  try {
    for (; !identity; await sleep(20)) {
      const outcome = server.outcome();
      if (outcome) throw new Error(`The embedded PostgreSQL ended (${outcome}):\n${readEnd(place.log, logged)}`);
      identity = await findReady(server, port, place, options);
    }
  } catch (error) {
    fs.closeSync(server.gate);
    await server.waitForEnd();
    fs.rmSync(server.usersFolder, { recursive: true, force: true });
    throw error;
  }
  return { server, membership: await joinUsers(server.usersFolder, identity, server.gate) };
}

/** The identity of the server just started, once it takes connections and the database exists. */
async function findReady(
  { usersFolder }: GuardedServer,
  port: number,
  place: Place,
  options: EmbeddedPostgresOptions,
): Promise<string | undefined> {
  const running = findPostmaster(place.data);
  if (running?.port !== port) return undefined;
  const answer = await askServer(superuserUrlOf(place, port), options.database);
  // Two starters may have been given the same port; the server is only one's.
  return answer?.usersFolder === path.basename(usersFolder) ? identifyProcess(running.pid) : undefined;
}

function commandLine(
  postgres: string,
  port: number,
  usersFolder: string,
  place: Place,
  options: EmbeddedPostgresOptions,
): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    ...(options.ephemeral && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
    ...options.settings,
    [USERS_FOLDER_SETTING]: usersFolder,
  };
  const asArguments = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return [postgres, "-D", place.data, "-p", String(port), ...asArguments];
}

/** initdb into a draft, renamed when whole: a kill in the middle leaves no half cluster, and of two starters one wins. */
async function makeCluster(initdb: string, { cluster, account }: Place): Promise<void> {
  const draft = fs.mkdtempSync(`${cluster}.draft-`);
  const passwordFile = path.join(draft, "password");
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  try {
    fs.writeFileSync(passwordFile, `${randomBytes(18).toString("base64url")}\n`, { mode: 0o600 });
    if (account) for (const file of [draft, passwordFile]) fs.chownSync(file, account.uid, account.gid);
    const run = { ...account, cwd: draft, env: serverEnvironment() };
    await promisify(execFile)(initdb, ["-D", path.join(draft, "data"), "--no-sync", ...access, ...locale], run);
    fs.renameSync(draft, cluster);
  } catch (error) {
    if (hasCode(error, "ENOENT") && fs.existsSync(initdb)) {
      const message = "The embedded PostgreSQL needs glibc, which is not here (Alpine?): set DATABASE_URL";
      throw new Error(message, { cause: error });
    }
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "EPERM")) throw error; // else another starter was first
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** What a server says of itself, once it takes connections and the database exists; undefined before and after that. */
async function askServer(
  superuserUrl: string,
  database = DEFAULT_DATABASE,
): Promise<{ usersFolder: string | null } | undefined> {
  const client = new Client({ connectionString: superuserUrl, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ users_folder: string | null; has_database: boolean }>(
      `select current_setting($1, true) as users_folder,
              exists (select from pg_database where datname = $2) as has_database`,
      [USERS_FOLDER_SETTING, database],
    );
    if (!rows[0]?.has_database) await client.query(`create database ${escapeIdentifier(database)}`);
    return { usersFolder: rows[0]?.users_folder ?? null };
  } catch (error) {
    const isLost = /Connection terminated|connection error|timeout/.test(String(error));
    if (isLost || hasCode(error, ...NOT_READY)) return undefined;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The live server that postmaster.pid names. */
function findPostmaster(data: string): Postmaster | undefined {
  const file = path.join(data, "postmaster.pid");
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  const [pid = 0, , , port = 0] = text.split("\n").map((line) => Number(line) || 0);
  if (!pid) {
    // Being written; or its writer died just then, and PostgreSQL would wait for it for ever.
    if (ageMs(file) > STALE_MS) removeUnchanged(file, text);
    return { pid, port };
  }
  if (identifyProcess(pid) && isServerOf(data, pid)) return { pid, port };
  // PostgreSQL clears the file of a process that is gone. A zombie, or a number in use again after a reboot (usual in
  // containers), would make it refuse to start.
  if (isPidInUse(pid)) removeUnchanged(file, text);
  return undefined;
}

/** Removes what killed processes have left, but nothing that another one may be making right now. */
function sweep(folder: string, prefix: string, except?: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith(prefix) || name === except) continue;
    const leftover = path.join(folder, name);
    if (ageMs(leftover) > 2 * START_TIMEOUT_MS) fs.rmSync(leftover, { recursive: true, force: true });
  }
}

/** 0 where there is no such file. */
function ageMs(file: string): number {
  const changed = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return changed === undefined ? 0 : Date.now() - changed;
}

function isPidInUse(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

/** Another starter may have removed the same stale file and its server made a new one since it was read. */
function removeUnchanged(file: string, text: string): void {
  const aside = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if (fs.readFileSync(aside, "utf8") === text) fs.rmSync(aside);
  else fs.renameSync(aside, file);
}

/** By the command line, for a process's folder is hidden from root in a container; by the folder, if started by hand. */
function isServerOf(data: string, pid: number): boolean {
  if (commandLineOf(pid).includes(`-D ${data}`)) return true;
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(data);
  } catch {
    return false;
  }
}

function superuserUrlOf(place: Place, port: number): string {
  const password = fs.readFileSync(path.join(place.cluster, "password"), "utf8").trim();
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** Only what it needs: a LANG that is not installed would make initdb fail. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env;
  return { PATH, TMPDIR, LC_ALL: "C", TZ: "UTC" };
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** What a log has got since it had that many bytes, the end of it. */
function readEnd(log: string, since: number): string {
  return fs.readFileSync(log).subarray(since).toString("utf8").slice(-2_000).trim();
}

/** A second stop() is the first one. */
function once(action: () => Promise<unknown>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= action().then(() => undefined));
}
