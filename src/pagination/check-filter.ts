import { BadUserInputError, problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { cleanInput } from "../validation/clean-input";

const MAX_DEPTH = 5;
const MAX_CONDITIONS = 100;
const MAX_VALUES = 1000;
const MAX_TEXT = 1000;
/** Told at once: an answer must not be many times what was asked. */
const MAX_PROBLEMS = 50;

/** Properties of a filter that hold filters. */
const NESTING = new Set(["and", "or", "not"]);

/**
 * Checks what all filters have in common: no null as an operand (it would have to widen or to match nothing, and callers
 * mean either), bounded depth, number of conditions, lists and texts. Brings texts into the form that is stored.
 * @throws BadUserInputError with every problem
 */
export function checkFilter(filter: object, path: ArgumentPath): void {
  const problems: Problem[] = [];
  let conditions = 0;

  const add = (found: Problem): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(found);
  };
  const check = (value: unknown, at: ArgumentPath, depth: number): void => {
    if (value === null) add(problem(at, "NULL_NOT_ALLOWED"));
    else if (typeof value === "string" && value.length > MAX_TEXT) add(problem(at, "TOO_LONG", { max: MAX_TEXT }));
    else if (Array.isArray(value)) {
      if (value.length > MAX_VALUES) add(problem(at, "TOO_MANY", { max: MAX_VALUES }));
      else value.forEach((entry, index) => check(entry, [...at, index], depth));
    } else if (typeof value === "object" && !(value instanceof Date)) {
      if (depth > MAX_DEPTH) return add(problem(at, "TOO_DEEP", { max: MAX_DEPTH }));
      for (const [name, nested] of Object.entries(value)) {
        if (++conditions > MAX_CONDITIONS) return;
        check(nested, [...at, name], NESTING.has(name) ? depth + 1 : depth);
      }
    }
  };
  check(filter, path, 1);
  if (conditions > MAX_CONDITIONS) add(problem(path, "TOO_DEEP", { max: MAX_DEPTH }));
  if (problems.length === 0) problems.push(...cleanInput(filter, path, ""));
  if (problems.length > 0) throw new BadUserInputError(problems);
}
