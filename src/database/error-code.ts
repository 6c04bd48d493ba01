/** Does an error carry one of these codes? Node's own errors (ENOENT) and PostgreSQL's (42P04) do. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as { code?: string } | undefined)?.code ?? "");
}
