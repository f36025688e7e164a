import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { createServer } from "node:net";

/**
 * A port on the host's loopback, whose connections are handed to a program in another network namespace.
 *
 * The program gets the connection itself: its bytes never pass through here. Connections that come while the
 * program is being started again wait for it.
 */
export interface LoopbackDoor {
  /** Hands connections to this program from when it says that it takes them until it ends. */
  attach(child: ChildProcess): void;
  /** Ends the connections that wait, and those that a program has been given and ends without having taken. */
  close(): void;
}

/** What the program sends when it takes connections, what it then gets with each one, and says when it has got it. */
export const DOOR_READY = "ready for connections";
export const DOOR_CONNECTION = "connection";
export const DOOR_TAKEN = "connection taken";

/** More than wait in a kernel's own queue by default; further ones are refused. */
const WAITING_MAX = 512;

/** @throws the system's error when the port is taken. */
export function openLoopbackDoor(port: number): Promise<LoopbackDoor> {
  const waiting: Socket[] = [];
  let target: HandOver | undefined;
  let isClosed = false;

  const take = (socket: Socket) => {
    if (isClosed) socket.destroy();
    else if (target !== undefined) target.hand(socket);
    else if (waiting.length < WAITING_MAX) waiting.push(socket);
    else socket.destroy();
  };
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    // A client that gives up while it waits is not our error.
    take(socket.on("error", () => {}));
  });
  const attach = (child: ChildProcess) => {
    const handOver = handOverTo(child);
    child.on("message", (message) => {
      if (message !== DOOR_READY) return;
      target = handOver;
      for (const socket of waiting.splice(0)) handOver.hand(socket);
    });
    child.once("exit", () => {
      if (target === handOver) target = undefined;
      // Later: messages that are on their way come first.
      setImmediate(() => {
        for (const socket of handOver.untaken()) take(socket);
      });
    });
  };
  const close = () => {
    isClosed = true;
    for (const socket of waiting.splice(0)) socket.destroy();
    server.close();
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => resolve({ attach, close }));
  });
}

/** Connections on their way to one program. */
interface HandOver {
  hand(socket: Socket): void;
  /** Connections that the program has not acknowledged. */
  untaken(): readonly Socket[];
}

/**
 * Our own end of a connection stays open until the program has acknowledged it: one that was killed in between
 * would leave the client with a connection that is neither answered nor closed.
 */
function handOverTo(child: ChildProcess): HandOver {
  const handed: Socket[] = [];
  child.on("message", (message) => {
    // They are taken in order.
    if (message === DOOR_TAKEN) handed.shift()?.destroy();
  });
  return {
    hand(socket) {
      handed.push(socket);
      // What could not be sent has not been taken.
      child.send(DOOR_CONNECTION, socket, { keepOpen: true }, () => {});
    },
    untaken: () => handed.splice(0),
  };
}
