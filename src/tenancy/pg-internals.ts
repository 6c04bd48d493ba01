import { type Duplex } from "node:stream";
import * as pg from "pg";

/** A value as it is sent. */
export type PreparedValue = string | Buffer | null;

/** What pg reads rows with. */
export interface Result {
  addFields(fields: readonly unknown[]): void;
  parseRow(fields: readonly (string | null)[]): object;
}

/** The messages that pg can send, and what it remembers of named statements: it never forgets one by itself. */
export interface Connection {
  readonly stream: Duplex;
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(statement: { readonly name: string; readonly text: string }): void;
  bind(values: { readonly statement: string; readonly values: readonly PreparedValue[] }): void;
  describe(what: { readonly type: "P" }): void;
  execute(): void;
  flush(): void;
  sync(): void;
}

/** What pg exports, and its types do not tell of. */
const internals = pg as unknown as {
  readonly Query: new (text: string) => object;
  readonly Result: new (rowMode: undefined, types: typeof pg.types) => Result;
  readonly utils: { readonly prepareValue: (value: unknown) => PreparedValue };
};

/** What pg takes for a query of its own: others are not accepted in pipeline mode. */
export const { Query: PgQuery, Result } = internals;
export const { prepareValue } = internals.utils;

/** The connection behind a client of the pool. */
export function connectionOf(client: pg.PoolClient): Connection {
  return (client as unknown as { readonly connection: Connection }).connection;
}
