import fs from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { type ImportRun } from "../../src/import/import-runs";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { withClient } from "../support/database";
import { holdCode, ImportFolder, importCustomers, readRejected, rejectedFileOf, toLines } from "./import-customers";

let gateway: TestGateway;
let statements: string[] = [];
const folder = new ImportFolder();
beforeAll(async () => {
  gateway = await startGateway({ onStatement: (sql) => statements.push(sql) });
});
afterAll(async () => {
  folder.remove();
  await gateway.close();
});

const importFile = (tenant: TestTenant, file: string, options: Parameters<typeof importCustomers>[3] = {}) =>
  importCustomers(gateway.app, tenant, file, options);

const people = (count: number, prefix = "P"): object[] =>
  Array.from({ length: count }, (_, index) => ({ code: `${prefix}-${index + 1}`, name: `Person ${index + 1}` }));

/** Names without codes: what is imported twice is there twice. */
const nameless = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({ name: `Person ${String(index + 1).padStart(3, "0")}` }));

interface Page {
  nodes: { name: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

async function names(tenant: TestTenant): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = null; ;) {
    const { customers }: { customers: Page } = await tenant.run(
      `query ($after: String) { customers(first: 100, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    found.push(...customers.nodes.map(({ name }) => name));
    if (!customers.pageInfo.hasNextPage) return found.sort();
    after = customers.pageInfo.endCursor;
  }
}

async function count(tenant: TestTenant): Promise<number> {
  return (await tenant.run<{ customers: { totalCount: number } }>("{ customers { totalCount } }")).customers.totalCount;
}

test("imports customers with what is nested in them", async () => {
  const tenant = await gateway.aTenant();
  const file = folder.write([
    { code: "A", name: "Ada", contacts: [{ name: "Bo", isPrimary: true }], bankAccounts: [{ accountNumber: "12345" }] },
    { firstName: "Carl", lastName: "Dorn", phones: ["+84 912 345 678"], tags: ["x"] },
  ]);
  expect(await importFile(tenant, file)).toMatchObject({ outcome: "finished", created: 2, rejected: 0, line: 2 });
  const { customers } = await tenant.run(
    "{ customers { nodes { code name phone tags contacts { name isPrimary } bankAccounts { accountNumber } } } }",
  );
  expect(customers.nodes).toEqual([
    {
      code: "A",
      name: "Ada",
      phone: null,
      tags: [],
      contacts: [{ name: "Bo", isPrimary: true }],
      bankAccounts: [{ accountNumber: "12345" }],
    },
    { code: "C-10001", name: "Carl Dorn", phone: "+84912345678", tags: ["x"], contacts: [], bankAccounts: [] },
  ]);
  expect(readRejected(file)).toBeUndefined();
});

describe("rejected rows", () => {
  test("are told with their line and everything that is wrong, and the others are imported", async () => {
    const tenant = await gateway.aTenant();
    await tenant.run(`mutation { createCustomer(input: { code: "taken", name: "Before" }) { id } }`);
    const wrong = {
      code: "B",
      kind: "FIRM",
      email: "no address",
      nickname: "x",
      status: "golden",
      phones: ["12"],
      contacts: [{ name: "Fine" }, { email: "nor this" }],
      customFields: [{ value: 1 }],
    };
    const file = folder.write([
      { code: "A", name: "Ada" },
      wrong,
      "{ code: 1 }",
      { code: "TAKEN", name: "Again" },
      "",
      { code: "a", name: "Same code" },
      "5",
      { code: "Z", name: "Zoe" },
    ]);
    expect(await importFile(tenant, file)).toMatchObject({ created: 2, rejected: 5, line: 8 });
    expect(await names(tenant)).toEqual(["Ada", "Before", "Zoe"]);

    const rejected = readRejected(file) ?? [];
    expect(rejected.map(({ line }) => line)).toEqual([2, 3, 4, 6, 7]);
    const [everything, notJson, taken, repeated, number] = rejected;
    expect(everything?.row).toEqual(wrong);
    const at = everything?.problems.map(({ path, code }) => [path.join("."), code]);
    expect(at).toEqual(
      expect.arrayContaining([
        ["kind", "INVALID_VALUE"],
        ["email", "INVALID_EMAIL"],
        ["nickname", "INVALID_VALUE"],
        ["status", "UNKNOWN_CODE"],
        ["phones.0", "INVALID_PHONE"],
        ["contacts.1.name", "REQUIRED"],
        ["contacts.1.email", "INVALID_EMAIL"],
        ["customFields.0.field", "REQUIRED"],
      ]),
    );
    expect(at).toHaveLength(8);
    expect(everything?.problems.every(({ message }) => message.length > 0)).toBe(true);
    expect(notJson).toMatchObject({ text: "{ code: 1 }", problems: [{ path: [], code: "INVALID_JSON" }] });
    expect(taken?.problems).toEqual([
      {
        path: ["code"],
        code: "CODE_TAKEN",
        message: expect.any(String),
        existing: { id: expect.any(String), code: "taken" },
      },
    ]);
    expect(repeated?.problems).toMatchObject([{ path: ["code"], code: "CODE_ON_LINE" }]);
    expect(repeated?.problems[0]?.message).toContain("Line 1 ");
    expect(number).toMatchObject({ row: 5, problems: [{ path: [] }] });
    expect(fs.statSync(rejectedFileOf(file)).mode & 0o777).toBe(0o600);
  });

  test("a row that is wrong in one thing is told that its code is taken as well", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write([
      { code: "A", email: "wrong" },
      { code: "B", name: "Bo" },
      { code: "b", email: "wrong" },
    ]);
    await importFile(tenant, file, { batchSize: 2 });
    expect(readRejected(file)?.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ["INVALID_EMAIL"],
      ["INVALID_EMAIL", "CODE_TAKEN"],
    ]);
  });

  test("mended in their file, they are imported from it as it is", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write([{ name: "Ada", email: "ada@" }, "{", { name: "Bo" }]);
    await importFile(tenant, file);
    const rejected = fs.readFileSync(rejectedFileOf(file), "utf8");
    fs.writeFileSync(rejectedFileOf(file), rejected.replace("ada@", "ada@example.com"));
    expect(await importFile(tenant, rejectedFileOf(file))).toMatchObject({ created: 1, rejected: 1 });
    expect(await names(tenant)).toEqual(["Ada", "Bo"]);
  });

  test("keep their digits and their blanks: the row is written as it was", async () => {
    const tenant = await gateway.aTenant();
    const row = '{"name":"  Ada ","email":"x","customFields":[{"field":"f","value":12345678901234567890.10}]}';
    const file = folder.write([row]);
    await importFile(tenant, file);
    expect(fs.readFileSync(rejectedFileOf(file), "utf8")).toContain(`"row":${row}}`);
  });

  test("a file of an earlier import goes when nothing is rejected any more", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write([{ email: "x" }]);
    await importFile(tenant, file);
    fs.writeFileSync(file, '{"email":"x@example.com"}\n');
    await importFile(tenant, file);
    expect(readRejected(file)).toBeUndefined();
  });

  test("are refused where their file is none that can be replaced", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write(people(1));
    fs.symlinkSync("/etc/passwd", rejectedFileOf(file));
    await expect(importFile(tenant, file)).rejects.toThrow("is no ordinary file");
    expect(await count(tenant)).toBe(0);
  });
});

describe("a dry run", () => {
  test("tells the same and keeps nothing: no customer, no number of a code, no progress", async () => {
    const tenant = await gateway.aTenant();
    const rows = [...people(5), { name: "No code" }, { email: "x" }, { code: "p-2", name: "Again" }];
    const file = folder.write(rows);
    const counters = `select t.last_number from code_counters t where t.tenant_id = '${tenant.id}'`;
    const runs = `select t.id from import_runs t where t.tenant_id = '${tenant.id}'`;
    const stored = (sql: string) => withClient(gateway.database.adminUrl, async (c) => (await c.query(sql)).rows);

    expect(await importFile(tenant, file, { dryRun: true, batchSize: 3 })).toMatchObject({ created: 6, rejected: 2 });
    expect(readRejected(file)?.map(({ line, problems }) => [line, problems.map(({ code }) => code)])).toEqual([
      [7, ["INVALID_EMAIL"]],
      [8, ["CODE_ON_LINE"]],
    ]);
    expect(await count(tenant)).toBe(0);
    expect(await stored(counters)).toEqual([]);
    expect(await stored(runs)).toEqual([]);

    expect(await importFile(tenant, file, { batchSize: 3 })).toMatchObject({ created: 6, rejected: 2 });
    expect(readRejected(file)?.map(({ line }) => line)).toEqual([7, 8]);
    expect(await stored(counters)).toEqual([{ last_number: "10001" }]);
  });
});

describe("an interrupted import", () => {
  /** Ends after so many batches, as Ctrl-C does. */
  const stopAfter = (batches: number) => {
    const controller = new AbortController();
    let left = batches;
    const onProgress = (): void => {
      if (--left === 0) controller.abort();
    };
    return { signal: controller.signal, onProgress };
  };

  test("goes on after the last batch that was committed", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write([...nameless(20), { email: "x" }, ...nameless(30).slice(20)]);
    const first = await importFile(tenant, file, { batchSize: 7, ...stopAfter(2) });
    expect(first).toMatchObject({ outcome: "interrupted", created: 14, line: 14 });
    const told: ImportRun[] = [];
    const second = await importFile(tenant, file, { batchSize: 7, onResume: (run) => told.push(run) });
    expect(told).toMatchObject([{ line: 14, created: 14, rejected: 0 }]);
    expect(second).toMatchObject({ outcome: "finished", created: 16, rejected: 1 });
    expect(await names(tenant)).toEqual(nameless(30).map((row) => (row as { name: string }).name));
    expect(readRejected(file)?.map(({ line }) => line)).toEqual([21]);
  });

  test("is finished once: after that there is nothing to do, unless it is to be done again", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write([...nameless(3), { email: "x" }]);
    await importFile(tenant, file);
    const before = fs.readFileSync(rejectedFileOf(file));
    expect(await importFile(tenant, file)).toMatchObject({
      outcome: "imported before",
      created: 0,
      resumed: { created: 3, rejected: 1, finishedAt: expect.any(Date) },
    });
    expect(fs.readFileSync(rejectedFileOf(file))).toEqual(before);
    expect(await count(tenant)).toBe(3);

    expect(await importFile(tenant, file, { again: true, batchSize: 2, ...stopAfter(1) })).toMatchObject({
      created: 2,
    });
    expect(await importFile(tenant, file)).toMatchObject({ outcome: "finished", created: 1, rejected: 1 });
    expect(await count(tenant)).toBe(6);
  });

  test("is known by what was read, wherever the file lies, and another tenant's is not", async () => {
    const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
    const file = folder.write(nameless(6));
    await importFile(tenant, file, { batchSize: 2, ...stopAfter(2) });
    const moved = `${file}.moved.jsonl`;
    fs.renameSync(file, moved);
    expect(await importFile(tenant, moved)).toMatchObject({ created: 2 });
    expect(await importFile(other, moved)).toMatchObject({ created: 6 });
    expect([await count(tenant), await count(other)]).toEqual([6, 6]);
  });

  test("goes on with what was added to a file at its end", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write(nameless(2), "");
    await importFile(tenant, file);
    fs.appendFileSync(file, `\n${toLines(nameless(5).slice(2))}\n`);
    const result = await importFile(tenant, file);
    expect(result).toMatchObject({ outcome: "finished", created: 3, line: 5 });
    expect(await importFile(tenant, file)).toMatchObject({ outcome: "imported before" });
    expect(await count(tenant)).toBe(5);
  });

  test("is refused where what was read has changed since, unless all is to be imported again", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write(nameless(6));
    await importFile(tenant, file, { batchSize: 2, ...stopAfter(1) });
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("Person 001", "Person one"));
    await expect(importFile(tenant, file)).rejects.toThrow("has changed in its first 2 lines");
    expect(await count(tenant)).toBe(2);
    expect(await importFile(tenant, file, { again: true })).toMatchObject({ created: 6 });
  });

  test("of which two processes take hold, only one goes on", async () => {
    const tenant = await gateway.aTenant();
    const file = folder.write(nameless(40));
    const both = await Promise.allSettled([
      importFile(tenant, file, { batchSize: 5 }),
      importFile(tenant, file, { batchSize: 5 }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { message: expect.stringContaining("Another process") },
    });
    expect(await count(tenant)).toBe(40);
  });

  test("whose batch fails leaves nothing of it, and no rejected row twice", async () => {
    const tenant = await gateway.aTenant();
    const rows = nameless(4).flatMap((row) => [row, { email: "x" }]);
    const file = folder.write(rows);
    const before = fs.readFileSync(file);
    await importFile(tenant, file, { batchSize: 4, ...stopAfter(1) });
    const real = gateway.app.database.write.bind(gateway.app.database);
    const failing = jest.spyOn(gateway.app.database, "write").mockImplementation((tenantId, work, actor) =>
      real(
        tenantId,
        async (scope, transaction) => {
          await work(scope, transaction);
          throw new Error("The power went out before the commit");
        },
        actor,
      ),
    );
    await expect(importFile(tenant, file, { batchSize: 4 })).rejects.toThrow("The power went out");
    failing.mockRestore();
    expect(readRejected(file)?.map(({ line }) => line)).toEqual([2, 4, 6, 8]);
    expect(await count(tenant)).toBe(2);

    expect(fs.readFileSync(file)).toEqual(before);
    expect(await importFile(tenant, file, { batchSize: 4 })).toMatchObject({ created: 2, rejected: 2 });
    expect(readRejected(file)?.map(({ line }) => line)).toEqual([2, 4, 6, 8]);
    expect(await count(tenant)).toBe(4);
  });
});

test("a code that somebody else takes in the middle of a batch is a rejected row", async () => {
  const tenant = await gateway.aTenant();
  const file = folder.write(people(3));
  const held = await holdCode(gateway.database.superuserUrl, tenant, "p-2");
  const imported = importFile(tenant, file);
  await held.wanted();
  await held.end("commit");
  expect(await imported).toMatchObject({ created: 2, rejected: 1 });
  expect(readRejected(file)).toMatchObject([
    { line: 2, problems: [{ code: "CODE_TAKEN", existing: { code: "p-2" } }] },
  ]);
  expect(await names(tenant)).toEqual(["Person 1", "Person 3", "Quicker"]);
});

test("imports into one tenant leave the others as they are", async () => {
  const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
  await importFile(other, folder.write(people(2)));
  const read = "{ customers { nodes { id code name version updatedAt } } }";
  const before = await other.run(read);
  const file = folder.write(people(10));
  expect(await importFile(tenant, file)).toMatchObject({ created: 10, rejected: 0 });
  expect(await other.run(read)).toEqual(before);
});

test("reads standard input, which cannot go on where it stopped", async () => {
  const tenant = await gateway.aTenant();
  const cwd = process.cwd();
  process.chdir(folder.dir);
  try {
    const text = `\uFEFF${toLines(people(3))}\r\n\r\n`;
    const read = (): Readable => Readable.from([Buffer.from(text)]);
    expect(await importFile(tenant, "-", { stdin: read() })).toMatchObject({ created: 3 });
    expect(await importFile(tenant, "-", { stdin: read(), batchSize: 2 })).toMatchObject({ created: 0, rejected: 3 });
  } finally {
    process.chdir(cwd);
  }
});

test("stops where standard input has no more to say for now", async () => {
  const tenant = await gateway.aTenant();
  const stdin = new PassThrough();
  const controller = new AbortController();
  stdin.write(`${toLines(people(4))}\n{"na`);
  const result = await importFile(tenant, "-", {
    stdin,
    batchSize: 2,
    signal: controller.signal,
    onProgress: ({ line }) => line === 4 && controller.abort(),
  });
  expect(result).toMatchObject({ outcome: "interrupted", created: 4, rejected: 0 });
});

test("a batch takes as many statements for 500 rows as for 10", async () => {
  const used = async (rows: number): Promise<number> => {
    const tenant = await gateway.aTenant();
    await tenant.run(`mutation { createCustomerField(input: { code: "f", name: "F" }) { id } }`);
    const file = folder.write(
      Array.from({ length: rows }, (_, index) => ({
        ...(index % 2 ? { code: `C${index}` } : {}),
        name: "N",
        email: index % 5 === 3 ? "wrong" : "right@example.com",
        status: index % 5 === 4 ? "unknown" : null,
        phones: ["+84912345678"],
        tags: ["t"],
        contacts: [{ name: "Bo" }],
        bankAccounts: [{ accountNumber: "123456" }],
        customFields: [{ field: "f", value: "v" }],
      })),
    );
    statements = [];
    expect(await importFile(tenant, file, { batchSize: 500 })).toMatchObject({ rejected: (rows / 5) * 2 });
    return statements.length;
  };
  const forTen = await used(10);
  expect(await used(500)).toBe(forTen);
  expect(forTen).toBeLessThan(25);
});
