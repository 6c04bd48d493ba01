import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { type FastifyInstance } from "fastify";

/** Sends bytes on a connection of its own. */
export function openSocket(http: FastifyInstance, bytes: string | Buffer): Socket {
  const { port } = http.server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return socket;
}

/** The head of a request with so much of a body as its headers say, which is not sent. */
export function requestHead(token: string, headers: Record<string, string | number>): string {
  const all = { host: "localhost", authorization: `Bearer ${token}`, "content-type": "application/json", ...headers };
  return `POST /graphql HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`;
}

/** Everything that comes until the other side ends the connection. */
export async function readToEnd(socket: Socket): Promise<string> {
  let received = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => (received += text));
  socket.on("error", () => undefined); // cut off in the middle of sending
  await once(socket, "close");
  return received;
}
