import { setTimeout as sleep } from "node:timers/promises";
import { Parameters } from "../tenancy/parameters";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type TenantScope } from "../tenancy/tenant-scope";
import { type Cipher } from "./cipher";
import { type SealedColumn } from "./sealed-column";

/** Rows of a transaction: writers wait for one of these at most. */
const BATCH = 200;
/**
 * How often rows that others hold are come back to, and how long is waited before. There is an end to it: servers whose
 * active key is another one could go on writing such rows forever.
 */
const MAX_RETURNS = 5;
const RETURN_MS = 100;
/** Before every UUID that is given out. */
const FIRST = "00000000-0000-0000-0000-000000000000";

/** How many rows of a table are sealed with a key. */
export interface KeyUse {
  readonly table: string;
  readonly keyId: string;
  readonly rows: number;
}

/** What is left to do in a tenant. */
export interface Remaining {
  /** Rows under other keys than the active one. */
  readonly uses: readonly KeyUse[];
  /** Rows that lack what is derived from their text. */
  readonly underived: number;
}

/** A row whose text its key does not open: its ciphertext is damaged, or the key is another one of the same id. */
export interface UnreadableRow {
  readonly table: string;
  readonly rowKey: string;
  readonly keyId: string;
}

/** How to rotate. */
export interface RotationOptions {
  /** Ends it after the batch that is under way. */
  readonly signal?: AbortSignal;
  /** Called with the number of rows of each batch. */
  readonly onProgress?: (rows: number) => void;
  readonly onUnreadable?: (row: UnreadableRow) => void;
}

/**
 * Moves what is sealed to the active key, while servers go on working. Each batch is a transaction; rows that others are
 * writing are passed over and come back to, so that no write is overwritten and nobody waits for more than a batch. Only
 * ciphertext changes: no version grows, and no history is written.
 */
export class KeyRotation {
  constructor(
    private readonly database: TenantDatabase,
    private readonly cipher: Cipher,
    private readonly columns: readonly SealedColumn[],
  ) {}

  /** The ids of keys that are in use, of any tenant, and not in the keyring. */
  async missingKeys(): Promise<string[]> {
    return (await this.database.encryptionKeysInUse()).filter((id) => !this.cipher.hasKey(id));
  }

  /** How many rows of a tenant each key has sealed, by table. */
  async uses(tenantId: string): Promise<KeyUse[]> {
    return this.database.read(tenantId, async (scope) => {
      const uses = await Promise.all(this.columns.map((column) => readUses(scope, column)));
      return uses.flat();
    });
  }

  /** What {@link rotate} would do. */
  async remaining(tenantId: string): Promise<Remaining> {
    const uses = (await this.uses(tenantId)).filter(({ keyId }) => keyId !== this.cipher.activeKeyId);
    const underived = await this.database.read(tenantId, async (scope) => {
      const counts = await Promise.all(this.columns.map((column) => countUnderived(scope, column)));
      return counts.reduce((sum, count) => sum + count, 0);
    });
    return { uses, underived };
  }

  /**
   * Opens one row of each table and key, of the tenants in turn, to see that a key is the one that has sealed, and not another one
   * of the same id. @returns those that do not open
   */
  async unreadableSamples(tenantIds: readonly string[]): Promise<UnreadableRow[]> {
    const keyIds = (await this.database.encryptionKeysInUse()).filter((id) => this.cipher.hasKey(id));
    const seen = new Set<string>();
    const unreadable: UnreadableRow[] = [];
    for (const tenantId of tenantIds) {
      for (const column of this.columns) {
        const sampled = await this.database.read(tenantId, (scope) => readSamples(scope, column, keyIds));
        for (const row of sampled) {
          const { table, name } = column;
          if (seen.has(`${table} ${name} ${row.keyId}`)) continue;
          seen.add(`${table} ${name} ${row.keyId}`);
          if (this.openIfReadable(row, column.belongsTo(tenantId, row.identity)) === undefined)
            unreadable.push({ table, rowKey: row.rowKey, keyId: row.keyId });
        }
      }
    }
    return unreadable;
  }

  /**
   * Seals everything of a tenant with the active key. Interrupted, it goes on where it stopped when it is called again.
   * @returns how many rows were written
   */
  async rotate(tenantId: string, options: RotationOptions = {}): Promise<number> {
    let written = 0;
    for (const column of this.columns) written += await this.rotateColumn(tenantId, column, options);
    return written;
  }

  private async rotateColumn(tenantId: string, column: SealedColumn, options: RotationOptions): Promise<number> {
    const unreadable = new Set<string>();
    let written = 0;
    for (let returns = 0; returns <= MAX_RETURNS && !options.signal?.aborted; returns++) {
      if (returns > 0) await sleep(RETURN_MS);
      const { conditions, rows } = await this.stale(tenantId, column);
      if (rows <= unreadable.size) break;
      for (const condition of conditions) {
        written += await this.pass(tenantId, column, condition, unreadable, options);
      }
    }
    return written;
  }

  /** The rows that are to be written: conditions on `t`, each reaching an index, and how many rows meet one at most. */
  private async stale(tenantId: string, column: SealedColumn): Promise<{ conditions: Stale[]; rows: number }> {
    const { name, derived } = column;
    return this.database.read(tenantId, async (scope) => {
      const uses = (await readUses(scope, column)).filter(({ keyId }) => keyId !== this.cipher.activeKeyId);
      const underived = await countUnderived(scope, column);
      const conditions = uses.map(({ keyId }): Stale => {
        return (p) => `t.${name}_key_id = ${p.add(keyId)}`;
      });
      if (derived && underived > 0) conditions.push(() => `t.${derived.column} is null`);
      return { conditions, rows: uses.reduce((sum, { rows }) => sum + rows, underived) };
    });
  }

