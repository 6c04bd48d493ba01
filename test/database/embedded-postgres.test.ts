import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from "../../src/database/embedded-postgres";
import { ensureEmbeddedRoles } from "../../src/database/embedded-roles";
import { identifyProcess } from "../../src/database/live-process";
import { claimServer, ServerRunningError } from "../../src/database/single-server";

const repository = path.resolve(__dirname, "../..");
const isLinux = process.platform === "linux";

/** A process of its own that does what its standard input says, and answers each line with one. */
const USER_SCRIPT = `
  const { startEmbeddedPostgres } = require("./src/database/embedded-postgres");
  const { claimServer } = require("./src/database/single-server");
  const dir = process.env.TEST_DIR;
  const servers = [];
  const commands = {
    start: async () => servers[servers.push(await startEmbeddedPostgres({ dir })) - 1],
    stop: async () => servers.pop().stop(),
    claim: async () => claimServer(dir, { port: 4321 }),
    exit: async () => process.exit(),
  };
  require("node:readline").createInterface(process.stdin).on("line", (line) => {
    commands[line]()
      .then((result) => ({ result }), (error) => ({ error: String(error) }))
      .then((answer) => console.log(JSON.stringify(answer)));
  });
`;

interface User {
  pid: number;
  tell(command: "start" | "stop" | "claim"): Promise<{ owner: boolean; superuserUrl: string }>;
  /** exit: without stop(), but in order; kill: as kill -9 does. */
  end(how: "exit" | "kill"): Promise<void>;
}

const folders: string[] = [];
const users: ChildProcess[] = [];
const servers: EmbeddedPostgres[] = [];

afterEach(async () => {
  for (const user of users.splice(0)) user.kill("SIGKILL");
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

afterAll(async () => {
  for (const folder of folders) {
    await until(() => processesOf(folder).length === 0);
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

function aFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "embedded-postgres-test-")));
  folders.push(folder);
  return folder;
}

async function aServer(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options);
  servers.push(server);
  return server;
}

function aUser(dir: string): User {
  const child = spawn(process.execPath, ["-r", "@swc-node/register", "-e", USER_SCRIPT], {
    cwd: repository,
    env: { ...process.env, TEST_DIR: dir },
    stdio: ["pipe", "pipe", "inherit"],
  });
  users.push(child);
  const lines = createInterface(child.stdout);
  return {
    pid: child.pid ?? 0,
    tell: async (command) => {
      child.stdin.write(`${command}\n`);
      const [line] = (await once(lines, "line")) as [string];
      const { result, error } = JSON.parse(line) as { result: never; error?: string };
      if (error !== undefined) throw new Error(error);
      return result;
    },
    end: async (how) => {
      const exited = once(child, "exit");
      if (how === "exit") child.stdin.write("exit\n");
      else child.kill("SIGKILL");
      await exited;
    },
  };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await condition()); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`Not so within 10 seconds: ${String(condition)}`);
  }
}

/** Server, its helpers and its guard: what names the folder on its command line or works in it. */
function processesOf(folder: string): string[] {
  if (!isLinux) return [];
  return fs.readdirSync("/proc").filter((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return false;
      if (fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder)) return true;
      return fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false; // ended just now, or none of ours
    }
  });
}

function postmasterPid(folder: string): number {
  return Number.parseInt(fs.readFileSync(path.join(folder, "cluster/data/postmaster.pid"), "utf8"), 10);
}

async function query<Row extends object>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

async function isServing(url: string): Promise<boolean> {
  return query(url, "select 1").then(
    () => true,
    () => false,
  );
}

