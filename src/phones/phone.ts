// The smallest metadata ("min"): lengths, trunk prefixes and formats are in it; kinds of numbers, not needed here, are not.
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";

/** Where a number written in the national way is dialled: a country, or a calling code, which several may share. */
export interface PhoneRegion {
  country?: CountryCode;
  /** Digits only: 84. */
  callingCode?: string;
}

/** E.164 has 15 digits; the rest is room for separators, a trunk zero, an extension. */
const MAX_LENGTH = 64;

/** Digits from which on a guessed reading needs only be possible; a shorter one is more likely a national number. */
const INTERNATIONAL_LENGTH = 11;

/**
 * Reads a phone number as people write it: international ("+84 933 456 789", "(+84) 933…", "tel:+84…"), or national
 * for the region, with or without its trunk prefix ("0933 456 789", "933456789"). Digits of any script; invisible
 * characters that come with copying are ignored. An extension is dropped, since E.164 has no place for it: the number
 * itself stays right.
 *
 * What is no possible number in the region, or comes without one, is read as an international number that lacks its
 * plus ("318000201068", "0084 933…"). That is a guess, so it must be a valid number or a long one: "5551234567"
 * without a region is nobody's number rather than one in Brazil.
 *
 * @param region of national numbers, also as {@link parseRegion} reads it; null, or nothing it can read: not known
 * @returns in E.164 ("+84933456789") when the number is possible, that is, has a length that exists under its calling
 *   code. Valid it need not be: real data has numbers of ranges opened later or closed since. Otherwise null.
 * @see ITU-T E.164; libphonenumber for the numbering plans
 */
export function parsePhone(text: string, region: PhoneRegion | string | null = null): string | null {
  if (text.length > MAX_LENGTH) return null;
  const home = typeof region === "string" ? parseRegion(region) : region;
  const written = text
    .replace(/\p{Cf}/gu, "")
    .replace(/\p{Nd}/gu, latinDigit)
    .replace(/^\s*tel:/i, "")
    .replace(/^[\s([]*[+＋]/, "+")
    .trim();

  if (home || written.startsWith("+")) {
    const phone = read(written, home);
    if (phone?.isPossible()) return phone.number;
  }
  if (written.startsWith("+")) return null;

  const guess = read(written.replace(/^[\s([]*(?:00)?/, "+"), null);
  if (!guess?.isPossible()) return null;
  return guess.isValid() || digitsOf(guess.number).length >= INTERNATIONAL_LENGTH ? guess.number : null;
}

/**
 * Reads what `phoneRegion` may be: an ISO 3166-1 alpha-2 code ("VN") or a calling code ("+84", "84", "0084").
 * @returns null where it is neither, or has no phones (Antarctica)
 */
export function parseRegion(text: string): PhoneRegion | null {
  if (text.length > MAX_LENGTH) return null;
  const written = text.trim();
  if (/^[A-Za-z]{2}$/.test(written)) {
    const country = written.toUpperCase();
    return isSupportedCountry(country) ? { country } : null;
  }
  const callingCode = /^(?:\+|00)?\s*([1-9]\d{0,2})$/.exec(written)?.[1];
  return callingCode && getCallingCodes().has(callingCode) ? { callingCode } : null;
}

/**
 * The digits by which a stored number is found, however it is typed: in the international and in the national way,
 * with the trunk prefix. "+84933456789" gives "84933456789 0933456789". A search for digits is a search within it.
 */
export function phoneSearchText(e164: string): string {
  const international = digitsOf(e164);
  const phone = read(e164, null);
  if (!phone) return international;
  let national = digitsOf(phone.formatNational());
  // A number that is possible but not valid has no format that would add the prefix: a zero, but in the zones 1 and 7.
  if (national === phone.nationalNumber && !phone.isValid() && !/^(?:\+[17]|0)/.test(e164)) national = `0${national}`;
  return `${international} ${national}`;
}

function read(text: string, region: PhoneRegion | null): PhoneNumber | undefined {
  return parsePhoneNumberFromString(text, {
    ...(region?.country && { defaultCountry: region.country }),
    ...(region?.callingCode && { defaultCallingCode: region.callingCode }),
    extract: false, // the whole text is the number: "call me at 0933…" is not one
  });
}

/** Digits of each script are ten in a row, from zero to nine; the number of those in front tells the value. */
function latinDigit(digit: string): string {
  if (digit >= "0" && digit <= "9") return digit;
  const codePoint = digit.codePointAt(0) ?? 0;
  let zero = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((codePoint - zero) % 10); // some scripts have several rows in a row
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

let callingCodes: Set<string> | undefined;

/** Those of countries; not those of services without one (800, 883), which have no national way of writing. */
function getCallingCodes(): Set<string> {
  return (callingCodes ??= new Set(getCountries().map((country) => getCountryCallingCode(country))));
}
