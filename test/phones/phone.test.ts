import { readFileSync } from "node:fs";
import fc from "fast-check";
import { type Examples, getCountries, getExampleNumber } from "libphonenumber-js/min";
import { parsePhone, parseRegion, phoneSearchText } from "../../src/phones/phone";

const VN = { country: "VN" } as const;
const PLUS_84 = { callingCode: "84" };
const US = { country: "US" } as const;
/** A mobile number of each country, from libphonenumber. */
const examples = JSON.parse(
  readFileSync(require.resolve("libphonenumber-js/examples.mobile.json"), "utf8"),
) as Examples;

describe("parsePhone", () => {
  test.each([
    ["0933456789", PLUS_84, "+84933456789"],
    ["987654321", PLUS_84, "+84987654321"],
    ["(091) 234-5678", VN, "+84912345678"],
    ["0933 456 789", VN, "+84933456789"],
    ["0933.456.789", VN, "+84933456789"],
    ["84933456789", VN, "+84933456789"],
    ["84933456789", PLUS_84, "+84933456789"],
    ["+84 (0)933 456 789", null, "+84933456789"],
    ["(+84) 933 456 789", null, "+84933456789"],
    ["(+84) 933 456 789", US, "+84933456789"],
    ["＋８４ ９３３ ４５６ ７８９", null, "+84933456789"],
    ["+1-555-123-4567", null, "+15551234567"],
    ["+1-555-123-4567", VN, "+15551234567"],
    ["(555) 123-4567", US, "+15551234567"],
    ["02079460958", { callingCode: "44" }, "+442079460958"],
    ["8 (912) 345-67-89", { callingCode: "7" }, "+79123456789"],
    ["06 698 12345", { callingCode: "39" }, "+390669812345"],
    ["tel:+84-933-456-789", null, "+84933456789"],
    ["+800 1234 5678", null, "+80012345678"],
  ])("reads %j in %j as %s", (text, region, e164) => expect(parsePhone(text, region)).toBe(e164));

  test("takes the region also as it is written", () => {
    expect(parsePhone("0933456789", "vn")).toBe("+84933456789");
    expect(parsePhone("0933456789", "+84")).toBe("+84933456789");
    expect(parsePhone("0933456789", "nowhere")).toBeNull();
  });

  test("reads digits of any script, and what was copied with invisible characters", () => {
    expect(parsePhone("٠٩٣٣٤٥٦٧٨٩", VN)).toBe("+84933456789");
    expect(parsePhone("०९३३४५६७८९", VN)).toBe("+84933456789");
    expect(parsePhone("𝟎𝟗𝟑𝟑𝟒𝟓𝟔𝟕𝟖𝟗", VN)).toBe("+84933456789");
    expect(parsePhone("\u202A+84 933\u00A0456\u200B789\u202C", null)).toBe("+84933456789");
  });

  test("reads an international number without its plus, where it is no national one", () => {
    expect(parsePhone("318000201068")).toBe("+318000201068");
    expect(parsePhone("318000201068", VN)).toBe("+318000201068");
    expect(parsePhone("84-933-456-789")).toBe("+84933456789");
    expect(parsePhone("15551234567", VN)).toBe("+15551234567");
    expect(parsePhone("0084 933 456 789")).toBe("+84933456789");
    expect(parsePhone("0084 933 456 789", PLUS_84)).toBe("+84933456789");
    expect(parsePhone("011 44 20 7946 0958", US)).toBe("+442079460958");
  });

  test("does not take a national number without a region for some country's", () => {
    expect(parsePhone("0933456789")).toBeNull();
    expect(parsePhone("5551234567")).toBeNull(); // possible in Brazil, +55
    expect(parsePhone("6502530000")).toBeNull(); // possible in Singapore, +65
  });

  test("drops an extension", () => {
    for (const text of ["0933456789 ext. 12", "0933456789x12", "0933456789;ext=12", "0933456789 #12"]) {
      expect(parsePhone(text, VN)).toBe("+84933456789");
    }
  });

  test.each([
    "",
    " ",
    "+",
    "0",
    "abc",
    "113",
    "+84",
    "+0933456789",
    "+999 123 456",
    "1-800-FLOWERS",
    "call 0933456789",
    "0933456789 / 0912345678",
    "0933456789, 0912345678",
    "0933\u0000456789",
    "9".repeat(20),
    `0933456789${" ".repeat(60)}`,
    "9".repeat(1_000_000),
  ])("finds no number in %.30j", (text) => expect(parsePhone(text, VN)).toBeNull());

  test("reads what it has read, and every country's example in every way of writing", () => {
    for (const country of getCountries()) {
      const example = getExampleNumber(country, examples);
      if (!example) throw new Error(`no example for ${country}`);
      expect(parsePhone(example.number)).toBe(example.number);
      expect(parsePhone(example.formatInternational(), VN)).toBe(example.number);
      expect(parsePhone(example.formatNational(), { country })).toBe(example.number);
      expect(phoneSearchText(example.number)).toContain(example.formatNational().replace(/\D/g, ""));
    }
  });

  test("gives E.164 or null, and never throws", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."+0123456789 ()-.x٣") }));
    const region = fc.constantFrom(null, VN, PLUS_84, US, { callingCode: "1" }, "883", "x");
    fc.assert(
      fc.property(text, region, (text, region) => {
        const phone = parsePhone(text, region);
        expect(phone ?? "+1").toMatch(/^\+[1-9]\d{0,17}$/);
        if (phone) expect(parsePhone(phone)).toBe(phone);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("parseRegion", () => {
  test.each([
    ["VN", { country: "VN" }],
    [" vn ", { country: "VN" }],
    ["+84", { callingCode: "84" }],
    ["84", { callingCode: "84" }],
    ["0084", { callingCode: "84" }],
    ["+ 1", { callingCode: "1" }],
  ])("reads %j", (text, region) => expect(parseRegion(text)).toEqual(region));
  test.each(["", "XX", "AQ", "VNM", "Vietnam", "+999", "999", "+800", "0", "+", "+84 933", "８4x", "9".repeat(1000)])(
    "reads no region in %.20j",
    (text) => expect(parseRegion(text)).toBeNull(),
  );
});

describe("phoneSearchText", () => {
  test.each([
    ["+84933456789", "84933456789 0933456789"],
    ["+31612345678", "31612345678 0612345678"],
    ["+390669812345", "390669812345 0669812345"],
    ["+79123456789", "79123456789 89123456789"],
    ["+15551234567", "15551234567 5551234567"],
    ["+845551234567", "845551234567 05551234567"],
    ["+999", "999"],
  ])("of %s is %j", (e164, text) => expect(phoneSearchText(e164)).toBe(text));
});
