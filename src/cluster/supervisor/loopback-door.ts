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
  close(): void;
}

/** What the program sends when it takes connections, and what it then gets with each one. */
export const DOOR_READY = "ready for connections";
export const DOOR_CONNECTION = "connection";

/** More than wait in a kernel's own queue by default; further ones are refused. */
const WAITING_MAX = 512;

/** @throws the system's error when the port is taken. */
export function openLoopbackDoor(port: number): Promise<LoopbackDoor> {
  const waiting: Socket[] = [];
  let target: ChildProcess | undefined;

  const server = createServer({ pauseOnConnect: true }, (socket) => {
    // A client that gives up while it waits is not our error.
    socket.on("error", () => {});
    if (target !== undefined) hand(target, socket);
    else if (waiting.length < WAITING_MAX) waiting.push(socket);
    else socket.destroy();
  });
  const attach = (child: ChildProcess) => {
    child.on("message", (message) => {
      if (message !== DOOR_READY) return;
      target = child;
      for (const socket of waiting.splice(0)) hand(child, socket);
    });
    child.once("exit", () => {
      if (target === child) target = undefined;
    });
  };
  const close = () => {
    for (const socket of waiting.splice(0)) socket.destroy();
    server.close();
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => resolve({ attach, close }));
  });
}

function hand(child: ChildProcess, socket: Socket): void {
  child.send(DOOR_CONNECTION, socket, { keepOpen: false }, (error) => {
    if (error !== null) socket.destroy();
  });
}
