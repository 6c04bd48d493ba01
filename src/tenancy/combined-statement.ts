import { LRUCache } from "lru-cache";
import { type StatementRunner } from "./tenant-scope";

/** Texts of combined statements, by those that they are made of. */
const TEXTS = new LRUCache<string, string>({ max: 200 });

/** Gathers statements that do not look at each other's rows, and runs them as one: each as a WITH query. */
export class CombinedStatement implements StatementRunner {
  private readonly texts: string[] = [];
  private readonly values: unknown[][] = [];
  private readonly ran: Promise<object[]>;
  private run: (rows: Promise<object[]>) => void = () => undefined;
  private isSent = false;

  constructor(private readonly runner: StatementRunner) {
    this.ran = new Promise((resolve) => (this.run = resolve));
    this.ran.catch(() => undefined); // told to whoever asked
  }

  /** Adds a statement. The first is answered with its rows, the others with none. */
  async query<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
    if (this.isSent) throw new Error("Statements are combined at once: this one comes too late");
    this.texts.push(text);
    this.values.push([...values]);
    const isFirst = this.texts.length === 1;
    const rows = await this.ran;
    return isFirst ? (rows as Row[]) : [];
  }

  /** Runs what has been added. The first value of each is the tenant, which they share. */
  async send(): Promise<void> {
    this.isSent = true;
    const [first = [], ...others] = this.values;
    if (this.texts.length > 0) {
      const values = [...first, ...others.flatMap((own) => own.slice(1))];
      this.run(this.runner.query<object>(this.text(), values));
    } else this.run(Promise.resolve([]));
    await this.ran;
  }

  private text(): string {
    const key = this.texts.join("\n");
    let text = TEXTS.get(key);
    if (text === undefined) TEXTS.set(key, (text = combine(this.texts, this.values)));
    return text;
  }
}

function combine(texts: readonly string[], values: readonly (readonly unknown[])[]): string {
  let before = 0;
  const queries = texts.map((text, index) => {
    const offset = before;
    before += (values[index]?.length ?? 1) - 1;
    const renumbered = text.replaceAll(/\$(\d+)/g, (place, number: string) =>
      number === "1" ? place : `$${Number(number) + offset}`,
    );
    return `q${index} as (${renumbered})`;
  });
  return `with ${queries.join(",\n")} select * from q0`;
}
