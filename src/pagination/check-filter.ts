import { BadUserInputError, problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { cleanInput } from "../validation/clean-input";

const MAX_DEPTH = 5;
const MAX_CONDITIONS = 100;
const MAX_VALUES = 1000;
const MAX_TEXT = 1000;

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

  const check = (value: unknown, at: ArgumentPath, depth: number): void => {
    if (value === null) problems.push(problem(at, "NULL_NOT_ALLOWED"));
    else if (typeof value === "string" && value.length > MAX_TEXT)
      problems.push(problem(at, "TOO_LONG", { max: MAX_TEXT }));
    else if (Array.isArray(value)) {
      if (value.length > MAX_VALUES) problems.push(problem(at, "TOO_MANY", { max: MAX_VALUES }));
      else value.forEach((entry, index) => check(entry, [...at, index], depth));
    } else if (typeof value === "object" && !(value instanceof Date)) {
      for (const [name, nested] of Object.entries(value)) {
        conditions += 1;
        check(nested, [...at, name], NESTING.has(name) ? depth + 1 : depth);
      }
      if (depth > MAX_DEPTH) problems.push(problem(at, "TOO_DEEP", { max: MAX_DEPTH }));
    }
  };
  check(filter, path, 1);
  if (conditions > MAX_CONDITIONS) problems.push(problem(path, "TOO_DEEP", { max: MAX_DEPTH }));
  if (problems.length === 0) problems.push(...cleanInput(filter, path, ""));
  if (problems.length > 0) throw new BadUserInputError(problems);
}
