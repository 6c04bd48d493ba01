import "reflect-metadata";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { Writable } from "node:stream";
import { Command } from "commander";
import { addImportCommand } from "../../src/cli/import";
import { showProgress } from "../../src/cli/import-progress";
import { withClient } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { holdCode, ImportFolder, importCustomers, readRejected } from "./import-customers";

const REPOSITORY = path.resolve(__dirname, "../..");

let gateway: TestGateway;
const folder = new ImportFolder();
const children: ChildProcess[] = [];
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(async () => {
  folder.remove();
  await gateway.close();
});

const people = (count: number): { name: string }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `Person ${String(index + 1).padStart(4, "0")}` }));

const environment = (): NodeJS.ProcessEnv => ({
  DATABASE_URL: gateway.database.url,
  DATABASE_ADMIN_URL: gateway.database.adminUrl,
  DATA_DIR: folder.dir,
});

/** Runs the command in this process. */
async function run(...args: string[]): Promise<{ code: number; out: string; error: string | undefined }> {
  const { env, exitCode } = process;
  const out: string[] = [];
  const log = jest.spyOn(console, "log").mockImplementation((text: string) => void out.push(text));
  const said = jest.spyOn(console, "error").mockImplementation((text: string) => void out.push(text));
  process.env = { ...env, ...environment() };
  process.exitCode = 0;
  let error: string | undefined;
  try {
    const program = new Command().exitOverride();
    addImportCommand(program);
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
    await program.parseAsync(["node", "clientele", "import", ...args]);
  } catch (failure) {
    error = (failure as Error).message;
  } finally {
    log.mockRestore();
    said.mockRestore();
    process.env = env;
  }
  const code = error === undefined ? process.exitCode : 1;
  process.exitCode = exitCode;
  return { code, out: out.join("\n"), error };
}

async function names(tenant: TestTenant): Promise<string[]> {
  const rows = await withClient(gateway.database.adminUrl, (client) =>
    client.query<{ name: string }>("select name from customers where tenant_id = $1 order by name", [tenant.id]),
  );
  return rows.rows.map(({ name }) => name);
}

test("tells what came of it, and exits with 0 only where nothing was rejected", async () => {
  const tenant = await gateway.aTenant();
  const good = folder.write([{ name: "Ada" }, { name: "Bo" }]);
  const first = await run(good, "--tenant", tenant.code);
  expect(first).toMatchObject({ code: 0, error: undefined });
  expect(first.out).toMatch(/^Imported \S+ into \S+: 2 created, 0 rejected in \d+\.\d s \([\d,]+ customers\/s\)\.$/);
  const second = await run(good, "--tenant", tenant.code);
  expect(second.code).toBe(0);
  expect(second.out).toMatch(/was imported into \S+ before \(.*Z\): 2 created, 0 rejected. Nothing was done; --again/);
  expect((await run(good, "--tenant", tenant.code, "--again")).out).toContain("2 created");

  const bad = folder.write([{ name: "Carl" }, { name: "Dora", email: "x" }]);
  const dry = await run(bad, "--tenant", tenant.code, "--dry-run");
  expect(dry.code).toBe(1);
  expect(dry.out).toMatch(
    /^Checked \S+: it would be 1 created, 1 rejected .* Nothing was kept\.\nThe rejected rows, .*: \S+$/,
  );
  const mixed = await run(bad, "--tenant", tenant.code, "--rejected", path.join(folder.dir, "elsewhere.jsonl"));
  expect(mixed.code).toBe(1);
  expect(fs.existsSync(path.join(folder.dir, "elsewhere.jsonl"))).toBe(true);
  expect(await run(bad, "--tenant", tenant.code)).toMatchObject({ code: 1 });
  expect(await names(tenant)).toEqual(["Ada", "Ada", "Bo", "Bo", "Carl"]);
});

test("fails in one clear line", async () => {
  const tenant = await gateway.aTenant();
  const file = folder.write([{ name: "Ada" }]);
  const failures: [args: string[], message: string][] = [
    [[path.join(folder.dir, "nowhere.jsonl"), "--tenant", tenant.code], "There is no file "],
    [[folder.dir, "--tenant", tenant.code], "is a folder"],
    [[file, "--tenant", "nobody"], 'There is no tenant "nobody"'],
    [[file, "--tenant", tenant.code, "--batch", "0"], "whole number from 1 to 5000"],
    [[file, "--tenant", tenant.code, "--rejected", file], "another file"],
    [[file, "--tenant", tenant.code, "--rejected", "/nowhere/x.jsonl"], "cannot be written"],
    [[file], "--tenant"],
  ];
  for (const [args, message] of failures) {
    const { code, error } = await run(...args);
    expect([code, error]).toEqual([1, expect.stringContaining(message)]);
    expect(error).not.toContain("\n");
  }
});

