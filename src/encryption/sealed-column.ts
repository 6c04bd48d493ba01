/**
 * A text of a tenant's rows that is kept sealed: `<name>_ciphertext` and `<name>_key_id` of a table hold it, and the table has
 * an index (tenant_id, <name>_key_id, id). What is listed as such in app.ts is moved to the active key by `clientele keys rotate`.
 */
export interface SealedColumn {
  readonly table: string;
  readonly name: string;
  /** The column that tells the tenant's rows apart, a UUID: `id`, unless each tenant has one row. */
  readonly rowKey: "id" | "tenant_id";
  /** The columns that {@link belongsTo} is made of. */
  readonly identity: readonly string[];
  /** The associated data that the text was sealed with; null columns are null here. */
  belongsTo(tenantId: string, row: Readonly<Record<string, string | null>>): string;
  /** What writers of the row lock first: the column that names a customer. */
  readonly customerColumn?: string;
  /** A column of bytes that is made of the text, null where that has not been done yet. */
  readonly derived?: { readonly column: string; of(tenantId: string, text: string): Promise<Buffer> };
}
