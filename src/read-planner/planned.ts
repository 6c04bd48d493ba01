import { Extensions } from "type-graphql";
import { type RequestContext } from "../graphql/request-context";
import { type List } from "../pagination/list";
import { type Parameters } from "../tenancy/parameters";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type EntityClass } from "../tenancy/tenant-scope";

/*
 * What the read planner has to be told of a field, said beside the resolver that defines it. Fields that are columns need
 * no word: their names and types are TypeORM's and TypeGraphQL's. A field that is neither a column nor told here is left to
 * its resolver, and so is the whole operation that selects it.
 */

/** Arguments of a field, as GraphQL coerced them. */
export type FieldArguments = Readonly<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** SQL about the row called `alias`, nested in the row called `parent`. @param kind the class of the row's object type */
export type RowSql = (alias: string, parent: string, kind?: unknown) => string;

/** As {@link RowSql}, with values of its own. */
export type RowCondition = (alias: string, p: Parameters, parent: string) => string;

/** A list in numbered pages. */
export interface NumberedPage {
  readonly list: List<TenantOwned>;
  readonly page: number;
  readonly perPage: number;
}

/** How the planner reads a field. */
export type FieldPlan =
  | { readonly kind: "expression"; readonly sql: RowSql }
  | {
      readonly kind: "lookup";
      readonly prepare: (args: FieldArguments) => {
        readonly sql: (alias: string, p: Parameters) => string;
        readonly requires: (p: Parameters) => string;
      };
    }
  | { readonly kind: "document"; readonly sql: RowSql }
  | { readonly kind: "computed"; readonly sql: RowSql; readonly compute: Compute }
  | { readonly kind: "property"; readonly valueOf: Compute }
  | { readonly kind: "sameRow" }
  | {
      readonly kind: "one";
      readonly entity: EntityClass<TenantOwned>;
      /** Where the entity's table has few rows, which many rows share: the parent's column that names one. */
      readonly few?: (parent: string) => string;
      readonly prepare: (args: FieldArguments) => RowCondition;
    }
  | { readonly kind: "many"; readonly entity: EntityClass<TenantOwned>; readonly rest: RowSql }
  | {
      readonly kind: "connection";
      readonly entity: EntityClass<TenantOwned>;
      readonly list: (args: FieldArguments, context: RequestContext) => List<TenantOwned> | Promise<List<TenantOwned>>;
      /** The column of the listed rows that holds the parent's id; none for a list of the whole tenant. */
      readonly parentColumn: string | undefined;
    }
  | {
      readonly kind: "numberedPage";
      readonly entity: EntityClass<TenantOwned>;
      readonly page: (args: FieldArguments, context: RequestContext) => NumberedPage | Promise<NumberedPage>;
    };

/** Makes a field's value of what was read for it. */
export type Compute = (raw: unknown, context: RequestContext) => unknown;

const KEY = "readPlan";

/** Tells the read planner how to read the field that it stands on. */
export function Planned(plan: FieldPlan): MethodDecorator & PropertyDecorator {
  return Extensions({ [KEY]: plan });
}

/** What was told of a field. */
export function plannedOf(extensions: Readonly<Record<string, unknown>>): FieldPlan | undefined {
  return extensions[KEY] as FieldPlan | undefined;
}

/** A value that SQL finishes, in the form that JSON has. */
export function expression(sql: RowSql): FieldPlan {
  return { kind: "expression", sql };
}

/** A value that depends on arguments, and on something that must be there: where it is not, the resolver says what is wrong. */
export function lookup(prepare: Extract<FieldPlan, { kind: "lookup" }>["prepare"]): FieldPlan {
  return { kind: "lookup", prepare };
}

/** An object kept as jsonb, its properties named like the fields of its type; null where the column is null. */
export function document(sql: RowSql): FieldPlan {
  return { kind: "document", sql };
}

/** A value, or an object of values, that a function makes of what SQL reads. */
export function computed(sql: RowSql, compute: Compute): FieldPlan {
  return { kind: "computed", sql, compute };
}

/** A field of a value in memory: what it is made of. */
export function property<T>(valueOf: (value: T, context: RequestContext) => unknown): FieldPlan {
  return { kind: "property", valueOf: valueOf as Compute };
}

/** An object with fields of the same row. */
export const sameRow: FieldPlan = { kind: "sameRow" };

/** One row, or null: the first that meets the condition, which may end in an order. */
export function one<T extends TenantOwned>(entity: EntityClass<T>, condition: RowSql): FieldPlan {
  return { kind: "one", entity, prepare: () => (alias, _p, parent) => condition(alias, parent) };
}

/** As {@link one}, of a table of few rows. @param idOf the parent's column that names one */
export function oneOfFew<T extends TenantOwned>(entity: EntityClass<T>, idOf: (parent: string) => string): FieldPlan {
  const prepare = (): RowCondition => (alias, _p, parent) => `${alias}.id = ${idOf(parent)}`;
  return { kind: "one", entity, prepare, few: idOf };
}

/** As {@link one}, found by arguments. @param prepare may throw: then the resolver does, in its own place */
export function oneBy<T extends TenantOwned>(
  entity: EntityClass<T>,
  prepare: (args: FieldArguments) => RowCondition,
): FieldPlan {
  return { kind: "one", entity, prepare };
}

/** All rows that meet a condition, which ends in an order. */
export function many<T extends TenantOwned>(entity: EntityClass<T>, rest: RowSql): FieldPlan {
  return { kind: "many", entity, rest };
}

/** A Relay connection over a list; its arguments first, after, last and before are read as everywhere. */
export function connection<T extends TenantOwned>(
  entity: EntityClass<T>,
  list: (args: FieldArguments, context: RequestContext) => List<T> | Promise<List<T>>,
  parentColumn?: string,
): FieldPlan {
  return { kind: "connection", entity, list, parentColumn };
}

/** A list in numbered pages. */
export function numberedPage<T extends TenantOwned>(
  entity: EntityClass<T>,
  page: (args: FieldArguments, context: RequestContext) => NumberedPage | Promise<NumberedPage>,
): FieldPlan {
  return { kind: "numberedPage", entity, page };
}
