import { problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { isCleanText, normalizeName, normalizeText } from "../text/text";

/** Properties that hold names: runs of spaces inside them become one. */
const NAMES = new Set(["name", "company", "firstName", "lastName", "accountHolderName", "bankName"]);

/**
 * Brings every text of an input into the one form that is stored: NFC, trimmed, names with single spaces; an empty text is
 * null (or `blank`), and an empty entry of a list of texts is dropped. Changes the input in place; what is absent stays absent.
 * @param blank what an empty text becomes: null in what is stored; "" in a filter, where null is no operand
 * @returns the problems of texts that cannot be stored at all
 */
export function cleanInput(input: object, path: ArgumentPath, blank: null | "" = null): Problem[] {
  const problems: Problem[] = [];
  const clean = (value: unknown, at: ArgumentPath, isName: boolean): unknown => {
    if (typeof value === "string") {
      if (!isCleanText(value)) {
        problems.push(problem(at, "INVALID_TEXT"));
        // Whoever looks for more problems may ask the database with it.
        return value.toWellFormed().replaceAll("\0", "\uFFFD");
      }
      return (isName ? normalizeName(value) : normalizeText(value)) || blank;
    }
    if (Array.isArray(value)) {
      const entries: unknown[] = value.map((entry, index) => clean(entry, [...at, index], isName));
      return entries.filter((entry, index) => entry !== null || value[index] === null);
    }
    if (typeof value === "object" && value !== null && !(value instanceof Date)) {
      for (const [name, nested] of Object.entries(value)) {
        (value as Record<string, unknown>)[name] = clean(nested, [...at, name], NAMES.has(name));
      }
    }
    return value;
  };
  clean(input, path, false);
  return problems;
}
