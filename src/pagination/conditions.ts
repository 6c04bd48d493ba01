import { type Parameters } from "../tenancy/parameters";
import { type Condition } from "./list";

/** Holds for every row. */
export const everyRow: Condition = () => "true";

/** Holds for no row. */
export const noRow: Condition = () => "false";

/** Holds where all hold. */
export function allOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (!only) return everyRow;
  if (conditions.length === 1) return only;
  return (alias, p) => conditions.map((condition) => `(${condition(alias, p)})`).join(" and ");
}

/** Holds where the other does not, rows included whose value is null. */
export function negated(condition: Condition): Condition {
  const { isNeverNull = false } = condition;
  return (alias, p) => (isNeverNull ? `not ${condition(alias, p)}` : `(${condition(alias, p)}) is not true`);
}

/** Holds where there is a row: `from <rest>`. Said so, its negation is looked up row by row, too, and not listed whole. */
export function thereIs(rest: (alias: string, p: Parameters) => string): Condition {
  return Object.assign((alias: string, p: Parameters) => `exists (select 1 from ${rest(alias, p)})`, {
    isNeverNull: true,
  });
}

/** Holds where the column equals one of the values. One value is compared with =, which keeps an index's order. */
export function oneOf(column: string, values: readonly string[], type = "text"): Condition {
  const [only] = values;
  if (only === undefined) return noRow;
  return (alias, p) =>
    values.length === 1
      ? `${alias}.${column} = ${p.add(only)}::${type}`
      : `${alias}.${column} = any(${p.add(values)}::${type}[])`;
}

/** Holds where the column is within bounds: from is included, before is not. */
export function between(column: string, from: unknown, before: unknown, type: string): Condition {
  return (alias, p) =>
    [
      from === undefined ? "" : `${alias}.${column} >= ${p.add(from)}::${type}`,
      before === undefined ? "" : `${alias}.${column} < ${p.add(before)}::${type}`,
    ]
      .filter(Boolean)
      .join(" and ") || "true";
}
