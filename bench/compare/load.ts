import { connect, type Socket } from "node:net";

/** What came of a load. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Of each request, in milliseconds, ascending. */
  readonly latencies: Float64Array;
}

/** A whole HTTP request. */
export function httpRequest(path: string, token: string, body: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    "Accept: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}

/**
 * Sends requests on so many connections, one at a time on each, for so long. It knows no more of HTTP than it takes to see
 * where an answer ends: a client that understands the answers would need the time that the servers are to have.
 * @throws Error for any answer but one of status 200 without GraphQL errors
 */
export async function runLoad(
  port: number,
  next: () => string | Buffer,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<LoadResult> {
  const taken: number[] = [];
  const sockets = await Promise.all(Array.from({ length: connections }, () => openSocket(port)));
  const started = performance.now();
  const deadline = started + seconds * 1000;
  try {
    await Promise.all(
      sockets.map(async (socket) => {
        const answers = new AnswerReader(socket);
        for (let sent = performance.now(); sent < deadline;) {
          const answered = answers.next();
          socket.write(next());
          await answered;
          const now = performance.now();
          taken.push(now - sent);
          sent = now;
        }
      }),
    );
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const elapsed = (performance.now() - started) / 1000;
  return { requests: taken.length, seconds: elapsed, latencies: Float64Array.from(taken).sort() };
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket)).once("error", reject);
  });
}

const END_OF_HEADERS = Buffer.from("\r\n\r\n");
const GRAPHQL_ERRORS = Buffer.from('"errors":[');
/** The last chunk of a chunked body. JSON cannot hold it: line ends are escaped there. */
const LAST_CHUNK = "\r\n0\r\n\r\n";

/** Sees where the answers on a connection end. */
class AnswerReader {
  private done: (() => void) | undefined;
  private failed: ((error: Error) => void) | undefined;
  private head: Buffer | undefined;
  /** What is left of the body; undefined while headers are read, NaN where the body is chunked. */
  private left: number | undefined;
  private tail = "";

  constructor(socket: Socket) {
    socket.on("data", (chunk: Buffer) => this.read(chunk));
    socket.on("error", (error) => this.failed?.(error));
    socket.on("close", () => this.failed?.(new Error("The connection was closed")));
  }

  /** Resolves at the end of the next answer. */
  next(): Promise<void> {
    this.head = undefined;
    this.left = undefined;
    this.tail = "";
    return new Promise((resolve, reject) => {
      this.done = resolve;
      this.failed = reject;
    });
  }

  private read(chunk: Buffer): void {
    if (chunk.includes(GRAPHQL_ERRORS)) return this.failed?.(new Error(chunk.toString().slice(0, 1000)));
    if (this.left === undefined) {
      const head = this.head ? Buffer.concat([this.head, chunk]) : chunk;
      const end = head.indexOf(END_OF_HEADERS);
      this.head = head;
      if (end < 0) return;
      const headers = head.toString("latin1", 0, end);
      if (!headers.startsWith("HTTP/1.1 200")) return this.failed?.(new Error(head.toString().slice(0, 1000)));
      this.left = Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1]);
      chunk = head.subarray(end + END_OF_HEADERS.length);
    }
    if (Number.isNaN(this.left)) {
      this.tail = (this.tail + chunk.subarray(-LAST_CHUNK.length).toString("latin1")).slice(-LAST_CHUNK.length);
      if (this.tail === LAST_CHUNK) this.done?.();
    } else {
      this.left -= chunk.length;
      if (this.left <= 0) this.done?.();
    }
  }
}
