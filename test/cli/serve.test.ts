import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const START_MS = 90_000;

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), "clientele-serve-"));
  chmodSync(dataDir, 0o755);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  /** Both streams, as they come. */
  readonly output: () => string;
  readonly ended: () => Promise<number | null>;
}

function clientele(...args: string[]): Run {
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], DATA_DIR: dataDir, PORT: "0", DRAIN_MS: "0" };
  const child = spawn(process.execPath, ["-r", "@swc-node/register", "src/cli/main.ts", ...args], { env });
  let text = "";
  const collect = (chunk: Buffer): void => {
    text += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exit = once(child, "close") as Promise<[number | null]>;
  return { child, output: () => text, ended: async () => (await exit)[0] };
}

async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  deadlineMs: number,
  what: () => string,
): Promise<T> {
  for (const deadline = Date.now() + deadlineMs; Date.now() < deadline; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`Waited in vain: ${what()}`);
}

async function started(run: Run): Promise<{ url: string; token: string }> {
  return until(
    () => {
      const url = /GraphQL +(\S+)/.exec(run.output())?.[1];
      const token = /API key +(ck_\S+)/.exec(run.output())?.[1];
      if (run.child.exitCode !== null) throw new Error(`It ended: ${run.output()}`);
      return url && token && run.output().includes("curl") ? { url, token } : undefined;
    },
    START_MS,
    run.output,
  );
}

async function ask(url: string, token: string, query: string): Promise<{ status: number; body: any }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: await response.json() };
}

/** Processes that work in or on the data folder: PostgreSQL and its guard. */
function processesOn(dir: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return commandLine.includes(dir) ? [`${pid} ${commandLine.replaceAll("\0", " ")}`] : [];
      } catch {
        return [];
      }
    });
}

test(
  "makes the demo, answers with the printed key, survives kill -9, refuses a second server, and leaves nothing running",
  async () => {
    const first = clientele("serve");
    const { url, token } = await started(first);
    expect(first.output()).toContain("Making demo customers: 500 of 500");
    expect(first.output()).toMatch(/encrypted with a key of this machine's own: \S+encryption-keys\n/);
    const query = `{ customers(first: 2, filter: { hasActiveWorkOrders: true }) {
      totalCount nodes { name contacts { name } workOrders(first: 1) { nodes { title asset { name } } } } } }`;
    const { body } = await ask(url, token, query);
    expect(body.errors).toBeUndefined();
    expect(body.data.customers.totalCount).toBeGreaterThan(50);
    expect(body.data.customers.nodes[0].workOrders.nodes).toHaveLength(1);

    const second = clientele("serve");
    expect(await second.ended()).toBe(1);
    expect(second.output()).toMatch(new RegExp(`^clientele: A server \\(pid ${first.child.pid}.*already running`, "m"));

    first.child.kill("SIGKILL");
    await first.ended();
    const third = clientele("serve");
    const again = await started(third);
    expect(again.token).not.toBe(token);
    expect((await ask(again.url, again.token, "{ customers { totalCount } }")).body.data.customers.totalCount).toBe(
      500,
    );
    expect((await ask(again.url, token, "{ viewer { credential } }")).status).toBe(401);

    // A command works on the same database beside the server; a key that it revokes is dead within five seconds.
    const made = clientele(
      "key",
      "create",
      "--tenant",
      "demo",
      "--name",
      "other",
      "--scope",
      "customers:read",
      "--json",
    );
    expect(await made.ended()).toBe(0);
    const other = JSON.parse(made.output()) as { id: string; token: string };
    expect((await ask(again.url, other.token, "{ viewer { credential } }")).body.data.viewer.credential).toBe("other");
    expect(await clientele("key", "revoke", other.id).ended()).toBe(0);
    const revokedAt = Date.now();
    await until(
      async () => ((await ask(again.url, other.token, "{ viewer { credential } }")).status === 401 ? true : undefined),
      5000,
      () => `the key still works after ${Date.now() - revokedAt} ms`,
    );

    third.child.kill("SIGTERM");
    expect(await third.ended()).toBe(0);
    if (process.platform === "linux") expect(processesOn(dataDir)).toEqual([]);
  },
  3 * START_MS,
);

test(
  "says in one line what is wrong, and exits non-zero",
  async () => {
    const unknown = clientele("key", "create", "--tenant", "nobody", "--name", "x", "--scope", "*");
    expect(await unknown.ended()).toBe(1);
    expect(unknown.output()).toBe('clientele: There is no tenant "nobody". List them with: clientele tenant list\n');
    const scope = clientele("key", "create", "--tenant", "demo", "--name", "x", "--scope", "everything");
    expect(await scope.ended()).toBe(1);
    expect(scope.output()).toMatch(/^clientele: There is no scope "everything"\./);
  },
  START_MS,
);