describe("startEmbeddedPostgres", () => {
  const dir = aFolder();

  test("makes a cluster that only this machine and this account can use", async () => {
    const server = await aServer({ dir });
    const settings = await query<{ name: string; setting: string }>(
      server.superuserUrl,
      `select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'fsync')`,
    );
    const databases = await query(server.superuserUrl, "select datlocprovider, datlocale from pg_database");
    const passwordFile = fs.statSync(path.join(dir, "cluster/password"));
    const logFile = fs.statSync(path.join(dir, "postgres.log"));
    const wrongPassword = query(server.superuserUrl.replace(/:[^:@]+@/, ":wrong@"), "select 1");

    expect(server.owner).toBe(true);
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      fsync: "on",
    });
    expect(databases).toHaveLength(4); // template0, template1, postgres, clientele
    expect(databases).toEqual(databases.map(() => ({ datlocprovider: "b", datlocale: "C.UTF-8" })));
    expect(passwordFile.mode & 0o777).toBe(0o600);
    expect(logFile.mode & 0o777).toBe(0o600);
    await expect(wrongPassword).rejects.toMatchObject({ code: "28P01" });

    await server.stop();
    expect(processesOf(dir)).toEqual([]);
    expect(fs.existsSync(path.join(dir, "cluster/data/postmaster.pid"))).toBe(false);
  });

  test("keeps its data, and stop() twice is stop() once", async () => {
    const first = await aServer({ dir });
    await query(first.superuserUrl, "create table kept (id int)", "insert into kept values (42)");
    await Promise.all([first.stop(), first.stop()]);
    const second = await aServer({ dir, settings: { work_mem: "7MB" } });
    expect(await query(second.superuserUrl, "select id, current_setting('work_mem') from kept")).toEqual([
      { id: 42, current_setting: "7MB" },
    ]);
    await second.stop();
  });

  test("shares a running server, which lasts until the last user has left, whoever started it", async () => {
    const [starter, killed] = [aUser(dir), aUser(dir)];
    const { superuserUrl, owner } = await starter.tell("start");
    expect(owner).toBe(true);
    expect(await killed.tell("start")).toMatchObject({ owner: false, superuserUrl });
    const here = await aServer({ dir });
    expect(here).toMatchObject({ owner: false, superuserUrl });
    const hereToo = await aServer({ dir });
    const pid = postmasterPid(dir);

    await starter.tell("stop");
    await starter.end("exit");
    expect(await isServing(superuserUrl)).toBe(true);
    await killed.end("kill");
    expect(await isServing(superuserUrl)).toBe(true);
    await here.stop();
    expect(await isServing(superuserUrl)).toBe(true);
    expect(identifyProcess(pid)).toBeDefined();

    await hereToo.stop();
    expect(identifyProcess(pid)).toBeUndefined();
    expect(processesOf(dir)).toEqual([]);
  });

  test("a starter that is killed leaves no process, and the next start works", async () => {
    const starter = aUser(dir);
    const { superuserUrl } = await starter.tell("start");
    const pid = postmasterPid(dir);
    await starter.end("kill");
    await until(() => identifyProcess(pid) === undefined && processesOf(dir).length === 0);
    expect(await isServing(superuserUrl)).toBe(false);

    const next = await aServer({ dir });
    expect(next.owner).toBe(true);
    expect(await isServing(next.superuserUrl)).toBe(true);
    await next.stop();
  });

  test("the last user that leaves without stop() ends the server that another one started", async () => {
    const [starter, last] = [aUser(dir), aUser(dir)];
    await starter.tell("start");
    const { superuserUrl } = await last.tell("start");
    await starter.end("kill");
    expect(await isServing(superuserUrl)).toBe(true);
    await last.end("exit");
    await until(() => processesOf(dir).length === 0);
  });

  test("users that come and go at the same moment always have a working server", async () => {
    const comeAndGo = async (): Promise<void> => {
      for (let round = 0; round < 8; round++) {
        const server = await aServer({ dir });
        expect(await isServing(server.superuserUrl)).toBe(true);
        await server.stop();
      }
    };
    const elsewhere = aUser(dir);
    const comeAndGoElsewhere = async (): Promise<void> => {
      for (let round = 0; round < 8; round++) {
        const { superuserUrl } = await elsewhere.tell("start");
        expect(await isServing(superuserUrl)).toBe(true);
        await elsewhere.tell("stop");
      }
      await elsewhere.end("exit");
    };
    await Promise.all([comeAndGo(), comeAndGoElsewhere()]);
    expect(processesOf(dir)).toEqual([]);
    expect(fs.readdirSync(path.join(dir, "cluster")).filter((name) => name.startsWith("users-"))).toEqual([]);
  });

  test("of many that start at once one starts the server", async () => {
    const fresh = aFolder();
    const servers = await Promise.all([1, 2, 3].map(() => aServer({ dir: fresh })));
    expect(servers.filter((server) => server.owner)).toHaveLength(1);
    expect(new Set(servers.map((server) => server.superuserUrl)).size).toBe(1);
    await Promise.all(servers.map((server) => server.stop()));
    expect(processesOf(fresh)).toEqual([]);
    expect(fs.readdirSync(fresh).sort()).toEqual(["cluster", "postgres.log"]);
  });

  test("a server that has lost its guard still ends with its last user, and is replaced if that was killed", async () => {
    if (!isLinux) return;
    const killGuard = (): void => {
      const pid = String(postmasterPid(dir));
      const guards = processesOf(dir).filter((each) => fs.readFileSync(`/proc/${each}/comm`, "utf8") === "sh\n");
      expect(guards).toHaveLength(2);
      for (const guard of guards) if (guard !== pid) process.kill(Number(guard), "SIGKILL");
    };
    const first = await aServer({ dir });
    killGuard();
    const second = await aServer({ dir });
    expect(second.superuserUrl).toBe(first.superuserUrl);
    await first.stop();
    expect(await isServing(second.superuserUrl)).toBe(true);
    await second.stop();
    expect(processesOf(dir)).toEqual([]);

    const killed = aUser(dir);
    const { superuserUrl } = await killed.tell("start");
    killGuard();
    await killed.end("kill");
    expect(await isServing(superuserUrl)).toBe(true);
    const next = await aServer({ dir });
    expect(next.owner).toBe(true);
    await next.stop();
    expect(processesOf(dir)).toEqual([]);
  });

  test("a postmaster.pid that names another program's process is no server", async () => {
    const file = path.join(dir, "cluster/data/postmaster.pid");
    fs.writeFileSync(file, `${process.pid}\n${dir}/cluster/data\n1795356870\n5432\n\n127.0.0.1\n\nready\n`);
    const server = await aServer({ dir });
    expect(server.owner).toBe(true);
    await server.stop();
  });

  test("says with the server's own words why it did not start, and leaves nothing running", async () => {
    const failing = aServer({ dir, settings: { work_mem: "much" } });
    await expect(failing).rejects.toThrow(/invalid value for parameter "work_mem"/);
    expect(processesOf(dir)).toEqual([]);
  });

  test("an ephemeral server takes its folder with it", async () => {
    const fresh = aFolder();
    const server = await aServer({ dir: fresh, database: "template", ephemeral: true });
    expect(await isServing(server.superuserUrl.replace(/\w+$/, "template"))).toBe(true);
    expect(await query(server.superuserUrl, "show fsync")).toEqual([{ fsync: "off" }]);
    await expect(aServer({ dir: fresh, ephemeral: true })).rejects.toThrow(/already running/);
    await server.stop();
    expect(fs.existsSync(fresh)).toBe(false);
    expect(processesOf(fresh)).toEqual([]);
  });

  test("keeps root's cluster elsewhere when the server's account cannot reach the folder", async () => {
    if (process.getuid?.() !== 0) return;
    const [closed, root] = [aFolder(), aFolder()];
    fs.chmodSync(root, 0o755);
    const wanted = path.join(closed, "data");
    process.env["CLIENTELE_EMBEDDED_ROOT"] = root;
    const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    let server: EmbeddedPostgres | undefined;
    try {
      server = await aServer({ dir: wanted, ephemeral: true });
      const { url } = await ensureEmbeddedRoles(server.superuserUrl, wanted);
      expect(await isServing(url)).toBe(true);
      expect(fs.readdirSync(wanted)).toEqual([]);
      expect(fs.readdirSync(root)).toHaveLength(1);
      expect(warn).toHaveBeenCalledTimes(1);
    } finally {
      await server?.stop();
      delete process.env["CLIENTELE_EMBEDDED_ROOT"];
      warn.mockRestore();
    }
    expect(fs.readdirSync(root)).toEqual([]);
  });
});

