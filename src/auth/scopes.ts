/** What a credential may be allowed to do. */
export const SCOPES = [
  "customers:read",
  "customers:write",
  "customers:purge",
  "taxonomy:write",
  "bank-accounts:reveal",
  "work:write",
  "settings:write",
] as const;

export type Scope = (typeof SCOPES)[number];

/** Stands for every scope. */
export const ALL_SCOPES = "*";

/** Whether scopes that were given out include a wanted one. */
export function includesScope(granted: readonly string[], wanted: string): boolean {
  return granted.includes(wanted) || granted.includes(ALL_SCOPES);
}

/** Whether a text names a scope, or all of them. */
export function isScope(text: string): boolean {
  return text === ALL_SCOPES || (SCOPES as readonly string[]).includes(text);
}
