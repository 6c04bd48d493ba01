/** Something that is not as it should be. */
export interface Finding {
  /** What was looked at: `isolation`, `row-level security`, ... */
  readonly check: string;
  /** The table, field or setting. */
  readonly subject: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
