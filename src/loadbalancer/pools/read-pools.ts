import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { Labels } from "@fairlead/api/selectors/requirement";
import type { IPAddressPool } from "../kinds/ip-address-pool.ts";
import { AddressRangeError, parseAddressRange, rangesOverlap } from "./address-range.ts";
import type { Pool, PoolAllocation } from "./pool.ts";

/** A pool as users write it, in whatever kind of object. */
export type WrittenPool = Pick<
  IPAddressPool["spec"],
  "addresses" | "autoAssign" | "avoidBuggyIPs" | "serviceAllocation"
> & {
  readonly name: string;
};

/** A namespace, as selectors of pools see it. */
export interface NamespaceLabels {
  readonly name: string;
  readonly labels: Labels | undefined;
}

/** The pools that are in force, and why others are not. */
export interface ReadPools {
  readonly pools: readonly Pool[];
  /** By the name of the pool, in MetalLB's words. */
  readonly problems: ReadonlyMap<string, string>;
}

/**
 * Reads pools. One that is wrong, or that has addresses of one before it, is left out with its problem: the others stay in force.
 *
 * @param written - In the order in which they were made: the older of two that overlap counts.
 */
export function readPools(written: readonly WrittenPool[], namespaces: readonly NamespaceLabels[]): ReadPools {
  const pools: Pool[] = [];
  const problems = new Map<string, string>();
  for (const one of written) {
    try {
      const pool = readPool(one, namespaces);
      const overlap = overlapOf(pool, pools);
      if (overlap === undefined) pools.push(pool);
      else problems.set(one.name, overlap);
    } catch (error) {
      if (!(error instanceof AddressRangeError)) throw error;
      problems.set(one.name, `parsing address pool ${one.name}: ${error.message}`);
    }
  }
  return { pools, problems };
}

function readPool({ name, ...written }: WrittenPool, namespaces: readonly NamespaceLabels[]): Pool {
  const { addresses, autoAssign = true, avoidBuggyIPs = false, serviceAllocation } = written;
  if (addresses.length === 0) throw new AddressRangeError("pool has no prefixes defined");
  const ranges = addresses.map(parseAddressRange);
  const allocation = serviceAllocation && readAllocation(serviceAllocation, namespaces);
  return { name, ranges, autoAssign, avoidBuggyIPs, ...(allocation && { allocation }) };
}

function readAllocation(
  written: NonNullable<WrittenPool["serviceAllocation"]>,
  all: readonly NamespaceLabels[],
): PoolAllocation {
  const { priority = 0, namespaces = [], namespaceSelectors = [], serviceSelectors = [] } = written;
  const isLimited = namespaces.length + namespaceSelectors.length > 0;
  const selected = all.filter(({ labels }) => matchesOne(namespaceSelectors, labels)).map(({ name }) => name);
  return { priority, serviceSelectors, ...(isLimited && { namespaces: new Set([...namespaces, ...selected]) }) };
}

function matchesOne(selectors: readonly LabelSelector[], labels: Labels | undefined): boolean {
  return selectors.some((selector) => labelSelectorMatches(selector, labels));
}

function overlapOf(pool: Pool, others: readonly Pool[]): string | undefined {
  const earlier = [...others.map((other) => ({ of: other.name, ranges: other.ranges }))];
  for (const [at, range] of pool.ranges.entries()) {
    const own = { of: pool.name, ranges: pool.ranges.slice(0, at) };
    const hit = [...earlier, own].find(({ ranges }) => ranges.some((other) => rangesOverlap(range, other)));
    if (hit !== undefined) {
      const which = hit.of === pool.name ? "another line of it" : `pool "${hit.of}"`;
      return `addresses of pool "${pool.name}" overlap with ${which}`;
    }
  }
  return undefined;
}
