import { type Socket } from "node:net";
import { type FastifyInstance } from "fastify";

/** What is running may end in this time when the server closes. */
const CLOSE_GRACE_MS = 6000;
/** What was sent before the server closed has been read after this time. */
const READ_MS = 250;

/** Whether the server is about to stop. */
export class Drain {
  private hasBegun = false;

  get isDraining(): boolean {
    return this.hasBegun;
  }

  /** From now on the server says that it is not ready, and asks clients with every answer to leave their connection. */
  begin(): void {
    this.hasBegun = true;
  }
}

/**
 * Lets a server stop so that nothing is cut off and nothing is done that nobody is told of: while it drains, every answer says
 * `Connection: close`, so that by the time it closes, no kept connection is left on which a request could be under way.
 */
export function addDrain(app: FastifyInstance, drain: Drain): void {
  const latest = new WeakMap<Socket, unknown>();
  const left = new WeakSet<Socket>();
  const unused = new Set<Socket>();

  app.server.on("connection", (socket: Socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  app.addHook("onRequest", (request, reply, done) => {
    const { socket } = request.raw;
    unused.delete(socket);
    latest.set(socket, request);
    // Sent behind one whose answer ended the connection: it is not executed, since it could not be answered.
    if (left.has(socket)) reply.hijack();
    else done();
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    const { socket } = request.raw;
    if (drain.isDraining && latest.get(socket) === request) {
      left.add(socket);
      void reply.header("connection", "close");
    }
    done(null, payload);
  });
  app.addHook("preClose", (done) => {
    drain.begin();
    // A browser holds a spare connection on which it never sent anything; Node does not count that as idle and would wait.
    setTimeout(() => {
      for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
    }, READ_MS).unref();
    setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS).unref();
    done();
  });
}
