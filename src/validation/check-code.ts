import { problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { hasControlCharacters, isCleanText, normalizeText } from "../text/text";
import { MAX_CODE_LENGTH } from "./validators";

/** A code that comes as an argument of its own, in the form that is stored; what is wrong with it is added to the problems. */
export function checkCode(code: string, path: ArgumentPath, problems: Problem[]): string {
  if (!isCleanText(code)) {
    problems.push(problem(path, "INVALID_TEXT"));
    return code;
  }
  const clean = normalizeText(code);
  if (clean === "") problems.push(problem(path, "REQUIRED", { what: "A code" }));
  if (clean.length > MAX_CODE_LENGTH) problems.push(problem(path, "TOO_LONG", { max: MAX_CODE_LENGTH }));
  if (hasControlCharacters(clean)) problems.push(problem(path, "CONTROL_CHARACTERS"));
  return clean;
}
