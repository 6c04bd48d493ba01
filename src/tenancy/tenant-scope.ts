import { LRUCache } from "lru-cache";
import { type EntityMetadata } from "typeorm";
import { CombinedStatement } from "./combined-statement";
import { Parameters } from "./parameters";
import { type TenantOwned } from "./tenant-owned.entity";

/** A class that TypeORM knows as an entity. */
export type EntityClass<T> = new () => T;

/** A row to insert: the tenant is the scope's, what is left out takes the column's default. */
export type InsertRow<T> = Partial<Omit<T, "tenantId">>;

/** A row to change: its id, and the columns to change. */
export type UpdateRow<T> = Partial<Omit<T, "tenantId">> & { readonly id: string };

/** What runs statements. */
export interface StatementRunner {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Runs the last write of a transaction, and ends it. @param writtenId the id of what is written */
export type LastWrite = (writtenId: string) => StatementRunner;

/** Who acts: a credential, or a command of the gateway itself. */
export interface Actor {
  readonly id: string | null;
  readonly name: string;
}

/** What the scope asks TypeORM for. */
export interface EntityCatalogue {
  hasMetadata(entity: EntityClass<unknown>): boolean;
  getMetadata(entity: EntityClass<unknown>): EntityMetadata;
}

/** Texts of an entity that are remembered: there is one for each set of columns that somebody writes. */
const MAX_TEXTS = 50;
/** Making them anew from metadata takes longer than PostgreSQL takes to run them. */
const TEXTS = new WeakMap<EntityMetadata, LRUCache<string, string>>();

/**
 * The only way to a tenant's rows. It belongs to one transaction, in which the database is told the tenant, and hands the
 * tenant to every statement as `$1`; statements name it at each table (`x.tenant_id = $1`), so that each wall holds alone.
 */
export class TenantScope {
  constructor(
    readonly tenantId: string,
    private readonly runner: StatementRunner,
    private readonly catalogue: EntityCatalogue,
    readonly actor: Actor,
    private readonly last?: LastWrite,
  ) {}

  /** The same scope for whoever may write last in the transaction. */
  writingLast(last: LastWrite): TenantScope {
    return new TenantScope(this.tenantId, this.runner, this.catalogue, this.actor, last);
  }

  /** Runs one statement; `$1` is the tenant. */
  async query<Row extends object>(sql: string, parameters = new Parameters()): Promise<Row[]> {
    return this.runner.query<Row>(sql, [this.tenantId, ...parameters.values]);
  }

  /**
   * Runs as one statement all that `work` asks for at once, without waiting in between. They do not see each other's rows,
   * and only the first is answered with rows.
   * @param writtenId what it writes, where that is one record: the transaction may end with it
   */
  async asOne<T>(work: (scope: TenantScope) => Promise<T>, writtenId?: string): Promise<T> {
    const isLast = this.last && writtenId !== undefined;
    const statement = new CombinedStatement(isLast ? this.last(writtenId) : this.runner);
    const result = work(new TenantScope(this.tenantId, statement, this.catalogue, this.actor));
    let hasFailed = false;
    result.catch(() => (hasFailed = true));
    await new Promise((resolve) => process.nextTick(resolve));
    // What was asked for before it failed is not to be written, and perhaps committed.
    if (hasFailed) return result;
    const [value] = await Promise.all([result, statement.send()]);
    return value;
  }

  /** Tells the transaction something that touches no row: a savepoint, a setting. */
  async control(sql: string): Promise<void> {
    await this.runner.query(sql);
  }

  /**
   * Rows of an entity: `select <its columns> from <its table> as <alias> <rest>`. The rest has to name the tenant.
   * @throws Error where the rest does not
   */
  async select<T extends object>(
    entity: EntityClass<T>,
    alias: string,
    rest: string,
    parameters = new Parameters(),
  ): Promise<T[]> {
    if (!rest.includes(`${alias}.tenant_id = $1`)) throw new Error(`A read of ${entity.name} must name the tenant`);
    const rows = await this.query<T>(
      `select ${this.columns(entity, alias)} from ${this.table(entity)} ${alias} ${rest}`,
      parameters,
    );
    return rows.map((row) => this.hydrate(entity, row));
  }

  /** The rows with these ids, in no order. */
  findByIds<T extends TenantOwned>(entity: EntityClass<T>, ids: readonly string[]): Promise<T[]> {
    const p = new Parameters();
    return this.select(entity, "t", `where t.tenant_id = $1 and t.id = any(${p.add(ids)}::uuid[])`, p);
  }

  /** Inserts rows, all with the same properties, in one statement, and answers with them as they are stored, in order. */
  async insert<T extends object>(entity: EntityClass<T>, rows: readonly InsertRow<T>[]): Promise<T[]> {
    const inserted = await this.insertReturning<T>(entity, rows, "all");
    return inserted.map((row) => this.hydrate(entity, row));
  }

  /** As {@link insert}, for whom does not ask how the rows are stored: the way back costs as much as the way there. */
  async add<T extends TenantOwned>(entity: EntityClass<T>, rows: readonly InsertRow<T>[]): Promise<void> {
    await this.insertReturning(entity, rows, "id"); // something, for Citus
  }

