import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { KernelAddresses } from "./kernel-addresses.ts";

/** Between two looks for another owner of an address, in milliseconds. */
const LOOK_MS = 60_000;
/** After an address came here, and after another owner was seen once: the node that had it may not have let go of it yet. */
const SOON_MS = 3_000;

export interface OwnerWatchOptions {
  readonly kernel: Pick<KernelAddresses, "otherOwner">;
  /** Called with the hardware address of another machine that answers for an address of this one. */
  readonly onOther: (address: string, hardwareAddress: string) => void;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Looks for other machines that answer for the addresses of this one. */
export interface OwnerWatch extends Running {
  /** The addresses that this machine answers for, and the interfaces at which it does. */
  set(held: ReadonlyMap<string, readonly string[]>): void;
}

interface Watched {
  readonly devices: readonly string[];
  dueMs: number;
  /** The other owner that was seen last. */
  seen?: string | undefined;
}

export function startOwnerWatch({ kernel, onOther, log, clock }: OwnerWatchOptions): OwnerWatch {
  const watched = new Map<string, Watched>();

  async function look(address: string, entry: Watched): Promise<void> {
    let other: string | undefined;
    for (const device of entry.devices) other ??= await kernel.otherOwner(address, device);
    const isNew = other !== undefined && entry.seen !== other;
    if (other !== undefined && !isNew) onOther(address, other);
    entry.seen = other;
    entry.dueMs = clock.monotonicMs() + (isNew ? SOON_MS : LOOK_MS);
  }

  const loop = startLoop({
    clock,
    async turn() {
      const [next] = [...watched].toSorted(([, one], [, another]) => one.dueMs - another.dueMs);
      if (next === undefined) return Number.POSITIVE_INFINITY;
      const [address, entry] = next;
      const waitMs = entry.dueMs - clock.monotonicMs();
      if (waitMs > 0) return waitMs;
      try {
        await look(address, entry);
      } catch (error) {
        log.debug("Cannot look for another owner of an address", { address, error });
        entry.dueMs = clock.monotonicMs() + LOOK_MS;
      }
      return 0;
    },
  });

  return {
    ...running(() => loop.stop()),
    set(held) {
      for (const address of watched.keys()) if (!held.has(address)) watched.delete(address);
      for (const [address, devices] of held) {
        if (!watched.has(address)) watched.set(address, { devices, dueMs: clock.monotonicMs() + SOON_MS });
      }
      loop.wake();
    },
  };
}
