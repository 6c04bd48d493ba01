import { problem, type Problem } from "../errors/domain-errors";

/** The problem of an input whose second day comes before its first. */
export function dayOrderProblems<First extends string, Second extends string>(
  input: { readonly [Name in First | Second]?: string | null },
  first: First,
  second: Second,
): Problem[] {
  const [from, to] = [input[first], input[second]];
  return from != null && to != null && to < from ? [problem(["input", second], "WRONG_ORDER", { what: first })] : [];
}
