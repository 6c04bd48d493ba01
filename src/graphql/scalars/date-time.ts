import { GraphQLScalarType, Kind } from "graphql";
import { FIRST_YEAR, dayExists, LAST_YEAR } from "./date";
import { scalarError } from "./scalar-error";

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,30}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;

/**
 * Reads an RFC 3339 instant: the day must exist, the offset is required, T and Z may be lower case. Digits beyond
 * milliseconds are cut off, not rounded: rounding could move an instant into the next day. Leap seconds (:60) are
 * refused, since neither a Date nor PostgreSQL can hold one.
 * @returns null for anything else, and for instants out of the years 1900 to 2200 in UTC
 */
export function parseDateTime(text: string): Date | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999. An offset moves an instant by a year at most.
  if (year < FIRST_YEAR - 1 || !dayExists(year, month, day)) return null;
  const [fraction = "", sign, offsetHours, offsetMinutes] = match.slice(7);
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === "-" ? -1 : 1);
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute - offset, second, milliseconds));
  return instant.getUTCFullYear() >= FIRST_YEAR && instant.getUTCFullYear() <= LAST_YEAR ? instant : null;
}

const WHAT_IT_IS =
  "A DateTime is an instant that exists, in RFC 3339 with its offset from UTC, in the years 1900 to 2200, such as " +
  "2026-03-14T09:26:53Z or 2026-03-14T16:26:53.589+07:00.";

/**
 * Our own, since the DateTime of graphql-scalars leaves the range open (PostgreSQL and JavaScript have other years)
 * and repeats the value in its errors.
 */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description:
    "An instant, written in RFC 3339. Answers are in UTC with three fraction digits: `2026-03-14T09:26:53.589Z`. Input " +
    "may have any offset, which is required (`Z`, `+07:00`), and any number of fraction digits; those beyond " +
    "milliseconds are cut off. Days that do not exist, leap seconds (`:60`) and years before 1900 or after 2200 are " +
    "BAD_USER_INPUT.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
  serialize(value) {
    const instant = typeof value === "string" ? parseDateTime(value) : value;
    if (instant instanceof Date && !Number.isNaN(instant.getTime())) return instant.toISOString();
    throw new TypeError("A DateTime is serialized from a Date or a string in RFC 3339");
  },
  parseValue(value) {
    const instant = typeof value === "string" ? parseDateTime(value) : null;
    if (instant) return instant;
    throw scalarError(WHAT_IT_IS);
  },
  parseLiteral(literal) {
    const instant = literal.kind === Kind.STRING ? parseDateTime(literal.value) : null;
    if (instant) return instant;
    throw scalarError(WHAT_IT_IS, literal);
  },
});
