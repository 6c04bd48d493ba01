import { setTimeout as sleep } from "node:timers/promises";
import { type Asker, type GivenAnswer, type GivenError } from "./asker";

/** How long a limit of the rate is waited for in all. */
const MAX_WAITS = 20;
const SECOND_MS = 1000;

/** A tenant that asks over HTTP. */
export class HttpAsker implements Asker {
  constructor(
    readonly id: string,
    readonly code: string,
    private readonly endpoint: string,
    private readonly token: string,
  ) {}

  async execute<Data>(query: string, variables: Record<string, unknown> = {}): Promise<GivenAnswer<Data>> {
    for (let waits = 0; ; waits++) {
      const response = await this.post(JSON.stringify({ query, variables }));
      const text = await response.text();
      if (response.status === 429 && waits < MAX_WAITS) {
        await sleep(SECOND_MS * Math.min(Number(response.headers.get("retry-after")) || 1, 10));
        continue;
      }
      const { data, errors } = bodyOf(text, response.status);
      return { status: response.status, data: data as Data, errors };
    }
  }

  async run<Data>(query: string, variables?: Record<string, unknown>): Promise<Data> {
    const { data, errors } = await this.execute<Data>(query, variables);
    if (errors) throw new Error(`${this.endpoint} refused: ${errors.map(({ message }) => message).join(" ")}`);
    return data;
  }

  private async post(body: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    try {
      return await fetch(this.endpoint, { method: "POST", headers, body });
    } catch (error) {
      throw new Error(`${this.endpoint} does not answer`, { cause: error });
    }
  }
}

function bodyOf(text: string, status: number): { data?: unknown; errors?: GivenError[] } {
  try {
    return JSON.parse(text) as { data?: unknown; errors?: GivenError[] };
  } catch {
    throw new Error(`The server answered with status ${status} and no JSON`);
  }
}
