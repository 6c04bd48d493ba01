import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type BackupContents } from "../../src/backup/backup-contents";
import { readBackupFile, writeBackupFile } from "../../src/backup/backup-file";

const CONTENTS: BackupContents = {
  takenAt: "2026-01-31T12:00:00.000Z",
  serverVersion: 15,
  encoding: "UTF8",
  migrations: ["First1"],
  tenants: 2,
  tables: { customers: 3, tenants: 2 },
  keyIds: ["k1"],
  roles: ["clientele_app"],
  functions: { "public.f()": "clientele_finder" },
};
const ARCHIVE = Buffer.concat([Buffer.from("PGDMP"), Buffer.alloc(5000, 7)]);

let folder: string;
let file: string;
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-backup-file-"));
  file = path.join(folder, "a.backup");
  await writeBackupFile(file, (draft) => {
    fs.writeFileSync(draft, ARCHIVE);
    return Promise.resolve(CONTENTS);
  });
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test("a backup begins with its archive as it is, is its account's alone, and says what it holds", async () => {
  expect(fs.readFileSync(file).subarray(0, ARCHIVE.length)).toEqual(ARCHIVE);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(await readBackupFile(file)).toEqual(CONTENTS);
  expect(fs.readdirSync(folder)).toEqual(["a.backup"]);
});

test("one that failed leaves nothing, and one that is there is not written over", async () => {
  const failing = writeBackupFile(path.join(folder, "b.backup"), (draft) => {
    fs.writeFileSync(draft, "half of it");
    return Promise.reject(new Error("the disk is full"));
  });
  await expect(failing).rejects.toThrow("the disk is full");
  const before = fs.readFileSync(file);
  await expect(writeBackupFile(file, () => Promise.resolve(CONTENTS))).rejects.toThrow("a.backup exists already");
  expect(fs.readFileSync(file)).toEqual(before);
  expect(fs.readdirSync(folder)).toEqual(["a.backup"]);
});

test("whatever its length it is cut to, and whichever part is changed, it is told as not whole", async () => {
  const whole = fs.readFileSync(file);
  for (const length of [whole.length - 1, whole.length - 30, ARCHIVE.length + 10, ARCHIVE.length, 5]) {
    fs.writeFileSync(file, whole.subarray(0, length));
    await expect(readBackupFile(file)).rejects.toThrow("is not whole");
  }
  for (const at of [100, ARCHIVE.length + 20, ARCHIVE.length + 1]) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    fs.writeFileSync(file, changed);
    await expect(readBackupFile(file)).rejects.toThrow("is not whole");
  }
  for (const other of ["", "something else"]) {
    fs.writeFileSync(file, other);
    await expect(readBackupFile(file)).rejects.toThrow("is no backup");
  }
});
