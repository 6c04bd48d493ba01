import { GraphQLScalarType, Kind } from "graphql";
import { scalarError } from "./scalar-error";

/** PostgreSQL would also take 4713 BC, "infinity" and "today"; no date of a customer is out of these years. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2200;

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether the text is a day that exists, written YYYY-MM-DD, in the years 1900 to 2200. */
export function isCalendarDay(text: string): boolean {
  const [, year, month, day] = PATTERN.exec(text) ?? [];
  return dayExists(Number(year), Number(month), Number(day)) && Number(year) >= FIRST_YEAR && Number(year) <= LAST_YEAR;
}

/** Whether the day exists in the Gregorian calendar, months counted from one; false for NaN. */
export function dayExists(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const WHAT_IT_IS =
  "A Date is a day that exists, written YYYY-MM-DD, from 1900-01-01 to 2200-12-31, such as 2026-03-14.";

/**
 * Our own, since the LocalDate of graphql-scalars repeats the value in its errors and knows no range. The value stays
 * the string that it was: a JavaScript Date would be an instant, and the day before in half of the world.
 */
export const DateScalar = new GraphQLScalarType<string, string>({
  name: "Date",
  description:
    "A calendar day without a time or a time zone, `YYYY-MM-DD` (RFC 3339 full-date): `2026-03-14`. The day must exist " +
    "and be within the years 1900 to 2200; anything else is BAD_USER_INPUT.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
  serialize(value) {
    if (typeof value === "string" && PATTERN.test(value)) return value;
    throw new TypeError("A Date is serialized from a string YYYY-MM-DD");
  },
  parseValue(value) {
    if (typeof value === "string" && isCalendarDay(value)) return value;
    throw scalarError(WHAT_IT_IS);
  },
  parseLiteral(literal) {
    if (literal.kind === Kind.STRING && isCalendarDay(literal.value)) return literal.value;
    throw scalarError(WHAT_IT_IS, literal);
  },
});
