import { type Command } from "commander";
import { readConfig } from "../config";
import { type KeyRotation, type KeyUse, type UnreadableRow } from "../encryption/key-rotation";
import { showCounting } from "./count-progress";
import { count } from "./import-progress";
import { CommandError, patient, tenantsByCode, withSession, type Session } from "./session";
import { StopSignals } from "./stop-signals";

/** `clientele keys list|rotate` */
export function addEncryptionKeyCommands(program: Command): void {
  const keys = program.command("keys").description("list and rotate the encryption keys of ENCRYPTION_KEYS");
  keys
    .command("list")
    .description("list encryption keys: which is active, and how many rows each has sealed")
    .option("--tenant <code>", "of this tenant only")
    .option("--json", "print JSON")
    .action((options: { tenant?: string; json?: true }) =>
      withSession(patient(readConfig()), async (session) => {
        const listed = await listKeys(session, options.tenant);
        if (options.json) console.log(JSON.stringify(listed));
        else for (const { id, state, rows, tables } of listed) console.log([id, state, count(rows), tables].join("\t"));
      }),
    );
  keys
    .command("rotate")
    .description("seal with the active key what another key has sealed; servers go on working meanwhile")
    .option("--tenant <code>", "of this tenant only")
    .action((options: { tenant?: string }) =>
      withSession(patient(readConfig()), async (session) => {
        const stopping = new StopSignals();
        try {
          await rotate(session, options.tenant, stopping.signal);
        } finally {
          stopping.end();
        }
      }),
    );
}

interface ListedKey {
  readonly id: string;
  readonly state: "active" | "in the keyring" | "missing";
  readonly rows: number;
  /** `bank_accounts 12, idempotency_keys 3` */
  readonly tables: string;
}

async function listKeys({ app, tenants, keyring }: Session, tenantCode: string | undefined): Promise<ListedKey[]> {
  const uses: KeyUse[] = [];
  for (const { id } of await tenantsByCode(tenants, tenantCode)) uses.push(...(await app.keys.uses(id)));
  const known = keyring.map(({ id }) => id);
  return [...new Set([...known, ...uses.map(({ keyId }) => keyId)])].map((id): ListedKey => {
    const rowsByTable = new Map<string, number>();
    for (const { table, keyId, rows } of uses) {
      if (keyId === id) rowsByTable.set(table, (rowsByTable.get(table) ?? 0) + rows);
    }
    return {
      id,
      state: id === known[0] ? "active" : known.includes(id) ? "in the keyring" : "missing",
      rows: [...rowsByTable.values()].reduce((sum, rows) => sum + rows, 0),
      tables: [...rowsByTable].map(([table, rows]) => `${table} ${count(rows)}`).join(", "),
    };
  });
}

async function rotate({ app, tenants }: Session, tenantCode: string | undefined, signal: AbortSignal): Promise<void> {
  const { keys } = app;
  const missing = await keys.missingKeys();
  if (missing.length > 0) throw new CommandError(missingKeysMessage(missing));
  const all = await tenantsByCode(tenants, tenantCode);
  const display = showCounting(await countRemaining(keys, all), "rows");
  const unreadable: UnreadableRow[] = [];
  let written = 0;
  try {
    for (const { id } of all) {
      if (signal.aborted) break;
      written += await keys.rotate(id, {
        signal,
        onProgress: (rows) => display.add(rows),
        onUnreadable: (row) => unreadable.push(row),
      });
    }
  } finally {
    display.stop();
  }
  console.log(`Sealed anew: ${rowsOf(written)}.`);
  for (const { table, rowKey, keyId } of unreadable)
    console.error(`${table} ${rowKey}: the key ${keyId} does not open it.`);
  await report(keys, all, signal.aborted || unreadable.length > 0);
}

/** What is left, and under which keys. */
async function report(keys: KeyRotation, all: readonly { id: string }[], isUnfinished: boolean): Promise<void> {
  const left = new Map<string, number>();
  let underived = 0;
  for (const { id } of all) {
    const remaining = await keys.remaining(id);
    underived += remaining.underived;
    for (const { keyId, rows } of remaining.uses) left.set(keyId, (left.get(keyId) ?? 0) + rows);
  }
  for (const [keyId, rows] of left) console.log(`Still under the key ${keyId}: ${rowsOf(rows)}.`);
  if (underived > 0) console.log(`Not to be found by account number yet: ${rowsOf(underived)}.`);
  if (left.size > 0 || underived > 0) {
    console.log(
      "Run the command again. Rows that stay are written by servers whose active key is another one, or damaged.",
    );
    process.exitCode ??= 1;
  } else if (!isUnfinished) {
    console.log("Everything is under the active key: the other keys can be taken out of ENCRYPTION_KEYS.");
  }
}

async function countRemaining(keys: KeyRotation, all: readonly { id: string }[]): Promise<number> {
  let rows = 0;
  for (const { id } of all) {
    const { uses, underived } = await keys.remaining(id);
    rows += Math.max(
      underived,
      uses.reduce((sum, use) => sum + use.rows, 0),
    );
  }
  return rows;
}

/** What to say where keys are missing that something is sealed with. */
export function missingKeysMessage(ids: readonly string[]): string {
  const named = ids.map((id) => `"${id}"`).join(", ");
  return `ENCRYPTION_KEYS lacks ${named}, with which stored data is sealed. Put ${ids.length > 1 ? "them" : "it"} back, after the active key; clientele keys rotate makes ${ids.length > 1 ? "them" : "it"} dispensable.`;
}

const rowsOf = (rows: number): string => (rows === 1 ? "1 row" : `${count(rows)} rows`);
