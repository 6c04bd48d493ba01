import { GraphQLScalarType, Kind } from "graphql";
import { isCountryCode } from "../../addresses/country";
import { scalarError } from "./scalar-error";

const WHAT_IT_IS = "A CountryCode is a code of ISO 3166-1 alpha-2, two letters, such as VN.";

/** Our own, since the CountryCode of graphql-scalars keeps lower case, takes XK and repeats the value in its errors. */
export const CountryCodeScalar = new GraphQLScalarType<string, string>({
  name: "CountryCode",
  description:
    "A country by its officially assigned code of ISO 3166-1 alpha-2: `VN`. Lower case is taken too and becomes upper " +
    "case. Any other text is BAD_USER_INPUT, also codes that are only reserved (`EU`, `UK`) or for users to assign (`XK`).",
  specifiedByURL: "https://www.iso.org/iso-3166-country-codes.html",
  serialize(value) {
    if (typeof value === "string" && isCountryCode(value)) return value;
    throw new TypeError("A CountryCode is serialized from a code in upper case");
  },
  parseValue(value) {
    const code = typeof value === "string" ? assignedCode(value) : null;
    if (code) return code;
    throw scalarError(WHAT_IT_IS);
  },
  parseLiteral(literal) {
    const code = literal.kind === Kind.STRING ? assignedCode(literal.value) : null;
    if (code) return code;
    throw scalarError(WHAT_IT_IS, literal);
  },
});

function assignedCode(text: string): string | null {
  // ASCII before upper case, which would make a Turkish ı an I.
  const code = /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : "";
  return isCountryCode(code) ? code : null;
}
