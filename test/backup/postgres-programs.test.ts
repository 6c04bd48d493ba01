import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { findPrograms, startProgram } from "../../src/backup/postgres-programs";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-programs-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const program = (name: string, script: string): void =>
  fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

test("a program of the server's version or newer will do; else it says what to install", async () => {
  await expect(findPrograms(["pg_dump"], 15, { pgBin: folder })).rejects.toThrow(
    `This needs pg_dump of PostgreSQL 15 or newer, and none was found in ${folder}. Install PostgreSQL's client programs (Debian: postgresql-client-15), or name their folder with PG_BIN.`,
  );
  program("pg_dump", "echo 'pg_dump (PostgreSQL) 16.3 (Debian 16.3-1)'");
  expect(await findPrograms(["pg_dump"], 15, { pgBin: folder })).toEqual({ folder, version: 16 });
  await expect(findPrograms(["pg_dump"], 17, { pgBin: folder })).rejects.toThrow(
    `pg_dump of PostgreSQL 17 or newer, and the newest found is 16, in ${folder}.`,
  );
  await expect(findPrograms(["pg_dump", "psql"], 15, { pgBin: folder })).rejects.toThrow("none was found");
});

test("a program gets the password by its environment alone, and what it complains of is told", async () => {
  const said = path.join(folder, "said");
  program("pg_dump", `echo "$@" "[$PGPASSWORD]" "[$ENCRYPTION_KEYS]" > ${said}; echo "no room" >&2; exit 3`);
  process.env["ENCRYPTION_KEYS"] = "secret";
  try {
    const url = "postgres://me:p%40ss@host:1234/db?sslmode=no-verify&application_name=x&uselibpqcompat=true";
    const { done } = startProgram({ folder, version: 15 }, "pg_dump", ["--a"], {
      url,
      signal: new AbortController().signal,
    });
    await expect(done).rejects.toThrow("pg_dump failed (3): no room");
  } finally {
    delete process.env["ENCRYPTION_KEYS"];
  }
  expect(fs.readFileSync(said, "utf8").trim()).toBe(
    "--a --no-password --dbname=postgres://me@host:1234/db?sslmode=require [p@ss] []",
  );
});
