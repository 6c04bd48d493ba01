/** Letters that no decomposition turns into ASCII, and the German ones, which are spelt out. */
const spelling: Record<string, string> = {
  đ: "d",
  ı: "i",
  Đ: "D",
  ß: "ss",
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
};

/** Spells a name without diacritics, as mail addresses and Vietnamese bank accounts do: "Jürgen" becomes "Juergen". */
export function toAscii(text: string): string {
  return text
    .replace(/[đĐıßäöüÄÖÜ]/g, (letter) => spelling[letter] ?? letter)
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}

/** One label of a mail address: "van der Berg" becomes "vanderberg". */
export function toMailPart(name: string): string {
  return toAscii(name)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
}

/** One label of a domain: "Bäckerei Krüger" becomes "baeckerei-krueger". */
export function toDomainLabel(name: string): string {
  return toAscii(name)
    .toLowerCase()
    .replace(/['’.]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
