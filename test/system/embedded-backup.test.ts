import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runCommand } from "../support/server-process";

/* The commands as a user runs them on the embedded database. */

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-embedded-backup-"));
  fs.chmodSync(root, 0o755);
});
afterAll(() => fs.rmSync(root, { recursive: true }));

/** Runs a command on a data folder below the root. */
async function run(data: string, ...words: string[]): Promise<{ code: number | null; output: string }> {
  const { output, ended } = runCommand({ url: "", adminUrl: "" } as never, words, {
    DATA_DIR: path.join(root, data),
    CLIENTELE_EMBEDDED_ROOT: path.join(root, "clusters"),
    ENCRYPTION_KEYS: "",
  });
  const code = await ended;
  return { code, output: output() };
}

test("a backup of the stopped database is a folder without keys, and goes where no database is", async () => {
  const backup = path.join(root, "backup");
  expect(await run("first", "backup", "--to", backup)).toMatchObject({
    code: 1,
    output: expect.stringContaining("There is no embedded database in"),
  });
  const secret = Buffer.alloc(32, 7).toString("base64");
  fs.mkdirSync(path.join(root, "first"), { recursive: true });
  fs.writeFileSync(path.join(root, "first/encryption-keys"), `mine:${secret}\n`);
  await run("first", "tenant", "create", "acme", "--name", "Acme");
  const made = await run("first", "client", "create", "--tenant", "acme", "--name", "c", "--scope", "*"); // seals a secret
  expect(made.code).toBe(0);

  const backedUp = await run("first", "backup", "--to", backup);
  expect(backedUp.output).toMatch(/signing_clients +1\n/);
  expect(backedUp).toMatchObject({ code: 0, output: expect.stringContaining("The encryption keys are not in it") });
  expect(fs.readdirSync(root).sort()).toEqual(expect.arrayContaining(["backup", "first"]));
  expect(fs.statSync(backup).mode & 0o777).toBe(0o700);
  const files = fs.readdirSync(backup, { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => /encryption-keys|postmaster\.pid|users-/.test(name))).toEqual([]);

  expect(await run("first", "restore", backup)).toMatchObject({
    code: 1,
    output: expect.stringContaining("holds a database already"),
  });
  const withoutKey = await run("second", "restore", backup);
  expect(withoutKey).toMatchObject({ code: 1, output: expect.stringMatching(/lacks "mine", with which data/) });
  expect(fs.existsSync(path.join(root, "second/postgres"))).toBe(false);
  fs.mkdirSync(path.join(root, "second"), { recursive: true });
  fs.copyFileSync(path.join(root, "first/encryption-keys"), path.join(root, "second/encryption-keys"));
  expect(await run("second", "restore", backup)).toMatchObject({
    code: 0,
    output: expect.stringContaining("Restored; every table has the rows that the backup counts."),
  });
  const lists = await Promise.all(["first", "second"].map((data) => run(data, "client", "list", "--json")));
  expect(lists[1]).toEqual(lists[0]);
  expect(lists[0]?.output).toContain('"tenant":"acme"');
}, 60_000);

test("while a server runs on it there is none", async () => {
  const { child, output, ended } = runCommand({ url: "", adminUrl: "" } as never, ["serve"], {
    DATA_DIR: path.join(root, "served"),
    CLIENTELE_EMBEDDED_ROOT: path.join(root, "clusters"),
    ENCRYPTION_KEYS: "",
    DEMO: "false",
    PORT: "0",
  });
  while (!output().includes("Clientele is ready") && child.exitCode === null)
    await new Promise((resolve) => child.stdout?.once("data", resolve));
  const backup = path.join(root, "of-a-running-one");
  const refused = await run("served", "backup", "--to", backup);
  child.kill("SIGINT");
  await ended;
  expect(refused).toMatchObject({
    code: 1,
    output: expect.stringMatching(/A server \(pid \d+.*is already running on/),
  });
  expect(fs.existsSync(backup)).toBe(false);
}, 60_000);
