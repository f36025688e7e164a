import type { Duplex } from "node:stream";

/** Sends what is written at once (TCP_NODELAY): sessions are made of small messages that wait for one another. */
export function withoutDelay(socket: Duplex): void {
  if ("setNoDelay" in socket && typeof socket.setNoDelay === "function") socket.setNoDelay(true);
}
