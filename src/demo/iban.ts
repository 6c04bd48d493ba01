/**
 * Puts the country and the check digits before an account.
 * @param account the country's own part (BBAN): upper-case letters and digits
 * @see ISO 13616-1; check digits by ISO/IEC 7064, MOD 97-10
 */
export function toIban(country: string, account: string): string {
  const check = 98n - (asNumber(`${account}${country}00`) % 97n);
  return `${country}${check.toString().padStart(2, "0")}${account}`;
}

/** Letters count as two digits, from A = 10 to Z = 35. */
function asNumber(text: string): bigint {
  return BigInt(text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55)));
}
