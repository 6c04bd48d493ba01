const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether an id has the one form that Clientele gives out; PostgreSQL would take others as well. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The ids that can exist at all. Others are as unknown as another tenant's. */
export function possibleIds(ids: readonly string[]): string[] {
  return ids.filter(isUuid);
}
