import { fold } from "./text";

/** A run of digits with the marks that phone and tax numbers are written with. */
const NUMBER_WITH_MARKS = /\d[\d()+./-]*\d/g;

/**
 * What a record is searched by: its texts folded, a line each, and its numbers once more without marks, so that formats do
 * not matter.
 */
export function searchText(texts: readonly (string | null | undefined)[]): string {
  const folded = texts.filter((text) => text != null).map(fold);
  const numbers = folded.flatMap((text) => text.match(NUMBER_WITH_MARKS) ?? []);
  const digits = numbers.filter((number) => /\D/.test(number)).map(withoutMarks);
  return [...folded, ...digits].join("\n");
}

/** The words of a search; {@link searchText} must contain all. None for a blank search. */
export function searchWords(search: string): string[] {
  return fold(search)
    .split(/\s+/)
    .map((word) => (/^[\d()+./-]*\d[\d()+./-]*$/.test(word) ? withoutMarks(word) : word))
    .filter((word) => word !== "");
}

/** The LIKE pattern for texts that contain this one, taken literally. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

const withoutMarks = (text: string): string => text.replace(/\D/g, "");
