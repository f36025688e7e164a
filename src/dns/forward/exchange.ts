import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { decodeResponse } from "../wire/decode-message.ts";
import type { Upstream } from "./upstream.ts";

const DNS_PORT = 53;

/**
 * Asks one upstream over UDP, from a random port of its own.
 *
 * What is no response to this very query is ignored. Rejects when nothing came until `signal` is aborted, or when the
 * upstream's machine refuses it (ICMP port unreachable).
 */
export function exchangeUdp(
  query: Uint8Array,
  { address, port = DNS_PORT }: Upstream,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  return new Promise<Uint8Array>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", reject);
    socket.on("message", (bytes) => {
      if (isResponseTo(query, bytes)) resolve(bytes);
    });
    // Connected, the socket takes packets from the upstream only, and fails when the upstream does not listen.
    socket.connect(port, address, () => socket.send(query));
    if (signal.aborted) onAbort();
  }).finally(() => socket.close());
}

/** Asks one upstream over TCP: for answers that are too long for UDP. */
export function exchangeTcp(
  query: Uint8Array,
  { address, port = DNS_PORT }: Upstream,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const socket = connect({ host: address, port });
  return new Promise<Uint8Array>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    let received = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`${address} closed the connection without an answer`)));
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
      if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return;
      const response = new Uint8Array(received.subarray(2, received.readUInt16BE(0) + 2));
      if (isResponseTo(query, response)) resolve(response);
      else reject(new Error(`${address} answered something else`));
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
    if (signal.aborted) onAbort();
  }).finally(() => socket.destroy());
}

/** Same id and same question, bit by bit. */
function isResponseTo(query: Uint8Array, bytes: Uint8Array): boolean {
  try {
    const { id, questionEnd } = decodeResponse(bytes);
    const question = Buffer.from(query).subarray(12, questionEnd);
    return id === Buffer.from(query).readUInt16BE(0) && question.equals(Buffer.from(bytes).subarray(12, questionEnd));
  } catch {
    return false;
  }
}
