import type { Duplex } from "node:stream";

/** After how long a silent peer is asked whether it is still there. */
const KEEP_ALIVE_DELAY_MS = 30_000;

/**
 * Makes a socket fit for a session: what is written is sent at once (sessions are made of small messages that wait for
 * one another), and a peer that has vanished is noticed. Does nothing to other streams.
 */
export function prepareSessionSocket(socket: Duplex): void {
  if ("setNoDelay" in socket && typeof socket.setNoDelay === "function") socket.setNoDelay(true);
  if ("setKeepAlive" in socket && typeof socket.setKeepAlive === "function") {
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  }
}
