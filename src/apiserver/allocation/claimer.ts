import type { Store } from "@fairlead/store/store";
import { ipKey, NODE_PORTS_PREFIX, portKey, SERVICE_IPS_PREFIX } from "./claims.ts";
import { type ClaimRange, freeOffset } from "./free-offset.ts";
import type { IpRange } from "./ip-range.ts";
import { staticAddresses, staticPorts } from "./static-band.ts";

/** Inclusive. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Collects what one write of a Service claims. */
export interface Claimer {
  /** Whether the Service has the claim already. */
  holds(key: string): boolean;
  /** Claims a key, or reports that another Service has it. A Service's own keys count as free. */
  claim(key: string): Promise<"claimed" | "taken">;
  /** Claims some free node port; nothing when there is none. */
  anyPort(): Promise<number | undefined>;
  /** Claims some free address of a range; nothing when there is none. */
  anyIp(range: IpRange): Promise<string | undefined>;
  /** The keys that were claimed, to be written in the Service's own transaction. */
  claiming(): readonly string[];
}

/** Where claims are, and out of what to choose. */
export interface ClaimerOptions {
  readonly store: Pick<Store, "get" | "range">;
  readonly nodePorts: PortRange;
  /** Gives integers from 0 below its argument. */
  readonly random: (below: number) => number;
}

/** A claimer that has claimed nothing yet. @param held - The keys that the Service has from before. */
export function createClaimer({ store, nodePorts, random }: ClaimerOptions, held: ReadonlySet<string>): Claimer {
  const claiming = new Set<string>();

  async function any(range: ClaimRange): Promise<number | undefined> {
    const offset = await freeOffset(store, range, { excluded: claiming, random });
    if (offset !== undefined) claiming.add(range.key(offset));
    return offset;
  }

  return {
    holds: (key) => held.has(key),
    claiming: () => [...claiming],
    async claim(key) {
      if (held.has(key) || claiming.has(key)) return "claimed";
      if ((await store.get(key)).item !== undefined) return "taken";
      claiming.add(key);
      return "claimed";
    },
    async anyPort() {
      const size = nodePorts.last - nodePorts.first + 1;
      const key = (offset: number) => portKey(nodePorts.first + offset);
      const offset = await any({ size, staticSize: staticPorts(size), prefix: NODE_PORTS_PREFIX, key });
      return offset === undefined ? undefined : nodePorts.first + offset;
    },
    async anyIp({ size, at }) {
      const key = (offset: number) => ipKey(at(offset));
      const offset = await any({ size, staticSize: staticAddresses(size), prefix: SERVICE_IPS_PREFIX, key });
      return offset === undefined ? undefined : at(offset);
    },
  };
}
