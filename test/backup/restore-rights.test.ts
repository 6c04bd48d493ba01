import { randomBytes } from "node:crypto";
import { type BackupContents } from "../../src/backup/backup-contents";
import { examineRestore } from "../../src/backup/restore";
import { createTestDatabase, type TestDatabase, withClient } from "../support/database";

const CONTENTS: BackupContents = {
  takenAt: "2026-01-31T12:00:00.000Z",
  serverVersion: 15,
  encoding: "UTF8",
  migrations: [],
  tenants: 0,
  tables: {},
  keyIds: [],
  roles: ["clientele_app", "clientele_finder"],
  functions: {},
};

let database: TestDatabase;
let login: string;
let name: string;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  name = new URL(database.url).pathname.slice(1);
  login = `test_restorer_${randomBytes(6).toString("hex")}`;
  await asSuperuser(`create role ${login} login password 'test'`);
});
afterEach(async () => {
  await asSuperuser(
    `drop owned by ${login} cascade`,
    `alter database ${name} owner to current_user`,
    `drop role ${login}`,
  );
  await database.drop();
});

const asSuperuser = (...statements: string[]): Promise<void> =>
  withClient(database.superuserUrl, async (client) => {
    for (const statement of statements) await client.query(statement);
  });

const examine = (contents = CONTENTS): ReturnType<typeof examineRestore> => {
  const url = new URL(database.url);
  url.username = login;
  url.password = "test";
  const signal = new AbortController().signal;
  return examineRestore({ file: "", contents, url: url.href, config: { pgBin: undefined }, signal });
};

test("says every right that is lacking with the SQL that gives it, and that SQL is enough", async () => {
  const other = `test_reader_${randomBytes(6).toString("hex")}`;
  const contents = { ...CONTENTS, roles: [...CONTENTS.roles, other] };
  const refusal = await examine(contents).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
  expect(refusal).toContain(`The restore was not begun: ${login} does not own the database ${name}; `);
  expect(refusal).toContain(`the role clientele_app is not granted to ${login}; `);
  expect(refusal).toContain(`the role ${other} is missing, and ${login} may make none.`);
  const sql = refusal.split("\n").slice(1);
  expect(sql).toHaveLength(4);
  await asSuperuser(...sql);
  try {
    expect(await examine(contents)).toMatchObject({ login, database: name, holds: [], lacks: [], rolesToMake: [] });
  } finally {
    await asSuperuser(`drop role ${other}`);
  }
});

test("refuses a database that is not empty, one of another encoding, and a backup of a newer version", async () => {
  await asSuperuser(`alter database ${name} owner to ${login}`, `grant clientele_app, clientele_finder to ${login}`);
  await expect(examine()).resolves.toMatchObject({ lacks: [] });
  await expect(examine({ ...CONTENTS, encoding: "LATIN1" })).rejects.toThrow(
    "has the encoding UTF8, the backup LATIN1",
  );
  await expect(examine({ ...CONTENTS, migrations: ["Later1"] })).rejects.toThrow(
    "The backup is of a newer Clientele (Later1): restore it with that version.",
  );
  await asSuperuser("create table left_over ()");
  await expect(examine()).rejects.toThrow(
    `The database ${name} is not empty: it holds left_over. Make an empty one: create database`,
  );
  await asSuperuser(
    "drop table left_over",
    "create schema other",
    "create function other.f() returns int language sql return 1",
  );
  await expect(examine()).rejects.toThrow("it holds f()");
});
