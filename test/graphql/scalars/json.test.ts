import fc from "fast-check";
import { GraphQLError, parseValue } from "graphql";
import { JsonScalar, MAX_JSON_BYTES } from "../../../src/graphql/scalars/json";
import { echo } from "./echo";

const nested = (depth: number): unknown =>
  depth === 0 ? 1 : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) };
const literalOf = (value: unknown): string => JSON.stringify(value).replace(/"(\w+)":/g, "$1: ");

describe("JsonScalar", () => {
  test.each([
    ...["", "Nguyễn 👩‍🚀", 0, -1.5, 1e300, true, false, null, [], {}, [1, "a", null, [true]]],
    ...[{ size: 3, tags: ["a"], none: null, deep: { er: {} } }, nested(5), [nested(4)], "x".repeat(MAX_JSON_BYTES - 2)],
  ])("takes %.80j as a variable and as a literal", async (value) => {
    expect(await echo(JsonScalar, { variable: value })).toEqual({ value });
    expect(await echo(JsonScalar, { literal: literalOf(value) })).toEqual({ value });
  });

  test("gives back every JSON value within its limits", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        fc.pre(JSON.stringify(value).length < 5000);
        expect(JsonScalar.parseValue(value)).toBe(value);
      }),
    );
  });

  test.each([
    ["too deep, a list", nested(6)],
    ["too deep, an object", { a: nested(5) }],
    ["too long", "x".repeat(MAX_JSON_BYTES - 1)],
    ["too long in bytes", "ễ".repeat(MAX_JSON_BYTES / 3 + 1)],
    ["too long altogether", Array.from({ length: 9000 }, () => 1)],
    ["U+0000", ["a\u0000b"]],
  ])("refuses what is %s, as a variable and as a literal", async (_, value) => {
    const { errors } = await echo(JsonScalar, { literal: literalOf(value) });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_USER_INPUT" }, locations: [{ line: 1 }] });
    expect(errors?.[0]?.message).toMatch(/^(A|Text in a) JSON value m/);
    expect(errors?.[0]?.message.length).toBeLessThan(120);
    expect(() => JsonScalar.parseValue(value)).toThrow(errors?.[0]?.message);
  });

  test.each([
    ...[NaN, Infinity, undefined, 5n, Symbol("s"), () => 1, new Date(0), new Map(), [undefined], { a: undefined }],
    ...["\uD800", { "a\u0000": 1 }, { "\uDC00": 1 }, { toJSON: () => 1 }],
  ])("refuses the variable %p", (value) => {
    expect(() => JsonScalar.parseValue(value)).toThrow(GraphQLError);
  });

  test("refuses a circle", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => JsonScalar.parseValue(circle)).toThrow("deep");
  });

  test("refuses numbers out of range and names in literals", async () => {
    expect((await echo(JsonScalar, { literal: "[1e999]" })).errors?.[0]?.message).toContain("64-bit");
    expect((await echo(JsonScalar, { literal: "{ a: NAME }" })).errors?.[0]?.message).toContain("quotes");
  });

  test("refuses a deep literal quickly and without a stack overflow", async () => {
    const literal = "[".repeat(900) + "]".repeat(900);
    expect((await echo(JsonScalar, { literal })).errors?.[0]?.message).toContain("at most 5");
  });

  test("keeps a property named __proto__ a property", async () => {
    const { value } = await echo(JsonScalar, { literal: "{ __proto__: { admin: true } }" });
    expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  describe("with variables in a literal", () => {
    test("puts their values in", async () => {
      expect(await echo(JsonScalar, { literal: "{ a: [1, $part] }", part: { b: 2 } })).toEqual({
        value: { a: [1, { b: 2 }] },
      });
      expect(await echo(JsonScalar, { literal: "{ a: $part }", part: null })).toEqual({ value: { a: null } });
    });
    test("leaves out what is not given, and puts null into lists", async () => {
      expect(await echo(JsonScalar, { literal: "{ a: $part, b: [$part], c: 1 }" })).toEqual({
        value: { b: [null], c: 1 },
      });
    });
    // graphql-js drops what parseLiteral throws while it executes, and says only which argument is wrong.
    test.each([
      ["[[$part]]", nested(4)],
      ["[$part, $part]", "x".repeat(10_000)],
    ])("checks the whole: %s", async (literal, part) => {
      expect((await echo(JsonScalar, { literal, part })).errors).toHaveLength(1);
      expect(() => JsonScalar.parseLiteral(parseValue(literal), { part })).toThrow(GraphQLError);
    });
    test("writes a DateTime as text", () => {
      const literal = JsonScalar.parseLiteral(parseValue("[$when]"), { when: new Date("2026-03-14T09:26:53Z") });
      expect(literal).toEqual(["2026-03-14T09:26:53.000Z"]);
    });
  });
});
