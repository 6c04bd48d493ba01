import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { type BackupContents } from "./backup-contents";
import { BackupError } from "./backup-error";

/*
 * A backup is an archive of pg_dump in its custom format, which pg_restore reads as it is, with two things behind it: what it
 * holds, as JSON, and a last line of a fixed length that says where that begins. The archive says by itself where its parts are, so
 * that pg_restore never comes to the end of the file. The digest tells a file that is not whole before anything is restored.
 */

const MARK = "\nclientele-backup-1 ";
const POSITION_DIGITS = 20;
const FOOTER_BYTES = MARK.length + POSITION_DIGITS + 1;
/** Far more than what a backup says of itself takes. */
const MOST_CONTENTS_BYTES = 10_000_000;

interface Trailer {
  /** Of the archive. */
  readonly sha256: string;
  readonly contents: BackupContents;
}

/**
 * Makes a file that is there whole or not at all, and for this account's eyes only.
 * @param write fills the file of the name that it is given; what it says the file holds is written behind
 * @throws BackupError where there is such a file already
 */
export async function writeBackupFile(
  file: string,
  write: (draft: string) => Promise<BackupContents>,
): Promise<{ contents: BackupContents; bytes: number }> {
  refuseExisting(file);
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(4).toString("hex")}.partial`);
  try {
    fs.closeSync(fs.openSync(draft, "wx", 0o600));
  } catch (error) {
    throw new BackupError(`${path.dirname(path.resolve(file))} cannot be written to: ${(error as Error).message}`);
  }
  try {
    const contents = await write(draft);
    await appendTrailer(draft, contents);
    refuseExisting(file);
    fs.renameSync(draft, file);
    syncFolder(path.dirname(file));
    return { contents, bytes: fs.statSync(file).size };
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** @throws BackupError where something has that name */
export function refuseExisting(file: string): void {
  if (fs.existsSync(file)) throw new BackupError(`${file} exists already: name another with --to, or move it away.`);
}

async function appendTrailer(file: string, contents: BackupContents): Promise<void> {
  const position = fs.statSync(file).size;
  const trailer: Trailer = { sha256: await digestOf(file, position), contents };
  const footer = `${MARK}${String(position).padStart(POSITION_DIGITS, "0")}\n`;
  fs.appendFileSync(file, `${JSON.stringify(trailer)}${footer}`, { flush: true });
}

/** After a crash of the machine, a renamed file has its new name only where its folder has reached the disk. */
export function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Reads what a backup holds, and whether it is whole.
 * @throws BackupError where it is cut off, changed, or no backup
 */
export async function readBackupFile(file: string): Promise<BackupContents> {
  const { size } = fs.statSync(file);
  const position = positionIn(file, size);
  const notWhole = `${file} is not whole: it was cut off or changed since the backup was made. Nothing was restored.`;
  if (position === undefined) {
    throw new BackupError(
      startsAsArchive(file)
        ? `${notWhole} (Or pg_dump made it without clientele backup: docs/backup.md says how to restore such a file.)`
        : `${file} is no backup: clientele backup makes them.`,
    );
  }
  const { sha256, contents } = readTrailer(file, position, size) ?? {};
  if (contents === undefined || (await digestOf(file, position)) !== sha256) throw new BackupError(notWhole);
  return contents;
}

/** Where the archive ends. */
function positionIn(file: string, size: number): number | undefined {
  if (size < FOOTER_BYTES) return undefined;
  const footer = readPart(file, size - FOOTER_BYTES, FOOTER_BYTES).toString("latin1");
  const position = Number(new RegExp(`^${MARK}(\\d{${POSITION_DIGITS}})\n$`).exec(footer)?.[1] ?? Number.NaN);
  return position > size - FOOTER_BYTES || size - position > MOST_CONTENTS_BYTES || Number.isNaN(position)
    ? undefined
    : position;
}

function readTrailer(file: string, position: number, size: number): Trailer | undefined {
  try {
    return JSON.parse(readPart(file, position, size - FOOTER_BYTES - position).toString("utf8")) as Trailer;
  } catch {
    return undefined;
  }
}

function startsAsArchive(file: string): boolean {
  return readPart(file, 0, 5).toString("latin1") === "PGDMP";
}

function readPart(file: string, position: number, length: number): Buffer {
  const descriptor = fs.openSync(file, "r");
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, fs.readSync(descriptor, buffer, 0, length, position));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** SHA-256 of the first bytes, in hexadecimal digits. */
async function digestOf(file: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  if (bytes === 0) return hash.digest("hex");
  const stream = fs.createReadStream(file, { end: bytes - 1 });
  stream.on("data", (chunk) => hash.update(chunk));
  await once(stream, "end");
  return hash.digest("hex");
}
