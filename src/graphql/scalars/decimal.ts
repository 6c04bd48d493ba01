import { GraphQLScalarType, Kind } from "graphql";
import { scalarError } from "./scalar-error";

/** At most 15 digits before the point and four behind it: what numeric(19, 4) can hold. */
const PATTERN = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,4})?$/;

/** Whether the text is a number as Decimal takes it: "1250000.50"; no exponent, no plus, no leading zeros, no ".5". */
export function isDecimal(text: string): boolean {
  return PATTERN.test(text);
}

const WHAT_IT_IS =
  'A Decimal is a string of at most 15 digits, then optionally a point and at most 4 digits, such as "1250000.50" or ' +
  '"-3"; a whole number may also stand without quotes. Leading zeros, a plus, exponents and separators are not taken.';

/**
 * Our own: graphql-scalars has none without decimal.js, which would make "1250000.50" into 1250000.5. The value is a
 * string from the request to PostgreSQL's numeric and back; it never is a JavaScript number, whose digits are binary.
 */
export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: "Decimal",
  description:
    'An exact decimal number as a string, digits as given: `"1250000.50"`. At most 15 digits before the point and 4 ' +
    "behind it, a leading minus where negative. A whole number may be given as a JSON or GraphQL integer, too. A number " +
    "with a fraction or an exponent may not, since its digits would not be exact; it is BAD_USER_INPUT, as are leading " +
    "zeros, a plus and separators.",
  serialize(value) {
    if (typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value)) return value;
    throw new TypeError("A Decimal is serialized from a string of digits");
  },
  parseValue(value) {
    const text = Number.isSafeInteger(value) ? String(value) : value;
    if (typeof text === "string" && isDecimal(text)) return withoutNegativeZero(text);
    throw scalarError(WHAT_IT_IS);
  },
  parseLiteral(literal) {
    if ((literal.kind === Kind.STRING || literal.kind === Kind.INT) && isDecimal(literal.value)) {
      return withoutNegativeZero(literal.value);
    }
    throw scalarError(WHAT_IT_IS, literal);
  },
});

/** PostgreSQL would drop the minus of -0.00, so it is dropped before: what is answered at once is what is stored. */
function withoutNegativeZero(text: string): string {
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}
