import { createHash } from "node:crypto";
import { isCalendarDay } from "../graphql/scalars/date";
import { CustomFieldType, type CustomerField } from "./customer-field.entity";

/** Characters of a TEXT value, at most. */
const MAX_TEXT_LENGTH = 4000;
/** Longer texts are found by their start and a digest: an index entry has a limit. */
const MAX_KEY_LENGTH = 200;

/** Whether a value stands for none: null, and where several options can be chosen also none of them. */
export function isNoValue({ type }: Pick<CustomerField, "type">, value: unknown): boolean {
  return value == null || (type === CustomFieldType.MULTI_SELECT && Array.isArray(value) && value.length === 0);
}

/** Whether a value, cleaned of blanks, is one that the field can hold. */
export function isCustomValue(field: Pick<CustomerField, "type" | "options">, value: unknown): boolean {
  switch (field.type) {
    case CustomFieldType.TEXT:
      return typeof value === "string" && value.length <= MAX_TEXT_LENGTH;
    case CustomFieldType.NUMBER:
      return typeof value === "number" && Number.isFinite(value);
    case CustomFieldType.BOOLEAN:
      return typeof value === "boolean";
    case CustomFieldType.DATE:
      return typeof value === "string" && isCalendarDay(value);
    case CustomFieldType.SELECT:
      return typeof value === "string" && field.options.includes(value);
    case CustomFieldType.MULTI_SELECT:
      return (
        Array.isArray(value) &&
        value.every((entry) => typeof entry === "string" && field.options.includes(entry)) &&
        new Set(value).size === value.length
      );
  }
}

/** Whether a value can be compared with the field's values; for choices, an unknown option can (and equals none). */
export function isComparable(type: CustomFieldType, value: unknown): value is string | number | boolean {
  switch (type) {
    case CustomFieldType.NUMBER:
      return typeof value === "number" && Number.isFinite(value);
    case CustomFieldType.BOOLEAN:
      return typeof value === "boolean";
    case CustomFieldType.DATE:
      return typeof value === "string" && isCalendarDay(value);
    case CustomFieldType.TEXT:
    case CustomFieldType.SELECT:
    case CustomFieldType.MULTI_SELECT:
      return typeof value === "string";
  }
}

/** The column of customer_field_values that values of a type are found in, and its SQL type. */
export function valueColumn(type: CustomFieldType): { column: string; sqlType: string } {
  return type === CustomFieldType.NUMBER
    ? { column: "number_value", sqlType: "float8" }
    : { column: "text_value", sqlType: "text" };
}

/** What a single value is found by. */
export function valueKey(value: string | number | boolean): string | number {
  if (typeof value === "number") return value;
  const text = String(value);
  if (text.length <= MAX_KEY_LENGTH) return text;
  return `${text.slice(0, MAX_KEY_LENGTH / 2)}#${createHash("sha256").update(text).digest("hex")}`;
}

/** The single values that a stored value is found by: each chosen option, or the value itself. */
export function valueKeys(value: unknown): (string | number)[] {
  return (Array.isArray(value) ? value : [value]).map((single) => valueKey(single as string | number | boolean));
}
