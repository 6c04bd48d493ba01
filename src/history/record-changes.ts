import { isDeepStrictEqual } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { type TenantScope } from "../tenancy/tenant-scope";
import { CustomerChange, type CustomerChangeAction, type FieldChange } from "./customer-change.entity";

/** What a mutation did to a customer. */
export interface ChangeRecord {
  readonly customerId: string;
  readonly action: CustomerChangeAction;
  readonly fields: readonly FieldChange[];
}

/** Writes what was done into the history, in one statement, by whoever acts in the scope. */
export async function recordChanges(scope: TenantScope, records: readonly ChangeRecord[]): Promise<void> {
  const { id, name } = scope.actor;
  await scope.add(
    CustomerChange,
    records.map(({ fields, ...record }) => ({
      id: uuidv7(),
      ...record,
      credentialId: id,
      credentialName: name,
      fields: [...fields],
    })),
  );
}

/**
 * The fields in which two states of a record differ.
 * @param path where the record is in the customer: [] for the customer itself
 * @param before undefined where the record is new
 * @param after undefined where it is gone
 */
export function differences(
  path: readonly string[],
  before: object | undefined,
  after: object | undefined,
): FieldChange[] {
  const old = (before ?? {}) as Record<string, unknown>;
  const current = (after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(old), ...Object.keys(current)])]
    .map((name) => ({ path: [...path, name], before: told(old[name]), after: told(current[name]) }))
    .filter(({ before: was, after: is }) => was !== is && !isDeepStrictEqual(was, is));
}

/** A value as the history keeps it: an empty list is no value. */
function told(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) && value.length === 0) return null;
  return value ?? null;
}
