import type { Address } from "../pools/address.ts";
import { formatAddress } from "../pools/address.ts";

/** What lets Services share an address: all of it has to be the same, and the ports different. */
export interface SharingKey {
  /** Of the annotation `metallb.io/allow-shared-ip`. Empty: the address is the Service's alone. */
  readonly sharing: string;
  /** With the policy Local the pods behind it, since a node answers for all of an address or for nothing of it. */
  readonly backend: string;
}

/** What a Service would take of an address. */
export interface Claim {
  /** `namespace/name` of the Service. */
  readonly service: string;
  /** As `TCP/80`. */
  readonly ports: readonly string[];
  readonly key: SharingKey;
}

/** A claim on one or two addresses. */
export interface Holding extends Claim {
  readonly addresses: readonly Address[];
  /** The pool that they are of. */
  readonly pool: string;
}

/** Who has which address. */
export interface Holdings {
  of(service: string): Holding | undefined;
  /** Why the Service cannot have the address as well: in MetalLB's words. Undefined when it can. */
  problemWith(address: Address, claim: Claim): string | undefined;
  /** Takes the place of what the Service had. Does not check. */
  take(holding: Holding): void;
  /** Returns whether the Service had any. */
  release(service: string): boolean;
  /** How many addresses of a pool are taken, each counted once. */
  countOf(pool: string, family: Address["family"]): number;
  /** How many Services have an address of a pool. */
  servicesOf(pool: string): number;
}

interface Use {
  readonly address: Address;
  readonly holders: Map<string, Holding>;
}

export function createHoldings(): Holdings {
  const byService = new Map<string, Holding>();
  const uses = new Map<string, Use>();

  function release(service: string): boolean {
    const held = byService.get(service);
    if (held === undefined) return false;
    byService.delete(service);
    for (const address of held.addresses) {
      const name = formatAddress(address);
      const use = uses.get(name);
      use?.holders.delete(service);
      if (use?.holders.size === 0) uses.delete(name);
    }
    return true;
  }

  return {
    of: (service) => byService.get(service),
    problemWith(address, claim) {
      const name = formatAddress(address);
      const others = [...(uses.get(name)?.holders.values() ?? [])].filter(({ service }) => service !== claim.service);
      if (!others.every(({ key }) => mayShare(key, claim.key))) {
        const owners = others.map(({ service }) => service).join(",");
        return `can't change sharing key for "${claim.service}", address also in use by ${owners}`;
      }
      const port = claim.ports.find((one) => others.some(({ ports }) => ports.includes(one)));
      return port && `port ${port} is already in use on "${name}"`;
    },
    take(holding) {
      release(holding.service);
      byService.set(holding.service, holding);
      for (const address of holding.addresses) {
        const name = formatAddress(address);
        const use = uses.get(name) ?? { address, holders: new Map() };
        use.holders.set(holding.service, holding);
        uses.set(name, use);
      }
    },
    release,
    countOf(pool, family) {
      let count = 0;
      for (const { address, holders } of uses.values()) {
        const [first] = holders.values();
        if (address.family === family && first?.pool === pool) count += 1;
      }
      return count;
    },
    servicesOf: (pool) => [...byService.values()].filter((holding) => holding.pool === pool).length,
  };
}

function mayShare(one: SharingKey, other: SharingKey): boolean {
  return one.sharing !== "" && one.sharing === other.sharing && one.backend === other.backend;
}
