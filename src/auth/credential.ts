/** Who asks, proven: the tenant, what the credential is called, and what it may do. */
export interface Credential {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly tenant: { readonly id: string; readonly code: string; readonly name: string };
}

/** How long a credential that was found valid is believed without asking again: revoking works within 5 s. */
export const BELIEVED_MS = 3000;

/** How many credentials of a kind are remembered at most. */
export const MAX_REMEMBERED = 10_000;
