import { types, type Connection as ClientConnection } from "pg";
import { PgQuery, prepareValue, Result, type Connection, type PreparedValue } from "./pg-internals";

/** A statement on its way to the database. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
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
  readonly rows: object[];
  columns: Result | undefined;
  command: string;
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

  constructor() {
    super(""); // what is sent is said by submit() alone
  }

  /** @throws Error for a value that cannot be sent */
  add(statement: Statement): Promise<Answer> {
    const values = (statement.values ?? []).map((value) => prepareValue(value));
    return new Promise((resolve, reject) => {
      this.sent.push({ statement, values, rows: [], columns: statement.kept?.columns, command: "", resolve, reject });
    });
  }

  /** Called by pg, as all of the following are: writes the statements. */
  submit(client: ClientConnection): null {
    const connection = client as unknown as Connection;
    connection.stream.cork();
    for (const { statement, values, columns } of this.sent) {
      const name = statement.kept?.name ?? "";
      if (!isParsed(connection, name)) {
        connection.parse({ name, text: statement.text });
        if (name) connection.submittedNamedStatements[name] = statement.text;
      }
      connection.bind({ statement: name, values });
      if (!columns) connection.describe({ type: "P" });
      connection.execute();
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
    if (current?.columns) current.rows.push(current.columns.parseRow(fields));
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const current = this.sent[this.current];
    if (current) current.command = text.split(" ", 1)[0] ?? "";
    this.moveTo(this.current + 1);
  }

  handleReadyForQuery(): void {
    for (const { resolve, rows, command } of this.sent) resolve({ rows, command });
  }

  handleError(error: Error, connection: Connection): void {
    this.sent.forEach(({ statement, resolve, reject, rows, command }, index) => {
      if (index < this.current) return resolve({ rows, command });
      if (statement.kept) delete connection.submittedNamedStatements[statement.kept.name];
      reject(error);
    });
  }

  private moveTo(index: number): void {
    this.current = index;
    const statement = this.sent[index]?.statement;
    this.name = statement?.kept?.name;
    this.text = statement?.text;
  }
}

function isParsed({ parsedStatements, submittedNamedStatements }: Connection, name: string): boolean {
  return name !== "" && (parsedStatements[name] ?? submittedNamedStatements[name]) !== undefined;
}
