/** Hands out the addresses of an IPv4 range, each to one owner. */
export interface SimulatedAddresses {
  /** Throws when none is left. */
  take(owner: string): string;
  giveBack(owner: string): void;
}

/** @param cidr - `10.244.7.0/24`. The first two addresses (network, gateway) and the last are left out. */
export function simulatedAddresses(cidr: string): SimulatedAddresses {
  const [network = "", bits = "32"] = cidr.split("/");
  const base = network.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const owners = new Map<string, number>();
  const taken = new Set<number>();
  let next = 2;

  return {
    take(owner) {
      for (let tries = 0; tries < size; tries += 1) {
        const offset = next;
        next = next + 1 >= size - 1 ? 2 : next + 1;
        if (taken.has(offset)) continue;
        taken.add(offset);
        owners.set(owner, offset);
        return dotted(base + offset);
      }
      throw new Error(`no address is left in ${cidr}`);
    },
    giveBack(owner) {
      const offset = owners.get(owner);
      if (offset !== undefined) taken.delete(offset);
      owners.delete(owner);
    },
  };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}
