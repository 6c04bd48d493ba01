import fc from "fast-check";
import { decodeCursor, encodeCursor } from "../../src/pagination/cursor";
import { newestFirst, Order } from "../../src/pagination/order";

const BY_NAME = new Order("customers", [
  { name: "NAME", column: "name_folded", property: "nameFolded", type: "text", descending: true },
  { name: "CREATED_AT", column: "created_at", property: "createdAt", type: "timestamptz", descending: false },
]);

test("a cursor gives back what it was made of, to its own list and order alone", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.array(fc.string({ unit: "binary" }), { maxLength: 4 }),
      fc.string(),
      (list, values, other) => {
        const cursor = encodeCursor(list, values);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, list, values.length)).toEqual(values);
        expect(decodeCursor(cursor, list, values.length + 1)).toBeUndefined();
        if (other !== list) expect(decodeCursor(cursor, other, values.length)).toBeUndefined();
      },
    ),
  );
});

test("what is no cursor is none, whatever it is", () => {
  const shapes = [
    undefined,
    null,
    1,
    "x",
    {},
    [],
    ["list"],
    ["list", 1],
    ["list", null],
    [["list"], "a"],
    ["list", ["a"]],
  ];
  for (const shape of shapes) {
    const text = Buffer.from(JSON.stringify(shape) ?? "").toString("base64url");
    expect(decodeCursor(text, "list", 1)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: "binary" })), (text) => {
      expect(decodeCursor(text, "list", 1)).toBeUndefined();
    }),
  );
});

test("a row's sort values are accepted by the order that they are of", () => {
  fc.assert(
    fc.property(
      fc.uuid({ version: 7 }),
      fc.date({ min: new Date("1900-01-01"), max: new Date("2200-12-31"), noInvalidDate: true }),
      // A name has 300 characters; folded, each can become 18.
      fc.oneof(
        fc.string({ unit: "grapheme-composite", maxLength: 300 }),
        fc.constant("ﷺ".repeat(300).normalize("NFKD")),
      ),
      (id, createdAt, text) => {
        const nameFolded = text.replaceAll("\0", "");
        const values = BY_NAME.valuesOf({ id, createdAt, nameFolded });
        expect(values).toEqual([nameFolded, createdAt.toISOString(), id]);
        expect(BY_NAME.accepts(values)).toBe(true);
        expect(decodeCursor(encodeCursor(BY_NAME.key, values), BY_NAME.key, 3)).toEqual(values);
      },
    ),
  );
});

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const TIME = "2026-03-14T09:26:53.589Z";

test.each([
  ["too few", ["a", TIME]],
  ["an id in another form", ["a", TIME, ID.toUpperCase()]],
  ["an id that is none", ["a", TIME, "x"]],
  ["a time that is none", ["a", "now", ID]],
  ["a time without milliseconds", ["a", "2026-03-14T09:26:53Z", ID]],
  ["a month that is none", ["a", "2026-13-14T09:26:53.589Z", ID]],
  ["a day that the month has not", ["a", "2026-02-30T09:26:53.589Z", ID]],
  ["an hour that is none", ["a", "2026-02-28T24:00:00.000Z", ID]],
  ["a year that PostgreSQL does not know", ["a", "0000-01-01T00:00:00.000Z", ID]],
  ["a text with U+0000", ["a\0", TIME, ID]],
  ["half of a surrogate pair", ["\ud800", TIME, ID]],
  ["a text longer than any", ["a".repeat(10_000), TIME, ID]],
])("%s is not accepted as a place: the database could not read it", (_, values) => {
  expect(BY_NAME.accepts(values)).toBe(false);
});

test("orders of the same columns in another direction, or of another list, have other cursors", () => {
  const order = newestFirst("workOrders");
  expect(order.key).not.toBe(newestFirst("invoices").key);
  expect(order.key).not.toBe(
    new Order(
      "workOrders",
      order.columns.slice(0, 1).map((c) => ({ ...c, descending: false })),
    ).key,
  );
  expect(new Set([BY_NAME.key, new Order("customers", BY_NAME.columns.slice(0, 1)).key]).size).toBe(2);
});
