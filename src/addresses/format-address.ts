import { normalizeName } from "../text/text";
import { type PostalAddress } from "./address";
import { countryName } from "./country";

/** Hauptstraße 5 rather than 5 Hauptstraße: most of Europe and of Latin America. France and its like are not among them. */
const NUMBER_AFTER_STREET = codes(
  "AD AL AM AO AR AT AW AX AZ BA BE BG BO BQ BR BY CH CL CO CR CU CV CW CY CZ DE DK DO EC EE ES FI FO GE GL GR GT HN HR " +
    "HU ID IS IT KG KZ LI LT LV MD ME MK MX MZ NI NL NO PA PE PL PT PY RO RS RU SE SI SJ SK SM SR SV SX TJ TM TR UA UY " +
    "UZ VA VE",
);

/** 10115 Berlin rather than Berlin 10115. */
const POSTAL_CODE_BEFORE_CITY = codes(
  "AD AL AR AT AX BA BE BG BL CH CL CU CY CZ DE DK DO DZ EE ES FI FO FR GE GF GL GP GR GT HR HT HU IS IT LI LT LU MA MC " +
    "MD ME MF MG MK MQ MX MY MZ NC NE NL NO PF PL PM PT PY RE RO RS SE SI SJ SK SM SN TJ TN TR UY VA WF YT",
);

/** Where an address goes from the largest to the smallest, when it is written in the country's own script. */
const LARGEST_FIRST = codes("CN HK JP KP KR MO TW");
const EAST_ASIAN_SCRIPT = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * The whole address on one line, comma-separated, in the order usual in its country, with the country's English name
 * at the end: "58 A Main Street, New York, NY 10001, United States", "Hauptstraße 5, 10115 Berlin, Germany". Where the
 * country is unknown or not told here: number, street, city, state, postal code. What is missing leaves no gap.
 * @returns "" for an address without any part
 * @see the address formats of libaddressinput (Google) and the Universal Postal Union, of which this is the gist
 */
export function formatAddress(address: PostalAddress): string {
  const country = address.country ?? "";
  const part = (text: string | null) => (text ? onOneLine(text) : "");
  const state = part(address.state);
  const city = part(address.city);
  const district = part(address.district);
  const ward = part(address.ward);
  const street = part(address.street);
  const building = part(address.building);
  const premise = part(address.premise);
  const subPremise = part(address.subPremise);
  const postalCode = part(address.postalCode);
  const end = country && countryName(country);

  if (LARGEST_FIRST.has(country) && EAST_ASIAN_SCRIPT.test(state + city + district + ward + street)) {
    return list(words(postalCode, state, city, district, ward, street, premise, subPremise), building, end);
  }

  const isNumberAfterStreet = NUMBER_AFTER_STREET.has(country);
  const isSuffix = premise !== "" && (isNumberAfterStreet ? SHORT_SUFFIX : LETTER_SUFFIX).test(subPremise);
  const number = isSuffix ? words(premise, subPremise) : premise;
  const unit = isSuffix ? "" : subPremise;
  const line = isNumberAfterStreet ? words(street, number) : words(number, street);
  const place = POSTAL_CODE_BEFORE_CITY.has(country)
    ? list(words(postalCode, city || state), city && state)
    : words(country === "AU" ? words(city, state) : list(city, state), postalCode);
  // A unit is in its building: Floor 5, Bitexco Tower, 2 Hai Trieu Street; else behind the house: 2 Main Street, Apt 5.
  return building
    ? list(unit, building, line, ward, district, place, end)
    : list(line, unit, ward, district, place, end);
}

/** 58 A, 58 bis before a street; a number there would run into the house number, so it is a unit. */
const LETTER_SUFFIX = /^\p{L}{1,3}$/u;
/** 58 A, 58 2, 58 III behind a street. */
const SHORT_SUFFIX = /^[\p{L}\p{N}]{1,4}$/u;

/** Lines become parts, and commas at the ends go, since they would double the separators. */
function onOneLine(text: string): string {
  return list(...text.split(/[,\n\r\u2028\u2029]/).map(normalizeName));
}

function list(...parts: string[]): string {
  return parts.filter(Boolean).join(", ");
}

function words(...parts: string[]): string {
  return parts.filter(Boolean).join(" ");
}

function codes(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
