import fc from "fast-check";
import { GraphQLError } from "graphql";
import { DateScalar, isCalendarDay } from "../../../src/graphql/scalars/date";
import { echo } from "./echo";

describe("isCalendarDay", () => {
  test.each(["2026-03-14", "2024-02-29", "2000-02-29", "1900-01-01", "2200-12-31"])("is true for %s", (text) => {
    expect(isCalendarDay(text)).toBe(true);
  });
  test.each([
    ...[
      "",
      "today",
      "infinity",
      "2026-3-14",
      "26-03-14",
      "20260314",
      "2026-03-14T00:00:00Z",
      "2026-03-14 ",
      "14.03.2026",
    ],
    ...["2023-02-29", "1900-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32"],
    ...["1899-12-31", "2201-01-01", "0000-01-01", "9999-12-31", "-2026-01-01", "２026-03-14", "2026-03-14\n"],
  ])("is false for %j", (text) => expect(isCalendarDay(text)).toBe(false));
  test("is true for every day of every year", () => {
    const day = fc.date({ min: new Date("1900-01-01"), max: new Date("2200-12-31"), noInvalidDate: true });
    fc.assert(fc.property(day, (date) => isCalendarDay(date.toISOString().slice(0, 10))));
  });
});

describe("DateScalar", () => {
  test("keeps the string, as a variable and as a literal", async () => {
    expect(DateScalar.parseValue("2026-03-14")).toBe("2026-03-14");
    expect(await echo(DateScalar, { variable: "2026-03-14" })).toEqual({ value: "2026-03-14" });
    expect(await echo(DateScalar, { literal: '"2026-03-14"' })).toEqual({ value: "2026-03-14" });
  });
  test.each(['"2023-02-30"', "20260314", "TODAY"])("refuses the literal %s", async (literal) => {
    const { errors } = await echo(DateScalar, { literal });
    expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_USER_INPUT" }, locations: [{ line: 1 }] });
    expect(errors?.[0]?.message).toMatch(/^A Date is a day that exists, written YYYY-MM-DD/);
  });
  test.each(["secret", 20260314, new Date(0)])("refuses the variable %j without repeating it", (value) => {
    expect(() => DateScalar.parseValue(value)).toThrow(GraphQLError);
    expect(() => DateScalar.parseValue(value)).not.toThrow(/secret|20260314/);
  });
  test("writes nothing but days", () => {
    expect(() => DateScalar.serialize(new Date(0))).toThrow(TypeError);
    expect(() => DateScalar.serialize("2026-03-14T00:00:00Z")).toThrow(TypeError);
  });
});
