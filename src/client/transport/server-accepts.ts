import { connect } from "node:net";
import type { Clock } from "@fairlead/lib/clock";

/** Between two looks, in milliseconds. */
const INTERVAL_MS = 25;
/** How long one look may take, in milliseconds. */
const LOOK_MAX_MS = 1_000;

export interface ServerAcceptsOptions {
  readonly clock: Clock;
  /** How long to look, in milliseconds. Default: 2,000. */
  readonly maxMs?: number;
}

/**
 * Resolves when the API server accepts connections, or the time is over. Never rejects.
 *
 * For programs that start together with their server. Looking costs a plain socket; a request that is refused costs what
 * TLS and HTTP need besides, and each of a program's caches has one.
 *
 * @param server - Its URL.
 */
export async function serverAccepts(server: string, { clock, maxMs = 2_000 }: ServerAcceptsOptions): Promise<void> {
  const { hostname, port } = new URL(server);
  const address = { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 443 : Number(port) };
  const startedMs = clock.monotonicMs();
  while (!(await accepts(address)) && clock.monotonicMs() - startedMs < maxMs) await clock.sleep(INTERVAL_MS);
}

/** Looks once. */
function accepts(address: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: LOOK_MAX_MS });
    const end = (isAccepted: boolean) => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