  /** Goes through the rows once, a batch after another. */
  private async pass(
    tenantId: string,
    column: SealedColumn,
    condition: Stale,
    unreadable: Set<string>,
    { signal, onProgress, onUnreadable }: RotationOptions,
  ): Promise<number> {
    let written = 0;
    let last: string | undefined = FIRST;
    while (last !== undefined && !signal?.aborted) {
      const after: string = last;
      const batch = await this.database.write(tenantId, (scope) => this.rotateBatch(scope, column, condition, after));
      for (const row of batch.unreadable.filter(({ rowKey }) => !unreadable.has(rowKey))) {
        unreadable.add(row.rowKey);
        onUnreadable?.(row);
      }
      written += batch.written;
      if (batch.written > 0) onProgress?.(batch.written);
      last = batch.last;
    }
    return written;
  }

  private async rotateBatch(scope: TenantScope, column: SealedColumn, stale: Stale, after: string): Promise<Batch> {
    const rows = await lockBatch(scope, column, stale, after);
    const unreadable: UnreadableRow[] = [];
    const resealed: object[] = [];
    for (const row of rows) {
      const belongsTo = column.belongsTo(scope.tenantId, row.identity);
      const text = this.openIfReadable(row, belongsTo);
      if (text === undefined) {
        unreadable.push({ table: column.table, rowKey: row.rowKey, keyId: row.keyId });
        continue;
      }
      const derived = await column.derived?.of(scope.tenantId, text);
      resealed.push({
        key: row.rowKey,
        ciphertext: hex(this.cipher.seal(text, belongsTo).ciphertext),
        ...(derived && { derived: hex(derived) }),
      });
    }
    if (resealed.length > 0) await this.writeBatch(scope, column, resealed);
    return { written: resealed.length, unreadable, last: rows.at(-1)?.rowKey };
  }

  private openIfReadable(row: LockedRow, belongsTo: string): string | undefined {
    try {
      return this.cipher.open(row, belongsTo);
    } catch {
      return undefined;
    }
  }

  private async writeBatch(scope: TenantScope, column: SealedColumn, rows: readonly object[]): Promise<void> {
    const { table, name, rowKey, derived } = column;
    const p = new Parameters();
    const assignments = [
      `${name}_ciphertext = r.ciphertext`,
      `${name}_key_id = ${p.add(this.cipher.activeKeyId)}`,
      ...(derived ? [`${derived.column} = r.derived`] : []),
    ];
    await scope.query(
      `update ${table} t set ${assignments.join(", ")}
       from jsonb_to_recordset(${p.add(JSON.stringify(rows))}::jsonb) as r (key uuid, ciphertext bytea, derived bytea)
       where t.tenant_id = $1 and t.${rowKey} = r.key
       returning t.${rowKey}`,
      p,
    );
  }
}

/** Adds values to a statement's parameters and answers with a condition on the rows called `t`. */
type Stale = (p: Parameters) => string;

interface LockedRow {
  readonly rowKey: string;
  readonly ciphertext: Buffer;
  readonly keyId: string;
  readonly identity: Readonly<Record<string, string | null>>;
}

interface Batch {
  readonly written: number;
  readonly unreadable: readonly UnreadableRow[];
  /** The last row's key; undefined: there are no more. */
  readonly last: string | undefined;
}

/**
 * The next rows, theirs and their customers' locks held. What is locked by others is passed over: nothing here ever waits, so
 * it cannot be part of a deadlock.
 */
function lockBatch(scope: TenantScope, column: SealedColumn, stale: Stale, after: string): Promise<LockedRow[]> {
  const { table, name, rowKey, customerColumn } = column;
  const p = new Parameters();
  const customers = customerColumn ? `join customers c on c.tenant_id = $1 and c.id = t.${customerColumn}` : "";
  return scope.query<LockedRow>(
    `select ${sealedRow(column)}
     from ${table} t ${customers}
     where t.tenant_id = $1 and ${stale(p)} and t.${rowKey} > ${p.add(after)}::uuid and t.${name}_key_id is not null
     order by t.${rowKey} limit ${BATCH} for no key update skip locked`,
    p,
  );
}

/** The columns of a {@link LockedRow}. */
const sealedRow = ({ name, rowKey, identity }: SealedColumn): string =>
  `t.${rowKey} as "rowKey", t.${name}_ciphertext as ciphertext, t.${name}_key_id as "keyId",
       jsonb_build_object(${identity.map((part) => `'${part}', t.${part}`).join(", ")}) as identity`;

/** One row of each key, by the index. */
function readSamples(scope: TenantScope, column: SealedColumn, keyIds: readonly string[]): Promise<LockedRow[]> {
  const p = new Parameters();
  return scope.query<LockedRow>(
    `select sample.* from unnest(${p.add(keyIds)}::text[]) k (id) cross join lateral (
       select ${sealedRow(column)} from ${column.table} t where t.tenant_id = $1 and t.${column.name}_key_id = k.id limit 1
     ) sample`,
    p,
  );
}

function readUses(scope: TenantScope, { table, name }: SealedColumn): Promise<KeyUse[]> {
  return scope.query<KeyUse>(
    `select '${table}' as table, t.${name}_key_id as "keyId", count(*)::int as rows from ${table} t
     where t.tenant_id = $1 and t.${name}_key_id is not null group by t.${name}_key_id order by t.${name}_key_id`,
  );
}

async function countUnderived(scope: TenantScope, { table, derived }: SealedColumn): Promise<number> {
  if (!derived) return 0;
  const [row] = await scope.query<{ rows: number }>(
    `select count(*)::int as rows from ${table} t where t.tenant_id = $1 and t.${derived.column} is null`,
  );
  return row?.rows ?? 0;
}

const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;
