import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { Respond } from "./respond.ts";

/** Room for queries that come while we are busy. The kernel gives as much of it as it allows. */
const RECEIVE_BYTES = 4 * 1024 * 1024;

/** Where a server listens. */
export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

/** @throws {Error} when the address is taken, or is not this machine's. */
export async function startUdpServer(
  { address, port }: ListenAddress,
  respond: Respond,
  log: Logger,
): Promise<Running> {
  const family = isIPv6(address) ? 6 : 4;
  // Answers go to addresses, never to names: looking them up would cost each answer a turn of the event loop.
  const socket = createSocket({ type: `udp${family}`, lookup: (host, _, found) => found(null, host, family) });
  const listening = once(socket, "listening");
  socket.bind(port, address);
  await listening;
  socket.setRecvBufferSize(RECEIVE_BYTES);
  socket.on("error", (error) => log.warn("The UDP socket failed", { address, error }));
  socket.on("message", (bytes, { address: to, port: toPort }) => {
    // A spoofed packet may have source port 0, which cannot be answered.
    if (toPort === 0) return;
    // Without a callback, an answer that cannot be sent is dropped: a client that is gone is not our concern.
    const send = (response: Uint8Array | undefined) => {
      if (response !== undefined && !closed) socket.send(response, toPort, to);
    };
    const response = respond(bytes, { address: to, port: toPort });
    if (response instanceof Promise) response.then(send, (error) => log.error("Cannot answer", { error }));
    else send(response);
  });
  let closed = false;
  return running(async () => {
    closed = true;
    const done = once(socket, "close");
    socket.close();
    await done;
  });
}
