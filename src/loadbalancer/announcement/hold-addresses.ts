import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type KernelAddresses, LIFETIME_SECONDS } from "./kernel-addresses.ts";

/** Between two renewals of what is held, in milliseconds. */
const RENEW_MS = (LIFETIME_SECONDS * 1000) / 3;

/**
 * How many addresses are announced again with a renewal, in turn: a machine that was cut off for a while does not know that
 * another one has answered meanwhile.
 */
const AGAIN_MAX = 10;

/** Interfaces that an address is announced at. Undefined: all. */
export type WantedAddresses = ReadonlyMap<string, readonly string[] | undefined>;

/** What the kernel was made to do. */
export interface Held {
  /** All that the machine answers for besides its own addresses, with the interfaces that it announces them at. */
  readonly held: ReadonlyMap<string, readonly string[]>;
  /** Addresses that the machine did not answer for before. */
  readonly added: readonly string[];
  /** Addresses whose interfaces the machine has not got. */
  readonly homeless: readonly string[];
}

export interface AddressHolder {
  /** Makes the machine answer for these addresses alone, besides its own. */
  apply(wanted: WantedAddresses): Promise<Held>;
  /** When {@link apply} is needed again though nothing has changed, in milliseconds from now. */
  renewsInMs(): number;
}

export interface AddressHolderOptions {
  readonly kernel: KernelAddresses;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Holds addresses, and renews them before the kernel forgets them. */
export function createAddressHolder({ kernel, log, clock }: AddressHolderOptions): AddressHolder {
  /** Undefined: what the program before this one has left is not known yet. */
  let held: ReadonlySet<string> | undefined;
  let renewedMs = Number.NEGATIVE_INFINITY;
  let announcedAgain = 0;

  /** Returns the next few of them. */
  function nextInTurn(addresses: readonly string[]): readonly string[] {
    const first = addresses.length === 0 ? 0 : announcedAgain % addresses.length;
    announcedAgain = first + AGAIN_MAX;
    return [...addresses.slice(first), ...addresses.slice(0, first)].slice(0, AGAIN_MAX);
  }

  async function announce(address: string, device: string): Promise<void> {
    try {
      await kernel.announce(address, device);
    } catch (error) {
      log.warn("Cannot announce an address", { address, device, error });
    }
  }

  return {
    renewsInMs: () => (held?.size ? Math.max(0, renewedMs + RENEW_MS - clock.monotonicMs()) : Number.POSITIVE_INFINITY),
    async apply(wanted) {
      if (wanted.size === 0 && held?.size === 0) return { held: new Map(), added: [], homeless: [] };
      const now = clock.monotonicMs();
      const isDue = now - renewedMs >= RENEW_MS;
      const found = held === undefined || isDue ? await kernel.read() : held;
      const { addresses: own, interfaces } = await kernel.machine();
      const devicesOf = (address: string) => interfaces.filter((one) => wanted.get(address)?.includes(one) ?? true);
      const homeless = [...wanted.keys()].filter((address) => devicesOf(address).length === 0);
      const kept = [...wanted.keys()].filter((address) => !own.has(address) && !homeless.includes(address));
      const added = kept.filter((address) => !found.has(address));
      await kernel.drop([...found].filter((address) => !kept.includes(address)));
      await kernel.hold(isDue ? kept : added);
      if (isDue) renewedMs = now;
      held = new Set(kept);
      // Sent twice, a second apart. The machine answers already.
      const announced = isDue ? new Set([...added, ...nextInTurn(kept)]) : added;
      for (const address of announced) for (const device of devicesOf(address)) void announce(address, device);
      return { held: new Map(kept.map((address) => [address, devicesOf(address)])), added, homeless };
    },
  };
}