describe("in a process of its own", () => {
  /** Starts the command. */
  const start = (...args: string[]): ChildProcess => {
    const command = ["-r", "@swc-node/register", "src/cli/main.ts", "import", ...args];
    const child = spawn(process.execPath, command, {
      cwd: REPOSITORY,
      env: { ...process.env, ...environment() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    return child;
  };

  const progress = (tenant: TestTenant): Promise<{ line: number; created: number } | undefined> =>
    withClient(gateway.database.adminUrl, async (client) => {
      const sql = "select line, created_count as created from import_runs where tenant_id = $1";
      return (await client.query<{ line: number; created: number }>(sql, [tenant.id])).rows[0];
    });

  test("killed in the middle of a batch, and stopped by Ctrl-C, it brings each customer in once", async () => {
    const tenant = await gateway.aTenant();
    const codes: Record<number, string> = { 115: "FIRST", 235: "SECOND" };
    const rows = people(400).map((row, index) => ({
      ...row,
      ...(index % 100 === 1 && { email: "wrong" }),
      ...(codes[index] && { code: codes[index] }),
    }));
    const file = folder.write(rows);
    const command = [file, "--tenant", tenant.code, "--batch", "10"];

    // The batch with the code waits for who has it: there the process is killed.
    const first = await holdCode(gateway.database.superuserUrl, tenant, "FIRST");
    const killed = start(...command);
    await first.wanted();
    killed.kill("SIGKILL");
    await once(killed, "exit");
    await first.end("rollback");
    expect(await progress(tenant)).toEqual({ line: 110, created: 108 });
    expect(await names(tenant)).toHaveLength(108);

    // The batch that is under way when it is stopped is brought to its end.
    const second = await holdCode(gateway.database.superuserUrl, tenant, "SECOND");
    const stopped = start(...command);
    let out = "";
    for (const stream of [stopped.stdout, stopped.stderr])
      stream?.on("data", (text: Buffer) => (out += text.toString()));
    await second.wanted();
    stopped.kill("SIGINT");
    await second.end("rollback");
    expect(await once(stopped, "close")).toEqual([130, null]);
    expect(out).toContain("The first 110 lines were imported before: going on after them.");
    expect(out).toContain("Stopped after line 240: the same command goes on from there.");
    expect(await progress(tenant)).toEqual({ line: 240, created: 237 });

    expect(await importCustomers(gateway.app, tenant, file)).toMatchObject({ outcome: "finished" });
    expect(await names(tenant)).toEqual(rows.filter((row) => !("email" in row)).map(({ name }) => name));
    expect(readRejected(file)?.map(({ line }) => line)).toEqual([2, 102, 202, 302]);
  }, 60_000);
});

describe("progress", () => {
  class Terminal extends Writable {
    text = "";

    constructor(readonly isTTY: boolean) {
      super();
    }

    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      this.text += chunk.toString();
      done();
    }
  }

  const at = (end: number) => ({ line: end, end, created: end, updated: 0, rejected: 0 });

  test("is a bar on a terminal", () => {
    const stream = new Terminal(true);
    const display = showProgress({ sizeBytes: 4000, startBytes: 0, stream });
    display.update(at(2000));
    display.stop();
    expect(stream.text).toContain("█");
    expect(stream.text).toContain("50% | 2,000 created, 0 rejected");
  });

  test("is a line every few seconds elsewhere", () => {
    const stream = new Terminal(false);
    let now = 0;
    const display = showProgress({ sizeBytes: 4000, startBytes: 0, stream, now: () => now });
    for (const [time, end] of [
      [1000, 500],
      [6000, 1000],
      [7000, 2000],
      [12_000, 3000],
    ] as const) {
      now = time;
      display.update(at(end));
    }
    display.stop();
    expect(stream.text).toBe(
      "Line 1,000 (25 %): 1,000 created, 0 rejected\nLine 3,000 (75 %): 3,000 created, 0 rejected\n",
    );
  });
});
