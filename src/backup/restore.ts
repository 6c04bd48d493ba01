import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Config } from "../config";
import { MIGRATION_NAMES } from "../database/data-source";
import { EXTENSIONS, Inspection, ROLES } from "../database/inspection";
import { literal, quoted, type BackupContents } from "./backup-contents";
import { BackupError } from "./backup-error";
import { findPrograms, startProgram, type PostgresPrograms, type RunningProgram } from "./postgres-programs";
import { examineTarget, type Target } from "./restore-rights";

/** What is left out of the archive's list: the schema is there, and its comments are its owner's; the policy names the owner of old. */
const LEFT_OUT =
  /^\d+; \d+ \d+ (SCHEMA - public|COMMENT - SCHEMA public|COMMENT - EXTENSION|POLICY public \S+ owner_reads) /;

/** A backup and where it is to go. */
export interface Restoring {
  readonly file: string;
  readonly contents: BackupContents;
  /** The login that is to own everything. */
  readonly url: string;
  readonly config: Pick<Config, "pgBin">;
  readonly signal: AbortSignal;
}

/** Looks whether a backup can be restored there. @throws BackupError saying all that is lacking, and the SQL that gives it */
export async function examineRestore({ contents, url }: Restoring): Promise<Target> {
  const newer = contents.migrations.filter((name) => !MIGRATION_NAMES.includes(name));
  if (newer.length > 0)
    throw new BackupError(`The backup is of a newer Clientele (${newer.join(", ")}): restore it with that version.`);
  const inspection = await Inspection.connect(url);
  try {
    const target = await examineTarget(inspection.rows, contents);
    if (target.holds.length > 0) {
      const few = target.holds.slice(0, 3).join(", ");
      throw new BackupError(
        `The database ${target.database} is not empty: it holds ${few}${target.holds.length > 3 ? ", …" : ""}. Make an empty one: ` +
          `create database <name> owner ${quoted(target.login)} template template0 encoding ${literal(contents.encoding)};`,
      );
    }
    if (target.encoding !== contents.encoding) {
      throw new BackupError(
        `The database ${target.database} has the encoding ${target.encoding}, the backup ${contents.encoding}. Make another: ` +
          `create database <name> owner ${quoted(target.login)} template template0 encoding ${literal(contents.encoding)};`,
      );
    }
    if (target.lacks.length > 0) {
      const what = target.lacks.map((lack) => lack.what).join("; ");
      const sql = target.lacks.map((lack) => lack.sql).join("\n");
      throw new BackupError(`The restore was not begun: ${what}. As an administrator, run in that database:\n${sql}`);
    }
    return target;
  } finally {
    await inspection.close();
  }
}

/**
 * Restores a backup in one transaction: all of it is there afterwards, or nothing. Roles come first, then tables, rows, which
 * are counted, indexes, keys and policies, and what belongs to others than the owner.
 * @throws BackupError where it fails; then the database is as empty as before
 */
export async function restore(restoring: Restoring, target: Target): Promise<void> {
  const { config, contents, signal, url, file } = restoring;
  const programs = await findPrograms(
    ["pg_restore", "psql"],
    Math.max(contents.serverVersion, target.serverVersion),
    config,
  );
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "clientele-restore-"));
  const args = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"];
  const psql = startProgram(programs, "psql", args, { url, signal });
  psql.child.stdout?.resume();
  try {
    const list = path.join(folder, "list");
    fs.writeFileSync(list, await listArchive(programs, file, signal));
    const send = (sql: string): Promise<void> => write(psql, sql);
    const section = (name: string): Promise<void> => copySection(restoring, programs, psql, target, list, name);
    await send(beginning(contents, target));
    await section("pre-data");
    await section("data");
    await send(countCheck(contents));
    await section("post-data");
    await send(ending(contents));
    psql.child.stdin?.end();
    await psql.done;
  } catch (error) {
    if (signal.aborted)
      throw new BackupError("Stopped: nothing was restored, the database is as empty as before.", { cause: error });
    const reason = error instanceof BackupError ? error.message : String(error);
    throw new BackupError(`Nothing was restored, the database is as empty as before. ${reason}`, { cause: error });
  } finally {
    psql.child.kill("SIGKILL"); // its transaction ends with its connection
    await psql.done.catch(() => undefined);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The list of an archive's entries that are restored from it. */
async function listArchive(programs: PostgresPrograms, file: string, signal: AbortSignal): Promise<string> {
  const { child, done } = startProgram(programs, "pg_restore", ["--list", file], { signal });
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  await done;
  const lines = Buffer.concat(chunks).toString("utf8").split("\n");
  return lines.filter((line) => !LEFT_OUT.test(line)).join("\n");
}

/** Makes SQL of one section of the archive, and hands it to psql. */
async function copySection(
  { file, signal }: Restoring,
  programs: PostgresPrograms,
  psql: RunningProgram,
  { serverVersion }: Target,
  list: string,
  section: string,
): Promise<void> {
  const args = ["--file=-", "--no-owner", `--section=${section}`, `--use-list=${list}`, file];
  const { child, done } = startProgram(programs, "pg_restore", args, { signal });
  const { stdout } = child;
  const { stdin } = psql.child;
  if (!stdout || !stdin) throw new Error("The programs have no pipes");
  try {
    await feed(psql, pipeline(stdout, withoutNewerSettings(serverVersion), stdin, { end: false }));
    await done;
  } finally {
    child.kill();
  }
}

/** How much of a section its settings take, and more. */
const SETTINGS_BYTES = 2000;

/** Programs of PostgreSQL 17 and newer begin with a setting that older servers do not have, and stop at. */
function withoutNewerSettings(serverVersion: number): Transform {
  let start: Buffer | undefined = serverVersion < 17 ? Buffer.alloc(0) : undefined;
  const mended = (text: Buffer): Buffer => {
    start = undefined;
    return Buffer.from(text.toString("latin1").replace("\nSET transaction_timeout = 0;\n", "\n"), "latin1");
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (start === undefined) return done(null, chunk);
      start = Buffer.concat([start, chunk]);
      if (start.length < SETTINGS_BYTES) return done();
      done(null, mended(start));
    },
    flush(done) {
      done(null, start && mended(start));
    },
  });
}

