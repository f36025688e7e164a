import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { Labels } from "@fairlead/api/selectors/requirement";
import type { Address } from "./address.ts";
import { type AddressRange, rangeHas } from "./address-range.ts";

/** Addresses that Services may get, and which Services. */
export interface Pool {
  readonly name: string;
  readonly ranges: readonly AddressRange[];
  /** Whether a Service gets an address of it that asks neither for the pool nor for the address. */
  readonly autoAssign: boolean;
  /** Whether IPv4 addresses that end in 0 or 255 are left out: some routers drop their packets. */
  readonly avoidBuggyIPs: boolean;
  /** Default: it is there for all Services that no pool of their own has room for. */
  readonly allocation?: PoolAllocation;
}

/** The Services that a pool is for. It is tried before the pools for all. */
export interface PoolAllocation {
  /** Lower ones are tried first, and 0 last. */
  readonly priority: number;
  /** Default: all. */
  readonly namespaces?: ReadonlySet<string>;
  /** One has to match. Empty: all Services. */
  readonly serviceSelectors: readonly LabelSelector[];
}

/** What of a Service decides about its pools. */
export interface PoolCustomer {
  readonly namespace: string;
  readonly labels: Labels | undefined;
}

/** Whether the pool may give an address to the Service. */
export function isFor({ allocation }: Pool, { namespace, labels }: PoolCustomer): boolean {
  if (allocation === undefined) return true;
  const { namespaces, serviceSelectors } = allocation;
  if (namespaces?.has(namespace) === false) return false;
  return serviceSelectors.length === 0 || serviceSelectors.some((selector) => labelSelectorMatches(selector, labels));
}

/** Whether the address belongs to the pool and may be given out. */
export function poolHas(pool: Pool, address: Address): boolean {
  return pool.ranges.some((range) => rangeHas(range, address)) && !(pool.avoidBuggyIPs && isBuggy(address));
}

/** Returns the pools that a Service gets an address from unless it asks for another, in the order in which they are tried. */
export function poolsFor(pools: readonly Pool[], customer: PoolCustomer): readonly Pool[] {
  const own = pools.filter((pool) => pool.autoAssign && pool.allocation !== undefined && isFor(pool, customer));
  const rank = ({ allocation }: Pool) => allocation?.priority || Number.POSITIVE_INFINITY;
  // Two infinite ranks have no difference.
  const ordered = own.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  return [...ordered, ...pools.filter((pool) => pool.autoAssign && pool.allocation === undefined)];
}

/** Whether it ends in 0 or 255, as the address of a network or its broadcast address in a /24. */
export function isBuggy({ family, value }: Address): boolean {
  if (family === "IPv6") return false;
  const last = value & 0xffn;
  return last === 0n || last === 0xffn;
}

/** How many addresses of each family a pool has. */
export function poolSize({ ranges, avoidBuggyIPs }: Pool): { readonly IPv4: bigint; readonly IPv6: bigint } {
  const sum = (family: Address["family"]) =>
    ranges
      .filter((range) => range.family === family)
      .reduce((total, { first, last }) => {
        const buggy = avoidBuggyIPs && family === "IPv4" ? buggyWithin(first, last) : 0n;
        return total + (last - first + 1n) - buggy;
      }, 0n);
  return { IPv4: sum("IPv4"), IPv6: sum("IPv6") };
}

/** How many numbers of a range end in 0 or 255. */
function buggyWithin(first: bigint, last: bigint): bigint {
  const upTo = (n: bigint) => (n < 0n ? 0n : n / 256n + 1n + (n + 1n) / 256n);
  return upTo(last) - upTo(first - 1n);
}
