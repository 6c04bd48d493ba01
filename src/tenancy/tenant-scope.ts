import { type EntityMetadata } from "typeorm";
import { NotFoundError } from "../errors/domain-errors";
import { Parameters } from "./parameters";
import { type TenantOwned } from "./tenant-owned.entity";
import { type TenantTransaction } from "./tenant-transaction";

/** A class that TypeORM knows as an entity. */
export type EntityClass<T> = new () => T;

/** A row to insert: the tenant is the scope's, what is left out takes the column's default. */
export type InsertRow<T> = Partial<Omit<T, "tenantId">>;

/** What the scope asks TypeORM for. */
export interface EntityCatalogue {
  getMetadata(entity: EntityClass<unknown>): EntityMetadata;
}

/**
 * The only way to a tenant's rows. It belongs to one transaction, in which the database is told the tenant, and hands the
 * tenant to every statement as `$1`; statements name it at each table (`x.tenant_id = $1`), so that each wall holds alone.
 */
export class TenantScope {
  constructor(
    readonly tenantId: string,
    private readonly transaction: TenantTransaction,
    private readonly catalogue: EntityCatalogue,
  ) {}

  /** Runs one statement; `$1` is the tenant. */
  async query<Row extends object>(sql: string, parameters = new Parameters()): Promise<Row[]> {
    return this.transaction.query<Row>(sql, [this.tenantId, ...parameters.values]);
  }

  /** Tells the transaction something that touches no row: a savepoint, a setting. */
  async control(sql: string): Promise<void> {
    await this.transaction.query(sql);
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

  /** @throws NotFoundError also where the row is another tenant's */
  async getByIdOrThrow<T extends TenantOwned>(entity: EntityClass<T>, id: string): Promise<T> {
    const [row] = await this.findByIds(entity, [id]);
    if (!row) throw new NotFoundError(entity.name);
    return row;
  }

  /** Inserts rows, all with the same properties, in one statement, and answers with them as they are stored, in order. */
  async insert<T extends object>(entity: EntityClass<T>, rows: readonly InsertRow<T>[]): Promise<T[]> {
    const [first] = rows;
    if (!first) return [];
    const columns = this.catalogue.getMetadata(entity).columns.filter((column) => column.propertyName in first);
    const parameters = new Parameters();
    const data = parameters.add(JSON.stringify(rows.map((row) => toJson(row))));
    // One JSON parameter: the same text for one row and for a thousand. RETURNING also keeps it valid on Citus.
    const inserted = await this.query<T>(
      `insert into ${this.table(entity)} as t (tenant_id, ${columns.map((column) => column.databaseName).join(", ")})
       select $1, ${columns.map((column) => `r."${column.propertyName}"`).join(", ")}
       from jsonb_to_recordset(${data}::jsonb) as r (${columns.map(recordColumn).join(", ")})
       returning ${this.columns(entity, "t")}`,
      parameters,
    );
    return inserted.map((row) => this.hydrate(entity, row));
  }

  /** The columns of an entity as `alias."column" as "property"`, the tenant left out. */
  columns(entity: EntityClass<unknown>, alias: string): string {
    return this.catalogue
      .getMetadata(entity)
      .columns.filter((column) => column.propertyName !== "tenantId" && column.isSelect)
      .map((column) => `${alias}.${column.databaseName} as "${column.propertyName}"`)
      .join(", ");
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

/** A column of jsonb_to_recordset: named after the property, typed after the column. */
function recordColumn(column: Column): string {
  return `"${column.propertyName}" ${String(column.type)}${column.isArray ? "[]" : ""}`;
}

/** Bytes have no form in JSON; PostgreSQL reads them from hexadecimal text. */
function toJson(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      Buffer.isBuffer(value) ? `\\x${value.toString("hex")}` : value,
    ]),
  );
}
