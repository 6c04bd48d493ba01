import { fold } from "../text/text";

/** The 249 officially assigned codes: no EU or UN (reserved), no XK (in common use, but for users to assign). */
const CODES = new Set(
  (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
    "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT " +
    "JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY " +
    "MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM " +
    "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV " +
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT " +
    "ZA ZM ZW"
  ).split(" "),
);

/** Languages in which every country's name is read, the first winning where two use one name. */
const COMMON_LANGUAGES = ["en", "vi", "de", "nl", "fr", "es"];

/**
 * The languages of countries that have more than one, or another than the one CLDR holds likeliest there; the common
 * languages need no mention. All other countries have that one language.
 * @see CLDR supplemental data, territoryInfo: the official and widely used languages
 */
const LANGUAGES = keyed(
  "AF:fa ps, AX:sv fi, AZ:az az-Cyrl, BA:bs hr sr, BO:qu, BW:tn, BY:be ru, CD:sw ln, CG:ln, CH:it rm, CN:zh zh-Hant, " +
    "CY:el tr, DJ:ar so, DZ:ar kab, ER:ti ar, ES:ca gl eu, ET:am om ti so, FI:fi sv se, FJ:hi, FO:fo da, GB:cy gd ga, " +
    "GL:kl da, GQ:pt, HK:zh-Hant-HK zh-Hant zh, ID:id jv, IE:ga, IL:he ar, IM:gv, IN:hi bn te mr ta gu kn ml pa or as ur, " +
    "IQ:ar ku, KG:ky ru, KZ:kk ru, LK:si ta, LU:lb, MA:ar zgh, MD:ro ru, ME:sr-Latn-ME sr, MG:mg, MO:zh-Hant zh pt, " +
    "MY:ms zh ta, NG:ha yo ig, NO:nb nn se, NZ:mi, PE:qu, PH:fil ceb, PK:ur pa-Arab ps sd, RS:sr sr-Latn hu, " +
    "SG:zh ms ta, SI:sl it hu, SN:wo ff, SO:so ar, TD:ar, TJ:tg ru, TL:pt, TM:tk ru, TR:tr ku, TW:zh-Hant zh, UA:uk ru, " +
    "UG:sw, UZ:uz uz-Cyrl ru, ZA:af zu xh, ZW:sn nd",
);

/**
 * Names in use that CLDR does not have: those of ISO 3166-1 and the United Nations where they differ, former and
 * colloquial ones. England, Scotland, Wales and Northern Ireland are GB: in an address nothing else can be meant.
 * Names that two countries share belong to the one that ISO 3166-1 gives them to (Congo), or that is meant (Korea).
 */
const ALIASES: Readonly<Record<string, string>> = {
  AE: "UAE, VAE",
  AU: "Úc, Châu Úc",
  BA: "Bosnia",
  BN: "Brunei Darussalam",
  BO: "Plurinational State of Bolivia, Bolivia Plurinational State of",
  BQ: "Bonaire Sint Eustatius and Saba",
  BY: "Weißrussland, Wit-Rusland, Bielorrusia, Belorussia",
  CD: "Democratic Republic of the Congo, Congo Democratic Republic of the, DR Congo, DRC, Zaire",
  CG: "Congo, Republic of the Congo",
  CI: "Ivory Coast, Elfenbeinküste, Ivoorkust, Costa de Marfil, Bờ Biển Ngà",
  CN: "People's Republic of China, PRC, PR China, Mainland China, 中华人民共和国",
  CV: "Cape Verde, Cabo Verde",
  CZ: "Czech Republic, Czechia, Tschechische Republik, Česká republika, Tsjechische Republiek, République tchèque, República Checa",
  DE: "Bundesrepublik Deutschland, Federal Republic of Germany, BRD",
  FK: "Falkland Islands Malvinas, Malvinas",
  FM: "Federated States of Micronesia, Micronesia Federated States of",
  GB:
    "U.K., Great Britain, Britain, United Kingdom of Great Britain and Northern Ireland, England, Scotland, Wales, " +
    "Northern Ireland, Anh, Anh Quốc, Nước Anh, Grossbritannien, Engeland, Groot-Brittannië, Schotland, " +
    "Angleterre, Grande-Bretagne, Inglaterra, Gran Bretaña, Schottland",
  HK: "Hong Kong, HKSAR",
  IE: "Republic of Ireland",
  IN: "Bharat",
  IR: "Islamic Republic of Iran, Iran Islamic Republic of",
  IT: "Ý, Nước Ý",
  JP: "Nhật, 日本国",
  KP: "Democratic People's Republic of Korea, Korea Democratic People's Republic of, DPRK, Bắc Triều Tiên",
  KR: "Korea, Republic of Korea, Korea Republic of, ROK, Korea South, Đại Hàn Dân Quốc",
  LA: "Lao, Lao PDR, Lao People's Democratic Republic",
  MD: "Republic of Moldova, Moldova Republic of, Moldavia",
  MK: "Macedonia, Republic of North Macedonia, FYROM",
  MM: "Burma, Birma, Birmanie, Birmania, Miến Điện",
  MO: "Macau, Macao, Ma Cao",
  MY: "Mã Lai",
  NL: "Holland, Kingdom of the Netherlands, Hollande, Holanda",
  PS: "Palestine, State of Palestine, Palestine State of",
  RU: "Russian Federation",
  SH: "Saint Helena Ascension and Tristan da Cunha",
  SY: "Syrian Arab Republic",
  SZ: "Swaziland",
  TH: "ประเทศไทย",
  TL: "East Timor",
  TR: "Turkey",
  TW: "Taiwan Province of China, Republic of China, 臺灣, 中華民國",
  TZ: "United Republic of Tanzania, Tanzania United Republic of",
  UM: "United States Minor Outlying Islands",
  US: "United States of America, USA, America, U.S., Mỹ, Nước Mỹ, Amerika, EUA",
  VA: "Holy See, Vatican",
  VE: "Bolivarian Republic of Venezuela, Venezuela Bolivarian Republic of",
  VG: "Virgin Islands British",
  VI: "Virgin Islands U.S., US Virgin Islands",
  VN: "Socialist Republic of Vietnam, Cộng hòa xã hội chủ nghĩa Việt Nam",
};

