/** Ends a server without failing a request: nobody is cut off who is asking, or about to. */
import type { Server } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import { setImmediate, setTimeout as wait } from "node:timers/promises";

export interface Drain {
  /** Open connections. */
  readonly connections: number;
  /** Whether answers must ask the caller to close its connection. */
  readonly isClosing: boolean;
  /**
   * Stops listening. Every further answer says `connection: close`; a connection on which nothing was asked for a tenth
   * of `limitMs` is closed, and all others when `limitMs` have passed.
   */
  close(limitMs: number): Promise<void>;
}

const stepMs = 25;

export function createDrain(server: Server): Drain {
  /** Connection → when it was last asked something or answered; undefined while it waits for an answer. */
  const quietSince = new Map<Socket, number | undefined>();
  let isClosing = false;

  server.on(
    server.listenerCount("secureConnection") > 0 ? "secureConnection" : "connection",
    (socket: Socket) => {
      quietSince.set(socket, performance.now());
      socket.once("close", () => quietSince.delete(socket));
    },
  );
  server.prependListener("request", ({ socket }, response) => {
    quietSince.set(socket, undefined);
    if (isClosing) response.shouldKeepAlive = false;
    response.once("close", () => {
      if (quietSince.has(socket)) quietSince.set(socket, performance.now());
    });
  });

  return {
    get connections() {
      return quietSince.size;
    },
    get isClosing() {
      return isClosing;
    },
    async close(limitMs) {
      await readArrived(server);
      isClosing = true;
      // Not http's own close: it resets connections that have a request on the way.
      NetServer.prototype.close.call(server);
      const end = performance.now() + limitMs;
      // At once would be a race: the next request of a keep-alive connection may be on the way, and would be lost.
      const idleMs = limitMs / 10;
      while (quietSince.size > 0 && performance.now() < end) {
        const now = performance.now();
        for (const [socket, since] of quietSince) {
          if (since === undefined || now - since < idleMs) continue;
          if (now - since < 2 * idleMs) socket.end();
          else socket.destroy();
        }
        await wait(stepMs);
      }
      server.closeAllConnections();
    },
  };
}

/** Node's default backlog. */
const acceptQueue = 511;

/**
 * Accepts what has arrived: to stop listening resets connections that wait to be accepted. A turn of the event loop
 * accepts one connection and reads it in the next, so this goes on while they come, and no further than the longest
 * queue the system keeps for us.
 */
async function readArrived(server: Server): Promise<void> {
  let accepted = 0;
  const count = () => {
    accepted += 1;
  };
  server.on("connection", count);
  let before: number;
  do {
    before = accepted;
    for (let turn = 0; turn < 3; turn++) await setImmediate();
  } while (accepted > before && accepted < acceptQueue);
  server.off("connection", count);
}
