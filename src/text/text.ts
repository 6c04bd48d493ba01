// String.prototype.isWellFormed is in Node 20, but only in TypeScript's library for ES2024.
/// <reference lib="es2024.string" />

/**
 * Unicode white space, and U+FEFF, which `trim` counts as white space and Unicode does not. `trim` in turn misses
 * U+0085. All of it is in the basic plane, so that one UTF-16 unit tells.
 */
const WHITE_SPACE = /[\p{White_Space}\uFEFF]/u;
const WHITE_SPACE_RUNS = /[\p{White_Space}\uFEFF]+/gu;

/** Printable ASCII: most text, for which nothing below has anything to do but lower case. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * Whether a text can be stored and comes back as it was: no U+0000, which PostgreSQL refuses, and no half of a
 * surrogate pair, which it would silently replace by U+FFFD.
 */
export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** The text as it is stored: in Unicode's composed form (NFC), without white space at its ends. */
export function normalizeText(text: string): string {
  return trim(text.normalize("NFC"));
}

/** A name as it is stored, on one line: like {@link normalizeText}, and each inner run of white space is one space. */
export function normalizeName(name: string): string {
  return normalizeText(name).replace(WHITE_SPACE_RUNS, " ");
}

/**
 * Whether a code holds what nobody can see or type: control characters, line and paragraph separators, and the marks
 * that turn the direction of writing around (two codes that look alike would differ).
 */
export function hasControlCharacters(code: string): boolean {
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(code);
}

/**
 * The key by which codes are compared: without regard to case and surrounding white space. Accents count: Ä-1 is not
 * The final sigma, a matter of position, is the ordinary one.
 */
export function codeKey(code: string): string {
  if (PRINTABLE_ASCII.test(code)) return code.trim().toLowerCase();
  return normalizeText(normalizeText(code).toLowerCase().replaceAll("ς", "σ"));
}

/**
 * What search compares: lower case, without accents, variants of a letter (full width, ligatures) as the letter itself,
 * letters that do not decompose as they are written in ASCII (đ → d, ß → ss), typographic apostrophes and hyphens as
 * the typed ones. Folding twice changes nothing more. White space stays as it is.
 *
 * Only marks that are accents are taken away: those of Latin, Greek and Cyrillic, and the optional vowel points of
 * Hebrew and Arabic. The vowel signs of Hindi or Thai and the voicing marks of Japanese make different letters.
 * @see Unicode Standard Annex #15 (NFKD), and for the letters the ones PostgreSQL's unaccent folds
 */
export function fold(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text.toLowerCase();
  return text
    .replaceAll("´", "'") // before NFKD, which makes it a space and an accent: O´Brien
    .normalize("NFKD")
    .replace(ACCENTS, "")
    .toLowerCase()
    .replace(FOLDED_LETTERS, (letter) => FOLDED.get(letter) ?? letter)
    .normalize("NFC"); // what was taken apart and is no accent (Korean syllables, が) together again
}

/**
 * Combining marks of these scripts, or of none in particular (Inherited), but for the Japanese voicing marks; and what
 * nobody sees, such as a soft hyphen.
 */
const ACCENTS =
  /(?![\u3099\u309A])(?=\p{M})[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}]|\p{Default_Ignorable_Code_Point}/gu;

/** What does not decompose, behind what it is folded to; lower case only, since `fold` lowers first. */
const FOLDINGS =
  "a:ⱥ ae:æ b:ƀƃɓ c:ƈȼ d:đðɖɗƌȡ e:ɇəɛǝ f:ƒ g:ǥɠ h:ħⱨ i:ıɨ j:ɉ k:ƙⱪ l:łƚɫɬⱡ n:ŋɲƞ o:øɵɔ oe:œ p:ƥᵽ q:ĸɋ r:ɍɽ s:ȿ ss:ß " +
  "t:ŧƭʈⱦ th:þ u:ʉ v:ʋ w:ⱳ y:ƴɏ z:ƶȥɀⱬ σ:ς ':‘’ʻʼ′ -:‐‒–—−";
const FOLDED = new Map(
  FOLDINGS.split(" ").flatMap((folding) => {
    const [to = "", from = ""] = folding.split(":");
    return Array.from(from, (letter) => [letter, to] as const);
  }),
);
const FOLDED_LETTERS = new RegExp(`[${[...FOLDED.keys()].join("")}]`, "gu");

/** From both ends inwards: a regular expression that looks for white space at the end takes quadratic time. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.test(text.charAt(start))) start++;
  while (end > start && WHITE_SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
