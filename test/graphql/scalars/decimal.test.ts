import fc from "fast-check";
import { GraphQLError } from "graphql";
import { DecimalScalar, isDecimal } from "../../../src/graphql/scalars/decimal";
import { echo } from "./echo";

describe("isDecimal", () => {
  test.each(["0", "-3", "1250000.50", "0.0001", "-0.5", "10.0000", "999999999999999.9999"])(
    "is true for %s",
    (text) => {
      expect(isDecimal(text)).toBe(true);
    },
  );
  test.each([
    ...["", " 1", "1 ", "+1", "007", "00", "-01", ".5", "5.", "1.23456", "1000000000000000", "1e3", "1E3", "0x10"],
    ...["1,000.00", "1_000", "NaN", "Infinity", "-", "--1", "1.2.3", "１", "1\n", "9".repeat(1e6)],
  ])("is false for %.20j", (text) => expect(isDecimal(text)).toBe(false));
});

describe("DecimalScalar", () => {
  test.each(["1250000.50", "0", "-3.1000", "999999999999999.9999"])("keeps the digits of %s", async (text) => {
    expect(await echo(DecimalScalar, { variable: text })).toEqual({ value: text });
    expect(await echo(DecimalScalar, { literal: `"${text}"` })).toEqual({ value: text });
  });
  test("keeps the digits of every decimal", () => {
    const digits = (min: number, max: number) =>
      fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });
    const whole = fc.oneof(fc.constant("0"), fc.integer({ min: 1, max: 999_999_999_999_999 }).map(String));
    fc.assert(
      fc.property(whole, digits(1, 4), (whole, fraction) => {
        expect(DecimalScalar.parseValue(`${whole}.${fraction}`)).toBe(`${whole}.${fraction}`);
      }),
    );
  });

  test("takes whole numbers without quotes", async () => {
    expect(await echo(DecimalScalar, { literal: "1250000" })).toEqual({ value: "1250000" });
    expect(await echo(DecimalScalar, { literal: "-5" })).toEqual({ value: "-5" });
    expect(await echo(DecimalScalar, { literal: "999999999999999" })).toEqual({ value: "999999999999999" });
    expect(await echo(DecimalScalar, { variable: 999_999_999_999_999 })).toEqual({ value: "999999999999999" });
  });

  test("knows no negative zero", () => {
    expect(["-0", "-0.00", "-0.01", -0].map((value) => DecimalScalar.parseValue(value))).toEqual([
      "0",
      "0.00",
      "-0.01",
      "0",
    ]);
  });

  test.each(['"1e3"', '"007"', "1.5", "1e3", "1000000000000000", "true", "{}"])(
    "refuses the literal %s",
    async (literal) => {
      const { errors } = await echo(DecimalScalar, { literal });
      expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_USER_INPUT" }, locations: [{ line: 1 }] });
      expect(errors?.[0]?.message).toMatch(/^A Decimal is a string/);
    },
  );
  test.each([1.5, 1e15, 2 ** 53, NaN, Infinity, "secret", true, 5n, ["1"], {}])("refuses the variable %p", (value) => {
    expect(() => DecimalScalar.parseValue(value)).toThrow(GraphQLError);
    expect(() => DecimalScalar.parseValue(value)).not.toThrow(/secret/);
  });
  test("writes strings of digits only", () => {
    expect(DecimalScalar.serialize("1250000.50")).toBe("1250000.50");
    for (const value of [1.5, "NaN", "", null]) expect(() => DecimalScalar.serialize(value)).toThrow(TypeError);
  });
});