  private async insertReturning<T extends object>(
    entity: EntityClass<T>,
    rows: readonly InsertRow<T>[],
    returned: "all" | "id",
  ): Promise<T[]> {
    const [first] = rows;
    if (!first) return [];
    const columns = this.columnsIn(entity, first);
    const p = new Parameters();
    // A row alone is quicker as values; several are one JSON parameter: the same text for two and for a thousand.
    const isAlone = rows.length === 1;
    if (isAlone) for (const column of columns) p.add(toParameter(column, first));
    else p.add(JSON.stringify(rows.map((row) => toJson(row))));
    const text = this.text(entity, `insert ${isAlone} ${Object.keys(first).join()} ${returned}`, () => {
      const source = isAlone
        ? `values ($1, ${columns.map((column, index) => `$${index + 2}::${typeOf(column)}`).join(", ")})`
        : `select $1, ${columns.map((column) => `r."${column.propertyName}"`).join(", ")} from ${recordSet(columns, "$2")}`;
      // RETURNING keeps it valid on Citus.
      return `insert into ${this.table(entity)} as t (tenant_id, ${columns.map((column) => column.databaseName).join(", ")})
       ${source}
       returning ${returned === "all" ? this.columns(entity, "t") : "t.id"}`;
    });
    return this.query<T>(text, p);
  }

  /**
   * Changes rows by their ids, all the same columns, in one statement, and answers with them as they are stored, in no
   * order. A row that is not there is not in the answer.
   * @param more further assignments, in SQL, where `t` is the table; and properties of the rows that must be as they are
   * stored, else the row is left alone: these are compared, not assigned
   */
  async update<T extends TenantOwned>(
    entity: EntityClass<T>,
    rows: readonly UpdateRow<T>[],
    more: { readonly set?: readonly string[]; readonly match?: readonly (keyof T & string)[] } = {},
  ): Promise<T[]> {
    const [first] = rows;
    if (!first) return [];
    const columns = this.columnsIn(entity, first);
    const compared: readonly string[] = ["id", ...(more.match ?? [])];
    const assignments = columns
      .filter(({ propertyName }) => !compared.includes(propertyName))
      .map(({ databaseName, propertyName }) => `${databaseName} = r."${propertyName}"`);
    const conditions = columns
      .filter(({ propertyName }) => compared.includes(propertyName))
      .map(({ databaseName, propertyName }) => `t.${databaseName} = r."${propertyName}"`);
    const p = new Parameters();
    const updated = await this.query<T>(
      `update ${this.table(entity)} t set ${[...assignments, ...(more.set ?? [])].join(", ")}
       from ${recordSet(columns, p.add(JSON.stringify(rows.map((row) => toJson(row)))))}
       where t.tenant_id = $1 and ${conditions.join(" and ")}
       returning ${this.columns(entity, "t")}`,
      p,
    );
    return updated.map((row) => this.hydrate(entity, row));
  }

  /** Deletes rows by their ids. @returns the ids of those that were there */
  async delete(entity: EntityClass<TenantOwned>, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const p = new Parameters();
    const sql = `delete from ${this.table(entity)} t where t.tenant_id = $1 and t.id = any(${p.add(ids)}::uuid[]) returning t.id`;
    return (await this.query<{ id: string }>(sql, p)).map(({ id }) => id);
  }

  /** The columns of an entity as `alias."column" as "property"`, the tenant left out. */
  columns(entity: EntityClass<unknown>, alias: string): string {
    return this.text(entity, `columns ${alias}`, () =>
      this.catalogue
        .getMetadata(entity)
        .columns.filter((column) => column.propertyName !== "tenantId" && column.isSelect)
        .map((column) => `${alias}.${column.databaseName} as "${column.propertyName}"`)
        .join(", "),
    );
  }

  /** A text that follows from an entity's metadata and a key. */
  private text(entity: EntityClass<unknown>, key: string, make: () => string): string {
    const metadata = this.catalogue.getMetadata(entity);
    let texts = TEXTS.get(metadata);
    if (!texts) TEXTS.set(metadata, (texts = new LRUCache({ max: MAX_TEXTS })));
    let text = texts.get(key);
    if (text === undefined) texts.set(key, (text = make()));
    return text;
  }

  private columnsIn(entity: EntityClass<unknown>, row: object): Column[] {
    return this.catalogue.getMetadata(entity).columns.filter((column) => column.propertyName in row);
  }

  /** The name of an entity's table. */
  table(entity: EntityClass<unknown>): string {
    return this.catalogue.getMetadata(entity).tableName;
  }

  /** A row of {@link columns} as an instance of its class. */
  hydrate<T extends object>(entity: EntityClass<T>, row: object): T {
    return Object.setPrototypeOf(row, entity.prototype as object) as T;
  }
}

type Column = EntityMetadata["columns"][number];

/** Rows as a set that SQL can read from, called `r`. @param data the placeholder of their JSON */
function recordSet(columns: readonly Column[], data: string): string {
  return `jsonb_to_recordset(${data}::jsonb) as r (${columns.map(recordColumn).join(", ")})`;
}

/** A column of jsonb_to_recordset: named after the property, typed after the column. */
function recordColumn(column: Column): string {
  return `"${column.propertyName}" ${typeOf(column)}`;
}

function typeOf(column: Column): string {
  return `${String(column.type)}${column.isArray ? "[]" : ""}`;
}

/** A row's value of a column; pg would take a list in a column of JSON for one of PostgreSQL's arrays. */
function toParameter({ type, propertyName }: Column, row: object): unknown {
  const value = (row as Record<string, unknown>)[propertyName];
  return type === "jsonb" && value != null ? JSON.stringify(value) : value;
}

/** Bytes have no form in JSON; PostgreSQL reads them from hexadecimal text. */
function toJson(row: object): object {
  let json: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(row) as [string, unknown][]) {
    if (Buffer.isBuffer(value)) (json ??= { ...row })[name] = `\\x${value.toString("hex")}`;
  }
  return json ?? row;
}
