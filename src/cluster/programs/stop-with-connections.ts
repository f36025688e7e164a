import type { Transport } from "@fairlead/client/transport/transport";
import type { Clock } from "@fairlead/lib/clock";

/** How long a program that is stopped may take for what it still has to say. */
const LAST_WORDS_MS = 2_000;

/**
 * Stops a program, and closes its connections: at the latest after two seconds, as one over an address that the machine has
 * no longer neither carries its last words nor fails.
 */
export async function stopWithConnections(
  stop: () => Promise<unknown>,
  transports: readonly Transport[],
  clock: Clock,
): Promise<void> {
  const close = () => Promise.all(transports.map((transport) => transport.close()));
  const stopped = new AbortController();
  clock.sleep(LAST_WORDS_MS, stopped.signal).then(close, () => {});
  await stop();
  stopped.abort();
  await close();
}
