import { Writable } from "node:stream";
import type { WebSocket } from "ws";
import { type ChannelProtocol, decodeMessage, encodeMessage } from "./channel-protocol.ts";

/** The channels of one WebSocket, seen from the server. Nothing is read before `start`. */
export interface ChannelConnection {
  readonly protocol: ChannelProtocol;
  /** What is written becomes messages on the channel. The protocols have no message for its end. */
  output(channel: number): Writable;
  /** Sends the client's data on the channel to `target`, and ends it when the client closes the channel. */
  input(channel: number, target: Writable): void;
  /** Starts reading. Before that every `input` must be known: what comes for others is dropped. */
  start(): void;
  /** Sends what has been written, then closes. 1000 is a normal end; see RFC 6455 7.4.1. */
  close(code: number, reason?: string): void;
  /** Resolves when the connection has ended, from either side. */
  readonly closed: Promise<void>;
}

/** @param socket - Paused. */
export function createChannelConnection(socket: WebSocket, protocol: ChannelProtocol): ChannelConnection {
  const targets = new Map<number, Writable>();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.on("close", () => resolve());
  // 'close' follows, with what there is to know.
  socket.on("error", () => {});
  socket.on("message", (message) => {
    const decoded = decodeMessage(protocol, message as Buffer);
    if (decoded.type === "ignored") return;
    const target = targets.get(decoded.channel);
    if (target === undefined || target.writableEnded) return;
    if (decoded.type === "close") target.end();
    else if (!target.write(decoded.data)) pauseUntilDrained(socket, target);
  });

  return {
    protocol,
    closed,
    output: (channel) =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          if (socket.readyState !== socket.OPEN) done(new Error("WebSocket is closed"));
          else socket.send(encodeMessage(protocol, channel, chunk), done);
        },
      }).on("error", () => {}),
    input(channel, target) {
      targets.set(channel, target);
    },
    start: () => socket.resume(),
    close: (code, reason) => socket.close(code, reason),
  };
}

function pauseUntilDrained(socket: WebSocket, target: Writable): void {
  socket.pause();
  const resume = () => {
    target.off("drain", resume).off("close", resume);
    socket.resume();
  };
  target.on("drain", resume).on("close", resume);
}
