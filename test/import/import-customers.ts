import "reflect-metadata";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Readable } from "node:stream";
import { Client } from "pg";
import { type App } from "../../src/app";
import { CustomerImportService, type ImportOrder, type ImportResult } from "../../src/import/customer-import.service";
import { CustomerRowReader } from "../../src/import/customer-rows";
import { ImportSource } from "../../src/import/import-source";
import { readJsonLines } from "../../src/import/json-lines";
import { RejectedRows } from "../../src/import/rejected-rows";
import { withClient } from "../support/database";

/** A line of the file of rejected rows. */
export interface RejectedLine {
  readonly line: number;
  readonly problems: readonly {
    path: (string | number)[];
    code: string;
    message: string;
    existing?: { id: string; code: string };
  }[];
  readonly row?: unknown;
  readonly text?: string;
}

/** A folder for the files of a test file; to be removed at its end. */
export class ImportFolder {
  readonly dir = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-import-test-"));
  private files = 0;

  /** A file of its own for each test, a row a line; texts stand as they are. */
  write(rows: readonly (object | string)[], end = "\n"): string {
    const file = path.join(this.dir, `customers-${++this.files}.jsonl`);
    fs.writeFileSync(file, toLines(rows) + end);
    return file;
  }

  remove(): void {
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

export function toLines(rows: readonly (object | string)[]): string {
  return rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");
}

/** Imports a file as the command does, without a process of its own. @param stdin for the file `-` */
export async function importCustomers(
  app: App,
  tenant: { readonly id: string },
  file: string,
  options: Partial<ImportOrder> & { readonly stdin?: Readable } = {},
): Promise<ImportResult> {
  const { stdin, ...order } = options;
  const source = await ImportSource.open(file, stdin);
  try {
    return await importServiceOf(app).import({
      tenantId: tenant.id,
      source,
      readRows: readJsonLines,
      rejectedRows: new RejectedRows(rejectedFileOf(file)),
      batchSize: 500,
      ...order,
    });
  } finally {
    await source.close();
  }
}

export function importServiceOf(app: App): CustomerImportService {
  return new CustomerImportService(app.database, app.services.customers.update, new CustomerRowReader(app.schema));
}

export function rejectedFileOf(file: string): string {
  return file.replace(/\.jsonl$/, ".rejected.jsonl");
}

/** A transaction that has taken a code and not ended yet: whoever wants the code waits for it. */
export interface HeldCode {
  /** Until somebody waits. */
  wanted(): Promise<void>;
  end(how: "commit" | "rollback"): Promise<void>;
}

export async function holdCode(url: string, tenant: { readonly id: string }, code: string): Promise<HeldCode> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query(
    `insert into customers (tenant_id, id, search_text, code, code_key, code_folded, kind, name, name_folded, name_is_derived)
     values ($1, gen_random_uuid(), '', $2, lower($2), lower($2), 'PERSONAL', 'Quicker', 'quicker', false)`,
    [tenant.id, code],
  );
  return {
    wanted: () =>
      withClient(url, async (other) => {
        const waiting =
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while ((await other.query(waiting)).rows.length === 0);
      }),
    end: async (how) => {
      await client.query(how);
      await client.end();
    },
  };
}

/** Undefined where there is no file of rejected rows. */
export function readRejected(file: string): RejectedLine[] | undefined {
  const rejected = rejectedFileOf(file);
  if (!fs.existsSync(rejected)) return undefined;
  const lines = fs.readFileSync(rejected, "utf8").split("\n");
  expect(lines.pop()).toBe(""); // the last one is whole
  return lines.map((line) => JSON.parse(line) as RejectedLine);
}