function write(psql: RunningProgram, sql: string): Promise<void> {
  const sent = new Promise<void>((resolve, reject) => {
    psql.child.stdin?.write(sql, (error) => (error ? reject(error) : resolve()));
  });
  return feed(psql, sent);
}

/** Waits until something has gone to psql. Where psql ends before that, what it complains of is why, and not the broken pipe. */
async function feed(psql: RunningProgram, sent: Promise<void>): Promise<void> {
  const endedEarly = psql.done.then(() => {
    throw new BackupError("psql ended before everything was restored");
  });
  try {
    await Promise.race([sent, endedEarly]);
  } catch (error) {
    psql.child.stdin?.destroy(); // without COMMIT: it rolls back
    await psql.done;
    throw error;
  } finally {
    endedEarly.catch(() => undefined);
  }
}

function beginning({ roles }: BackupContents, { rolesToMake, serverVersion }: Target): string {
  // From 16 on, who makes a role is its member, and yet may hand it nothing.
  const membership = literal(serverVersion < 16 ? "member" : "set");
  return lines(
    "begin;",
    ...rolesToMake.map((role) => `create role ${quoted(role)} nologin;`),
    ...roles.map(
      (role) =>
        `select format('grant %I to %I', ${literal(role)}, current_user) where not pg_has_role(${literal(role)}, ${membership}) \\gexec`,
    ),
    ...EXTENSIONS.map((name) => `create extension if not exists ${name} with schema public;`),
    // Who is to own a function needs CREATE on its schema, for the moment of the change.
    ...ROLES.map((role) => `grant create on schema public to ${quoted(role)};`),
  );
}

/** Before row-level security is on: then the owner would see nothing. */
function countCheck({ tables }: BackupContents): string {
  const counts = Object.entries(tables).map(
    ([table, rows]) =>
      `select ${literal(table)} as name, ${rows}::bigint as expected, (select count(*) from public.${quoted(table)}) as counted`,
  );
  return lines(
    "do $clientele$",
    "declare wrong text;",
    "begin",
    `  select string_agg(format('%s has %s rows instead of %s', name, counted, expected), ', ') into wrong`,
    `  from (${counts.join("\n    union all ")}) counts where counted <> expected;`,
    "  if wrong is not null then raise exception 'The backup is not whole: %', wrong; end if;",
    "end",
    "$clientele$;",
  );
}

function ending({ functions }: BackupContents): string {
  const owners = Object.entries(functions);
  return lines(
    "set search_path = public;",
    ...owners.map(([signature, owner]) => `alter function ${signature} owner to ${quoted(owner)};`),
    ...ROLES.map((role) => `revoke create on schema public from ${quoted(role)};`),
    // Backups of versions before it have no such function.
    `select 'select guard_owner_reads()' where to_regprocedure('guard_owner_reads()') is not null \\gexec`,
    "select refresh_statistics();",
    "commit;",
  );
}

const lines = (...all: string[]): string => `\n${all.join("\n")}\n`;
