import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import type { Logger } from "../../lib/log.ts";
import type { Running } from "../../lib/running.ts";
import { running } from "../../lib/running.ts";
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
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  socket.bind(port, address);
  await once(socket, "listening");
  socket.setRecvBufferSize(RECEIVE_BYTES);
  socket.on("error", (error) => log.warn("The UDP socket failed", { address, error }));
  socket.on("message", (bytes, { address: to, port: toPort }) => {
    // A client that is gone is not our concern.
    const send = (response: Uint8Array | undefined) => {
      if (response !== undefined && !closed) socket.send(response, toPort, to, () => {});
    };
    const response = respond(bytes, "udp");
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
