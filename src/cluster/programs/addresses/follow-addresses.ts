import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { type MachineAddresses, ownAddresses } from "./own-addresses.ts";
import { readAddresses } from "./read-addresses.ts";

/**
 * Poll interval for the machine's addresses, in milliseconds: the longest that a change goes unnoticed.
 * Upstream's kubelet looks every ten seconds.
 */
const LOOK_MS = 5_000;

/** A program that is known to others by its machine's addresses. */
export interface FollowAddressesOptions {
  /** What the machine is to be known by as long as it has it. */
  readonly wanted: readonly string[];
  /** Starts the program for these addresses, as many as the wanted ones. */
  readonly start: (addresses: readonly string[]) => Promise<Running>;
  /** Default: {@link readAddresses}. */
  readonly look?: () => Promise<MachineAddresses>;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Runs a program for the addresses that the machine has, and again for others when they change.
 *
 * Connections over an address that is gone say nothing any more, not even that they ended, so the program is not notified of the change
 * but stopped and started. Resolves when it runs for the first time.
 *
 * @throws what the first `start` throws. Later ones are logged and tried again.
 */
export async function followAddresses(options: FollowAddressesOptions): Promise<Running> {
  const { wanted, start, look = readAddresses, log, clock } = options;
  let addresses = ownAddresses(wanted, await look()) ?? wanted;
  let program: Running | undefined = await start(addresses);
  const ended = Promise.withResolvers<undefined>();

  async function startAgain(signal: AbortSignal): Promise<void> {
    const starting = start(addresses);
    program = await Promise.race([starting, ended.promise]);
    // It may be waiting for an API server that never comes.
    if (signal.aborted && program === undefined) starting.then((late) => late.stop()).catch(() => {});
  }

  async function lookOnce(signal: AbortSignal): Promise<void> {
    const found = ownAddresses(wanted, await look()) ?? addresses;
    if (program !== undefined && found.join() === addresses.join()) return;
    if (program !== undefined) {
      log.warn("The machine's addresses changed: starting again with the new ones", {
        before: addresses,
        after: found,
      });
      await program.stop();
      program = undefined;
    }
    addresses = found;
    await startAgain(signal);
  }

  async function turn(signal: AbortSignal): Promise<number> {
    await lookOnce(signal).catch((error: unknown) =>
      log.error("Cannot start with the machine's addresses", { addresses, error }),
    );
    return LOOK_MS;
  }

  const loop = startLoop({ turn, firstPauseMs: LOOK_MS, clock });
  return running(async () => {
    const stopped = loop.stop();
    ended.resolve(undefined);
    await stopped;
    await program?.stop();
  });
}
