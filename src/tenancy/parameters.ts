/** The values of one statement, in the order of their placeholders. `$1` is always the tenant and is not in here. */
export class Parameters {
  readonly values: unknown[] = [];

  /** @returns the value's placeholder, `$2` for the first */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length + 1}`;
  }
}
