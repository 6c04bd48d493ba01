/** Who asks, proven: the tenant, what the credential is called, and what it may do. */
export interface Credential {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly tenant: { readonly id: string; readonly code: string; readonly name: string };
}