/** English names where CLDR's own is not the one for an address: Hong Kong SAR China, Congo - Kinshasa. */
const ENGLISH_NAMES: Readonly<Record<string, string>> = {
  CC: "Cocos Islands",
  CD: "Democratic Republic of the Congo",
  CG: "Republic of the Congo",
  HK: "Hong Kong",
  MM: "Myanmar",
  MO: "Macao",
  PS: "Palestine",
};

/** Longer than the longest name of a country. */
const MAX_LENGTH = 100;

/** Whether it is an officially assigned code of ISO 3166-1 alpha-2, in upper case. */
export function isCountryCode(code: string): boolean {
  return CODES.has(code);
}

/**
 * Reads a country as people write it: its ISO 3166-1 alpha-2 code, its name in English, in a language of its own, in
 * Vietnamese, German, Dutch, French or Spanish, or a usual alias ("USA", "Holland"). Case, accents, punctuation and a
 * leading "the" do not matter, nor whether Saint is shortened. Two ASCII letters are a code, or UK: "my" is Malaysia, "Mỹ"
 * the United States.
 * @returns the code, or null where no country is known by that name
 * @see CLDR, by way of Intl.DisplayNames, for the names
 */
export function parseCountry(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  const written = text.trim();
  if (/^[A-Za-z]{2}$/.test(written)) {
    const code = written.toUpperCase();
    return CODES.has(code) ? code : code === "UK" ? "GB" : null;
  }
  return getCodesByName().get(nameKey(written)) ?? null;
}

/** The short name in English that ends an address ("Bosnia and Herzegovina"); of an unknown code the code itself. */
export function countryName(code: string): string {
  if (!CODES.has(code)) return code;
  englishNames ??= new Intl.DisplayNames("en", { type: "region" });
  return ENGLISH_NAMES[code] ?? englishNames.of(code)?.replace(" & ", " and ") ?? code;
}

let englishNames: Intl.DisplayNames | undefined;
let codesByName: ReadonlyMap<string, string> | undefined;

/** Built when the first name is read (some 50 ms): most callers send codes. */
function getCodesByName(): ReadonlyMap<string, string> {
  return (codesByName ??= indexNames());
}

function indexNames(): Map<string, string> {
  const codes = new Map<string, string>();
  const add = (name: string, code: string) => {
    const key = nameKey(name);
    if (key && !codes.has(key)) codes.set(key, code);
  };
  const addLocalized = (locale: string, names: readonly Intl.DisplayNames[], code: string) => {
    for (const display of names) {
      const name = display.of(code) ?? code;
      if (/^(?:\p{Lu}[.-]*){2}$/u.test(name)) continue; // É.-U., in French short for what is not the EU
      add(name, code);
      add(name.replace(/ \(.*\)$/, ""), code); // Myanmar (Burma)
      if (locale === "de") add(name.replace(/[äöüÄÖÜ]/g, "$&e"), code); // Oesterreich, as typed without umlauts
    }
  };

  for (const [code, aliases] of Object.entries(ALIASES)) for (const alias of aliases.split(", ")) add(alias, code);
  for (const locale of COMMON_LANGUAGES) {
    const names = displayNames(locale);
    for (const code of CODES) addLocalized(locale, names, code);
  }
  for (const code of CODES) {
    const likeliest = new Intl.Locale(`und-${code}`).maximize().toString();
    for (const locale of LANGUAGES.get(code)?.split(" ") ?? [likeliest])
      addLocalized(locale, displayNames(locale), code);
  }
  return codes;
}

/** Long names and short ones (UK). None for a language that ICU lacks, where it would answer in that of the machine. */
function displayNames(locale: string): Intl.DisplayNames[] {
  if (Intl.DisplayNames.supportedLocalesOf(locale).length === 0) return [];
  return (["long", "short"] as const).map((style) => new Intl.DisplayNames(locale, { type: "region", style }));
}

/** What of a name is compared: folded words, written together (Viet Nam, Vietnam), without "the" and "and". */
function nameKey(name: string): string {
  return fold(name)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "the" && word !== "and")
    .map((word) => (word === "st" ? "saint" : word))
    .join("");
}

/** From "AF:fa ps, AX:sv fi" a map of what follows each code. */
function keyed(table: string): ReadonlyMap<string, string> {
  return new Map(table.split(", ").map((entry) => [entry.slice(0, 2), entry.slice(3)]));
}
