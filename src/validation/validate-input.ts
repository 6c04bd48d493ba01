import { validateSync, type ValidationError } from "class-validator";
import { BadUserInputError, problem, type ArgumentPath, type Problem } from "../errors/domain-errors";
import { cleanInput } from "./clean-input";
import { isValid } from "./is-valid";
import { type RuleContext } from "./validators";

/**
 * Cleans the texts of an input (in place) and checks the rules written on its class.
 * @param path where the input stands in the arguments
 * @returns every problem, with its path
 */
export function validateInput(input: object, path: ArgumentPath): Problem[] {
  return [...cleanInput(input, path), ...checkRules(input, path)];
}

/** As {@link validateInput}. @throws BadUserInputError with every problem */
export function validateInputOrThrow(input: object, path: ArgumentPath): void {
  throwIfAny(validateInput(input, path));
}

/** @throws BadUserInputError where there are problems */
export function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new BadUserInputError(problems);
}

function checkRules(input: object, path: ArgumentPath): Problem[] {
  if (isValid(input)) return []; // as nearly all are; class-validator takes ten times as long to say so
  const errors = validateSync(input, {
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  return errors.flatMap((error) => toProblems(error, path));
}

function toProblems(error: ValidationError, path: ArgumentPath): Problem[] {
  const at = [...path, /^\d+$/.test(error.property) ? Number(error.property) : error.property];
  const contexts = (error.contexts ?? {}) as Record<string, RuleContext | undefined>;
  const own = Object.keys(error.constraints ?? {}).map((rule) => {
    const context = contexts[rule];
    return context ? problem(at, context.code, context.parameters) : problem(at, "INVALID_VALUE");
  });
  return [...own, ...(error.children ?? []).flatMap((child) => toProblems(child, at))];
}
