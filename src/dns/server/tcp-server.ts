import { once } from "node:events";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { Respond } from "./respond.ts";
import type { ListenAddress } from "./udp-server.ts";

/**
 * Idle time after which a connection is closed (RFC 7766 §6.2.3), in milliseconds; BIND and unbound use the same. The node
 * program, which watches this server, reconnects each time.
 */
const IDLE_MS = 30_000;
const CONNECTIONS_MAX = 1_000;

/** @throws {Error} when the address is taken, or is not this machine's. */
export async function startTcpServer(
  { address, port }: ListenAddress,
  respond: Respond,
  log: Logger,
  { idleMs = IDLE_MS }: { readonly idleMs?: number } = {},
): Promise<Running> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, respond, log);
    socket.setTimeout(idleMs, () => socket.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(port, address);
  await once(server, "listening");
  server.on("error", (error) => log.warn("The TCP socket failed", { address, error }));
  return running(async () => {
    const done = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await done;
  });
}

/** Each message has its length before it (RFC 1035 §4.2.2); several may come, and be answered in any order. */
function serve(socket: Socket, respond: Respond, log: Logger): void {
  let received: Buffer = Buffer.alloc(0);
  const client = { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
  socket.on("error", () => socket.destroy());
  const send = (response: Uint8Array | undefined) => {
    if (response === undefined) {
      socket.destroy();
      return;
    }
    const length = Buffer.alloc(2);
    length.writeUInt16BE(response.length);
    if (!socket.destroyed) socket.write(Buffer.concat([length, response]));
  };
  const answer = (message: Uint8Array) => {
    const response = respond(message, client);
    if (!(response instanceof Promise)) return send(response);
    response.then(send, (error) => {
      log.error("Cannot answer", { error });
      socket.destroy();
    });
  };
  const answerAll = () => {
    // A client that does not read its answers gets no more for now: pending answers are bounded.
    while (!socket.writableNeedDrain && received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
      const end = received.readUInt16BE(0) + 2;
      const message = new Uint8Array(received.subarray(2, end));
      received = received.subarray(end);
      answer(message);
    }
    if (socket.writableNeedDrain) socket.pause();
    else socket.resume();
  };
  socket.on("drain", answerAll);
  socket.on("data", (data: Buffer) => {
    received = received.length === 0 ? data : Buffer.concat([received, data]);
    answerAll();
  });
}
