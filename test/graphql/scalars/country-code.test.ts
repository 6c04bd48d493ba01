import { GraphQLError } from "graphql";
import { CountryCodeScalar } from "../../../src/graphql/scalars/country-code";
import { echo } from "./echo";

describe("CountryCodeScalar", () => {
  test("takes assigned codes in any case and makes them upper case", async () => {
    expect(await echo(CountryCodeScalar, { literal: '"VN"' })).toEqual({ value: "VN" });
    expect(await echo(CountryCodeScalar, { literal: '"vn"' })).toEqual({ value: "VN" });
    expect(await echo(CountryCodeScalar, { variable: "nL" })).toEqual({ value: "NL" });
  });
  test.each(['"XK"', '"EU"', '"UK"', '"VNM"', '"Vietnam"', '""', "VN", "84"])(
    "refuses the literal %s",
    async (literal) => {
      const { errors } = await echo(CountryCodeScalar, { literal });
      expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_USER_INPUT" }, locations: [{ line: 1 }] });
      expect(errors?.[0]?.message).toBe("A CountryCode is a code of ISO 3166-1 alpha-2, two letters, such as VN.");
    },
  );
  test.each(["ZZ", " VN", "VN ", "ıt", "ﬁ", 84, null, ["VN"], {}])("refuses the variable %j", (value) => {
    expect(() => CountryCodeScalar.parseValue(value)).toThrow(GraphQLError);
  });
  test("writes codes only", () => {
    expect(CountryCodeScalar.serialize("VN")).toBe("VN");
    for (const value of ["vn", "Vietnam", 84]) expect(() => CountryCodeScalar.serialize(value)).toThrow(TypeError);
  });
});
