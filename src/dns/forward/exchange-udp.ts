import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { isResponseTo } from "./is-response-to.ts";
import { type Upstream, upstreamPort } from "./upstream.ts";

/**
 * Asks one upstream over UDP, from a random port of its own.
 *
 * What is no response to this very query is ignored. Rejects when nothing came until `signal` is aborted, or when the
 * upstream's machine refuses it (ICMP port unreachable).
 */
export function exchangeUdp(query: Uint8Array, upstream: Upstream, signal: AbortSignal): Promise<Uint8Array> {
  const { address } = upstream;
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  return new Promise<Uint8Array>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", reject);
    socket.on("message", (bytes) => {
      if (isResponseTo(query, bytes)) resolve(bytes);
    });
    // Connected, the socket takes packets from the upstream only, and fails when the upstream does not listen.
    socket.connect(upstreamPort(upstream), address, () => socket.send(query));
    if (signal.aborted) onAbort();
  }).finally(() => socket.close());
}
