/** An answer, as it came over HTTP. */
export interface GivenAnswer<Data = unknown> {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly GivenError[] | undefined;
}

export interface GivenError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly requestId: string } & Record<string, unknown>;
}

/** A tenant with a key that may do everything in it. */
export interface Asker {
  readonly id: string;
  readonly code: string;
  execute<Data = unknown>(query: string, variables?: Record<string, unknown>): Promise<GivenAnswer<Data>>;
  /** As execute, for what must succeed. */
  run<Data = unknown>(query: string, variables?: Record<string, unknown>): Promise<Data>;
}
