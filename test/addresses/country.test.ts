import { isISO31661Alpha2 } from "class-validator";
import { countryName, isCountryCode, parseCountry } from "../../src/addresses/country";

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const PAIRS = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
const CODES = PAIRS.filter(isCountryCode);

describe("isCountryCode", () => {
  test("knows the officially assigned codes, and no others", () => {
    expect(CODES).toHaveLength(249);
    expect(CODES).toEqual(PAIRS.filter((code) => isISO31661Alpha2(code)));
    for (const other of ["EU", "XK", "UN", "ZZ", "UK", "AC", "vn", "", "VNM", "constructor"]) {
      expect(isCountryCode(other)).toBe(false);
    }
  });
});

describe("parseCountry", () => {
  test("reads every code in any case, and every name it gives", () => {
    for (const code of CODES) {
      expect(parseCountry(code)).toBe(code);
      expect(parseCountry(` ${code.toLowerCase()} `)).toBe(code);
      expect(parseCountry(countryName(code))).toBe(code);
    }
  });

  test.each(["en", "vi", "de", "nl", "fr", "es"])("reads every country's name in %s", (language) => {
    const names = new Intl.DisplayNames(language, { type: "region" });
    const wrong = CODES.filter((code) => parseCountry(names.of(code) ?? "") !== code);
    expect(wrong).toEqual([]);
  });

  test("reads no other two letters than codes and UK", () => {
    expect(PAIRS.filter((pair) => !isCountryCode(pair) && parseCountry(pair) !== null)).toEqual(["UK"]);
  });

  test.each([
    ["VN", "Vietnam", "Việt Nam", "Viet Nam", "VIỆT NAM", "vietnam", "Vie\u0302\u0323t Nam"],
    ["DE", "Germany", "Deutschland", "Duitsland", "Allemagne", "Alemania", "Đức"],
    ["NL", "Netherlands", "The Netherlands", "Nederland", "Holland", "Pays-Bas", "Niederlande", "Hà Lan"],
    ["US", "USA", "U.S.A.", "U.S.", "United States", "United States of America", "the United States", "Mỹ", "Hoa Kỳ"],
    ["US", "EE. UU.", "Estados Unidos", "États-Unis", "Vereinigte Staaten", "Verenigde Staten"],
    ["GB", "UK", "U.K.", "United Kingdom", "Great Britain", "England", "Scotland", "Wales", "Vương quốc Anh", "Anh"],
    ["GB", "Grossbritannien", "Großbritannien", "Royaume-Uni", "Reino Unido"],
    ["AT", "Österreich", "Oesterreich", "Osterreich"],
    ["BE", "België", "Belgique", "Belgien"],
    ["CH", "Schweiz", "Suisse", "Svizzera", "Svizra"],
    ["CA", "Canada", "Kanada"],
    ["CI", "Côte d'Ivoire", "Cote d’Ivoire", "Ivory Coast", "Elfenbeinküste"],
    ["CN", "China", "中国", "Trung Quốc"],
    ["CD", "Congo - Kinshasa", "DR Congo", "Democratic Republic of the Congo"],
    ["CG", "Congo", "Congo-Brazzaville", "Republic of the Congo"],
    ["CZ", "Czechia", "Czech Republic", "Česko"],
    ["DO", "Dominican Republic"],
    ["DM", "Dominica"],
    ["GR", "Greece", "Ελλάδα", "ΕΛΛΑΔΑ"],
    ["HK", "Hong Kong", "香港", "Hong Kong SAR China"],
    ["IN", "India", "भारत", "Ấn Độ"],
    ["IT", "Italia", "Ý"],
    ["JP", "Japan", "日本", "Nhật Bản"],
    ["KR", "South Korea", "Korea", "Republic of Korea", "대한민국", "Hàn Quốc"],
    ["KP", "North Korea"],
    ["LC", "St. Lucia", "St Lucia", "Saint Lucia"],
    ["MM", "Myanmar", "Burma", "Myanmar (Burma)"],
    ["RU", "Russia", "Россия", "Russian Federation"],
    ["TH", "ไทย", "ประเทศไทย"],
    ["TR", "Turkey", "Türkiye", "TÜRKİYE"],
    ["TT", "Trinidad and Tobago", "Trinidad & Tobago"],
    ["TW", "Taiwan", "台灣", "臺灣"],
    ["UA", "Україна", "Ukraine"],
    ["EG", "مصر"],
    ["IL", "ישראל"],
    ["MY", "my", "Malaysia"],
  ])("%s: %s, %s, %s, …", (code, ...names) => {
    expect(names.map((name) => parseCountry(name))).toEqual(names.map(() => code));
  });

  test.each([
    "",
    " ",
    "the",
    "EU",
    "E.U.",
    "XK",
    "UN",
    "ZZ",
    "Kosovo",
    "Atlantis",
    "Virgin Islands",
    "?",
    "x".repeat(1e6),
  ])("knows no country %.20j", (text) => expect(parseCountry(text)).toBeNull());
});

describe("countryName", () => {
  test("is what an address in English ends with", () => {
    expect(["US", "GB", "HK", "MM", "CD", "BA", "NL"].map(countryName)).toEqual([
      "United States",
      "United Kingdom",
      "Hong Kong",
      "Myanmar",
      "Democratic Republic of the Congo",
      "Bosnia and Herzegovina",
      "Netherlands",
    ]);
  });
  test("of an unknown code is the code", () => expect(countryName("ZZ")).toBe("ZZ"));
});
