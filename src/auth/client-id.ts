import { compactUuid, expandUuid } from "./compact-uuid";

/** `cc_`, the tenant's id and the client's own id in base64url: lengths are fixed, so nothing separates them. */
const CLIENT_ID = /^cc_([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{22})$/;

/** A client id, taken apart. */
export interface ParsedClientId {
  readonly tenantId: string;
  readonly id: string;
}

/** The id that a signing client sends. It carries the tenant: clients are rows of their tenant. */
export function formatClientId({ tenantId, id }: ParsedClientId): string {
  return `cc_${compactUuid(tenantId)}${compactUuid(id)}`;
}

/** @returns undefined where the text has not the form of a client id */
export function parseClientId(text: string): ParsedClientId | undefined {
  const [, tenant, id] = CLIENT_ID.exec(text) ?? [];
  if (tenant === undefined || id === undefined) return undefined;
  return { tenantId: expandUuid(tenant), id: expandUuid(id) };
}