describe("ensureEmbeddedRoles", () => {
  const dir = aFolder();
  let server: EmbeddedPostgres;
  let urls: { adminUrl: string; url: string };

  beforeAll(async () => {
    server = await startEmbeddedPostgres({ dir, settings: { fsync: "off" } });
    const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => ensureEmbeddedRoles(server.superuserUrl, dir)));
    expect(others).toEqual([first, first, first]);
    urls = await ensureEmbeddedRoles(server.superuserUrl, dir);
    expect(urls).toEqual(first);
  });

  afterAll(() => server.stop());

  test("the logins have what they need and no more", async () => {
    const roles = await query(
      server.superuserUrl,
      `select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
       where rolname like 'clientele%' order by rolname`,
    );
    const nothing = {
      rolcanlogin: false,
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
    };
    expect(roles).toEqual([
      { ...nothing, rolname: "clientele_app" },
      { ...nothing, rolname: "clientele_finder" },
      { ...nothing, rolname: "clientele_gateway", rolcanlogin: true },
      {
        rolname: "clientele_owner",
        rolcanlogin: true,
        rolsuper: false,
        rolbypassrls: true,
        rolcreaterole: true,
        rolcreatedb: true,
      },
    ]);
    const owner = "select pg_get_userbyid(datdba) as owner, current_database() from pg_database";
    expect(await query(urls.adminUrl, `${owner} where datname = current_database()`)).toEqual([
      { owner: "clientele_owner", current_database: "clientele" },
    ]);
    for (const name of ["owner-password", "gateway-password"]) {
      expect(fs.statSync(path.join(dir, "cluster", name)).mode & 0o777).toBe(0o600);
    }
  });

  test("the gateway cannot see past row-level security, make tables or become the owner", async () => {
    await query(
      urls.adminUrl,
      `create table secrets (tenant text); insert into secrets values ('a'), ('b')`,
      `alter table secrets enable row level security; alter table secrets force row level security`,
      `create policy tenant on secrets using (tenant = current_setting('app.tenant', true))`,
      `grant select, insert on secrets to clientele_app`,
    );
    expect(await query(urls.adminUrl, "select * from secrets")).toHaveLength(2);
    expect(await query(urls.url, "select * from secrets")).toEqual([]);
    expect(await query(urls.url, "set app.tenant = 'a'", "select * from secrets")).toEqual([{ tenant: "a" }]);
    for (const statement of [
      "create table mine (id int)",
      "create schema mine",
      "create role mine",
      "create database mine",
      "set row_security = off; select * from secrets",
      "insert into secrets values ('c')",
      "alter table secrets disable row level security",
      "set role clientele_owner",
      "set role clientele_finder",
      "set role postgres",
    ]) {
      await expect(query(urls.url, statement)).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("the owner works as the application, hands functions to the finder, and makes databases and extensions", async () => {
    expect(await query(urls.adminUrl, "set role clientele_app", "select current_user")).toEqual([
      { current_user: "clientele_app" },
    ]);
    await query(
      urls.adminUrl,
      "create function find() returns int language sql security definer as 'select 1'",
      "grant create on schema public to clientele_finder",
      "alter function find() owner to clientele_finder",
      "revoke create on schema public from clientele_finder",
      "create extension pg_trgm",
      "create extension btree_gin",
    );
    await query(urls.adminUrl, "create database another");
    const { url } = await ensureEmbeddedRoles(server.superuserUrl, dir, "another");
    expect(await query(url, "select current_database()")).toEqual([{ current_database: "another" }]);
  });

  test("a lost password file is replaced", async () => {
    fs.rmSync(path.join(dir, "cluster/gateway-password"));
    const renewed = await ensureEmbeddedRoles(server.superuserUrl, dir);
    expect(renewed.url).not.toBe(urls.url);
    expect(renewed.adminUrl).toBe(urls.adminUrl);
    expect(await isServing(urls.url)).toBe(false);
    expect(await isServing(renewed.url)).toBe(true);
    urls = renewed;
  });
});

describe("claimServer", () => {
  test("refuses a second server and names the first", async () => {
    const dir = aFolder();
    const running = aUser(dir);
    await running.tell("claim");
    const message = `A server (pid ${running.pid}, port 4321) is already running on ${dir}: stop it first`;
    expect(() => claimServer(dir, { port: 4000 })).toThrow(new ServerRunningError(dir, running.pid, 4321));
    expect(() => claimServer(dir)).toThrow(message);

    await running.end("kill");
    const claim = claimServer(dir, { port: 4000 });
    expect(() => claimServer(dir)).toThrow(`A server (pid ${process.pid}, port 4000) is already running on ${dir}`);
    claim.release();
    claimServer(dir).release();
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  test("a claim of an earlier process with a pid that is in use again does not count", () => {
    const dir = path.join(aFolder(), "not", "made", "yet");
    claimServer(dir).release();
    const stale = `server-${(identifyProcess() ?? "").replace(/-\d+/, "-17")}.01234567.json`;
    fs.writeFileSync(path.join(dir, stale), '{"port":4000}');
    const claim = claimServer(dir);
    expect(fs.readdirSync(dir)).not.toContain(stale);
    claim.release();
  });

  test("of many that claim at once exactly one succeeds", async () => {
    const dir = aFolder();
    const claimants = [1, 2, 3, 4].map(() => aUser(dir));
    const claims = await Promise.allSettled(claimants.map((claimant) => claimant.tell("claim")));
    expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await Promise.all(claimants.map((claimant) => claimant.end("kill")));
  });
});
