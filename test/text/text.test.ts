import fc from "fast-check";
import { codeKey, fold, hasControlCharacters, isCleanText, normalizeName, normalizeText } from "../../src/text/text";

const anyText = fc.string({ unit: "binary" });

describe("isCleanText", () => {
  test.each(["", "Nguyễn", "👩‍🚀", "\n\t", "\uFFFD"])("takes %j", (text) => expect(isCleanText(text)).toBe(true));
  test.each(["a\0b", "\0", "\uD800", "a\uDC00b", "\uDE00\uD83D"])("refuses %j", (text) => {
    expect(isCleanText(text)).toBe(false);
  });
});

describe("normalizeText", () => {
  test("composes and trims, whatever the white space", () => {
    expect(normalizeText("\u00A0\u3000\t e\u0301te\u0301 \n\u0085\uFEFF\u2028")).toBe("été");
  });
  test("keeps the white space inside", () => expect(normalizeText(" a \n b ")).toBe("a \n b"));
  test("makes nothing of white space", () => expect(normalizeText(" \u2003\n")).toBe(""));
  test("changes nothing the second time", () => {
    fc.assert(fc.property(anyText, (text) => normalizeText(normalizeText(text)) === normalizeText(text)));
  });
  test("is quick with much white space inside", () => {
    const text = `a${" ".repeat(200_000)}b`;
    const start = performance.now();
    expect(normalizeText(text)).toBe(text);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("normalizeName", () => {
  test("makes every run of white space one space", () => {
    expect(normalizeName("  Ada \t\u00A0 Lovelace\r\nKing ")).toBe("Ada Lovelace King");
  });
  test("changes nothing the second time", () => {
    fc.assert(fc.property(anyText, (text) => normalizeName(normalizeName(text)) === normalizeName(text)));
  });
});

describe("hasControlCharacters", () => {
  test.each(["C-10001", "KH 1/2", "Mã-01", "می‌خواهم", ""])("is false for %j", (code) => {
    expect(hasControlCharacters(code)).toBe(false);
  });
  test.each(["a\nb", "a\tb", "\u007F", "\u0085", "\u2028", "\u202Eabc", "a\u200Fb", "\0"])("is true for %j", (code) => {
    expect(hasControlCharacters(code)).toBe(true);
  });
});

describe("codeKey", () => {
  test.each([
    [" c-10001 ", "C-10001"],
    ["mã-ĐL", "MÃ-đl"],
    ["e\u0301-1", "É-1"],
    ["ΟΔΟΣ", "οδοσ"],
  ])("is the same for %j and %j", (one, other) => expect(codeKey(one)).toBe(codeKey(other)));
  test.each([
    ["Ä-1", "A-1"],
    ["ß", "ss"],
    ["a b", "ab"],
    ["đ", "d"],
  ])("differs for %j and %j", (one, other) => expect(codeKey(one)).not.toBe(codeKey(other)));
  test("is its own key", () => {
    fc.assert(fc.property(anyText, (code) => codeKey(codeKey(code)) === codeKey(code)));
  });
});

describe("fold", () => {
  test.each([
    ["Nguyễn Đình Ðức", "nguyen dinh duc"],
    ["Łódź", "lodz"],
    ["Ærøskøbing", "aeroskobing"],
    ["Œuvre", "oeuvre"],
    ["STRAẞE Straße", "strasse strasse"],
    ["Þórður Guðmundsson", "thordur gudmundsson"],
    ["Ħamrun Ŧ", "hamrun t"],
    ["Iğdır İstanbul ISTANBUL", "igdir istanbul istanbul"],
    ["ＡＢＣ ﬁn", "abc fin"],
    ["D’Angelo O´Brien O'Neill", "d'angelo o'brien o'neill"],
    ["Jean‑Luc – Saint—Jean", "jean-luc - saint-jean"],
    ["Co\u00ADop\u200B", "coop"],
    ["ΟΔΟΣ Οδός", "οδοσ οδοσ"],
    ["Ёлка", "елка"],
    ["שָׁלוֹם", "שלום"],
    ["مُحَمَّد", "محمد"],
    ["a\u0302\u0323", "a"],
  ])("folds %j to %j", (text, folded) => expect(fold(text)).toBe(folded));

  test("keeps letters that differ by a vowel sign or a voicing mark apart", () => {
    expect(fold("कि")).not.toBe(fold("का"));
    expect(fold("が")).not.toBe(fold("か"));
    expect(fold("각")).toBe("각");
  });
  test("keeps white space", () => expect(fold(" A  b ")).toBe(" a  b "));
  test("changes nothing the second time", () => {
    fc.assert(
      fc.property(anyText, (text) => fold(fold(text)) === fold(text)),
      { numRuns: 2000 },
    );
  });
  test("changes nothing the second time, for every character", () => {
    const unstable = everyCharacter().filter((character) => fold(fold(character)) !== fold(character));
    expect(unstable).toEqual([]);
  });
  test("is the same for both cases and for both normal forms", () => {
    fc.assert(fc.property(anyText, (text) => fold(text) === fold(text.normalize("NFD"))));
    const differing = everyCharacter().filter((character) => fold(character) !== fold(character.toLowerCase()));
    expect(differing).toEqual([]);
  });
});

/** All that are assigned, but the ideographs: there are many, and none has a case or an accent. */
function everyCharacter(): string[] {
  const characters = Array.from({ length: 0x110000 }, (_, codePoint) => String.fromCodePoint(codePoint));
  return characters.filter((character) => /[^\p{Cn}\p{Co}\p{Cs}\p{Ideographic}]/u.test(character));
}
