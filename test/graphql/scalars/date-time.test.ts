import fc from "fast-check";
import { GraphQLError } from "graphql";
import { DateTimeScalar, parseDateTime } from "../../../src/graphql/scalars/date-time";
import { echo } from "./echo";

describe("parsing a DateTime", () => {
  test.each([
    ["2026-03-14T09:26:53Z", "2026-03-14T09:26:53.000Z"],
    ["2026-03-14T16:26:53.589+07:00", "2026-03-14T09:26:53.589Z"],
    ["2026-03-14t09:26:53.5z", "2026-03-14T09:26:53.500Z"],
    ["2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"],
    ["2026-12-31T23:59:59.999999999Z", "2026-12-31T23:59:59.999Z"],
    ["2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29T00:00:00-23:59", "2000-02-29T23:59:00.000Z"],
    ["1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000Z"],
    ["1899-12-31T23:30:00-01:00", "1900-01-01T00:30:00.000Z"],
    ["2200-12-31T23:59:59.999Z", "2200-12-31T23:59:59.999Z"],
  ])("reads %s", (text, utc) => expect(parseDateTime(text)?.toISOString()).toBe(utc));

  test.each([
    "",
    "now",
    "infinity",
    "2026-03-14",
    "2026-03-14T09:26:53",
    "2026-03-14 09:26:53Z",
    "2026-03-14T09:26Z",
    "2026-03-14T09:26:53+07",
    "2026-03-14T09:26:53+0700",
    "2026-03-14T09:26:53+24:00",
    "2026-03-14T09:26:53+07:60",
    "2026-03-14T09:26:53.Z",
    "2026-03-14T09:26:53,5Z",
    "2026-03-14T24:00:00Z",
    "2026-03-14T09:60:00Z",
    "2016-12-31T23:59:60Z",
    "2023-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-10T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0099-01-01T00:00:00Z",
    "1899-12-31T23:59:59Z",
    "1900-01-01T00:00:00+00:01",
    "2201-01-01T00:00:00Z",
    "2200-12-31T23:59:59-00:01",
    "+002026-03-14T09:26:53Z",
    " 2026-03-14T09:26:53Z",
    "2026-03-14T09:26:53Z\n",
    "２026-03-14T09:26:53Z",
  ])("refuses %j", (text) => expect(parseDateTime(text)).toBeNull());

  test("reads every instant that it has written, and no text at all as something else than Date does", () => {
    const instant = fc.date({ min: new Date("1900-01-01"), max: new Date("2200-12-31"), noInvalidDate: true });
    fc.assert(fc.property(instant, (date) => parseDateTime(date.toISOString())?.getTime() === date.getTime()));
  });
});

describe("DateTimeScalar", () => {
  test("reads variables and literals, and answers in UTC with milliseconds", async () => {
    const utc = "2026-03-14T09:26:53.000Z";
    expect(await echo(DateTimeScalar, { literal: '"2026-03-14T16:26:53+07:00"' })).toEqual({ value: utc });
    expect(await echo(DateTimeScalar, { variable: "2026-03-14T16:26:53+07:00" })).toEqual({ value: utc });
    expect(DateTimeScalar.parseValue("2026-03-14T09:26:53Z")).toBeInstanceOf(Date);
  });

  test.each(['"2023-02-30T00:00:00Z"', "20260314", "2026.5", "true", "{}", "[]", "NOW"])(
    "refuses the literal %s",
    async (literal) => {
      const { errors } = await echo(DateTimeScalar, { literal });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_USER_INPUT" }, locations: [{ line: 1 }] });
      expect(errors?.[0]?.message).toMatch(/^A DateTime is .* such as 2026-/);
    },
  );

  test.each(["secret", 1773480413, true, {}, [], new Date(0)])(
    "refuses the variable %j without repeating it",
    (value) => {
      expect(() => DateTimeScalar.parseValue(value)).toThrow(GraphQLError);
      expect(() => DateTimeScalar.parseValue(value)).not.toThrow(/secret|1773480413/);
    },
  );

  test("writes dates and strings, and nothing else", () => {
    expect(DateTimeScalar.serialize(new Date("2026-03-14T09:26:53Z"))).toBe("2026-03-14T09:26:53.000Z");
    expect(DateTimeScalar.serialize("2026-03-14T09:26:53.123456+00:00")).toBe("2026-03-14T09:26:53.123Z");
    for (const value of [new Date(NaN), "yesterday", 5, null]) {
      expect(() => DateTimeScalar.serialize(value)).toThrow(TypeError);
    }
  });
});
