import { types, type Connection as ClientConnection } from "pg";
import { asError } from "../errors/as-error";
import { PgQuery, prepareValue, Result, type Connection, type PreparedValue } from "./pg-internals";

/** A statement on its way to the database. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Whether it never takes long: BEGIN, a setting, COMMIT. */
  readonly isBrief?: boolean;
  /** Under what the connection keeps it, parsed and planned; undefined: it is not kept. */
  readonly kept?: KeptStatement | undefined;
}

/** A statement that a connection keeps. */
export interface KeptStatement {
  readonly name: string;
  /** How its rows are read, once the database has told their columns: these stay for as long as it is kept. */
  columns?: Result;
}

/** What the database answered to a statement. */
export interface Answer {
  readonly rows: readonly object[];
  /** What was done: SELECT, COMMIT, ROLLBACK … */
  readonly command: string;
}

interface SentStatement {
  readonly statement: Statement;
  readonly values: readonly PreparedValue[];
  /** Under what it is sent; empty: under nothing. */
  name: string;
  readonly rows: object[];
  columns: Result | undefined;
  /** What was wrong with a row. */
  failure?: unknown;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Statements that are sent together and end together (one Sync). The first that fails keeps the database from the others, which
 * fail with it; without BEGIN they are a transaction of their own. pg by itself ends every statement alone, which the database
 * answers with a packet each.
 */
export class StatementBatch extends PgQuery {
  private readonly sent: SentStatement[] = [];
  private current = 0;
  /** Of the current statement: under these pg notes what the connection keeps. */
  name: string | undefined;
  text: string | undefined;
  /** Of pg, which waits for it where the connection has a query_timeout. */
  callback: (() => void) | undefined;

  constructor() {
    super(""); // what is sent is said by submit() alone
  }

  /** @throws Error for a value that cannot be sent */
  add(statement: Statement): Promise<Answer> {
    const values = (statement.values ?? []).map((value) => prepareValue(value));
    return new Promise((resolve, reject) => {
      const { kept } = statement;
      this.sent.push({ statement, values, name: kept?.name ?? "", rows: [], columns: kept?.columns, resolve, reject });
    });
  }

  /** Called by pg, as all of the following are: writes the statements. */
  submit(client: ClientConnection): null {
    const connection = client as unknown as Connection;
    const { parsedStatements, submittedNamedStatements } = connection;
    const lastLong = this.sent.findLastIndex(({ statement }) => !statement.isBrief);
    connection.stream.cork();
    for (const [index, sent] of this.sent.entries()) {
      const { text, isBrief } = sent.statement;
      // Another batch may yet fail before it is parsed there.
      if (submittedNamedStatements[sent.name] !== undefined) sent.name = "";
      if (parsedStatements[sent.name] === undefined) {
        connection.parse({ name: sent.name, text });
        if (sent.name) submittedNamedStatements[sent.name] = text;
      }
      connection.bind({ statement: sent.name, values: sent.values });
      if (!sent.columns) connection.describe({ type: "P" });
      connection.execute();
      // Whoever waits for several that may take long sees that they go on.
      if (!isBrief && index < lastLong) connection.flush();
    }
    connection.sync();
    connection.stream.uncork();
    this.moveTo(0);
    return null;
  }

  handleRowDescription({ fields }: { readonly fields: readonly unknown[] }): void {
    const current = this.sent[this.current];
    if (!current) return;
    current.columns = new Result(undefined, types);
    current.columns.addFields(fields);
    if (current.statement.kept) current.statement.kept.columns = current.columns;
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const current = this.sent[this.current];
    if (!current?.columns) return;
    try {
      current.rows.push(current.columns.parseRow(fields));
    } catch (error) {
      current.failure = error;
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const current = this.sent[this.current];
    this.moveTo(this.current + 1);
    if (current?.failure !== undefined) current.reject(asError(current.failure));
    else current?.resolve({ rows: current.rows, command: text.split(" ", 1)[0] ?? "" });
  }

  handleReadyForQuery(): void {
    this.callback?.();
  }

  handleError(error: Error, connection: Connection): void {
    for (const { name, reject } of this.sent.slice(this.current)) {
      if (name) delete connection.submittedNamedStatements[name];
      reject(error);
    }
    this.callback?.();
  }

  private moveTo(index: number): void {
    this.current = index;
    const sent = this.sent[index];
    this.name = sent?.name;
    this.text = sent?.statement.text;
  }
}
