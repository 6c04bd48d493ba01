import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A network between a gateway and its database, which can fail. */
export interface Proxy {
  /** The database's URL, through here. */
  readonly url: string;
  /** Cuts what is open and refuses what comes. */
  cut(): Promise<void>;
  /** From now on nothing comes through, either way, and nobody is told. */
  swallow(): void;
  /** Takes connections again; those that were swallowed stay dead. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a proxy to the server of a URL. */
export async function openProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (isSwallowing) {
      near.pause();
      return;
    }
    const far = keep(connect(Number(target.port), target.hostname));
    near.pipe(far).on("close", () => near.destroy());
    far.pipe(near).on("close", () => far.destroy());
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  target.hostname = "127.0.0.1";
  const proxied = new URL(target);
  proxied.port = String(port);
  const stopListening = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  return {
    url: proxied.href,
    cut: stopListening,
    swallow: () => {
      isSwallowing = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore: async () => {
      isSwallowing = false;
      if (!server.listening) await listen(port);
    },
    close: stopListening,
  };
}
