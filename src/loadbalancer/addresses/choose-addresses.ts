import type { Address, IPFamily } from "../pools/address.ts";
import { isFor, type Pool, type PoolCustomer, poolHas, poolsFor } from "../pools/pool.ts";
import type { Claim, Holding, Holdings } from "./holdings.ts";
import { quoted, type Wish, WishError } from "./wish.ts";

/** What a choice is made from. */
export interface Supply {
  readonly pools: readonly Pool[];
  readonly holdings: Holdings;
}

/** Chooses addresses for a Service that has none. @throws {WishError} in MetalLB's words, when it can have none. */
export function chooseAddresses(wish: Wish, customer: PoolCustomer, supply: Supply): Holding {
  if (wish.addresses !== undefined) return holdingOfWished(wish, wish.addresses, customer, supply);
  if (wish.pool !== undefined) {
    const pool = supply.pools.find(({ name }) => name === wish.pool);
    if (pool === undefined) throw new WishError(`unknown pool "${wish.pool}"`);
    if (!isFor(pool, customer)) throw new WishError(`pool ${pool.name} not compatible for ip assignment`);
    const addresses = bestOf([pool], wish, supply.holdings);
    if (addresses === undefined) throw new WishError(`no available IPs in pool ${pool.name}`);
    return addresses;
  }
  const chosen = bestOf(poolsFor(supply.pools, customer), wish, supply.holdings);
  if (chosen === undefined) throw new WishError("no available IPs");
  return chosen;
}

/**
 * Returns what addresses are to a Service that has them or wants just them.
 *
 * @throws {WishError} in MetalLB's words, when it may not have them.
 */
export function holdingOf(
  addresses: readonly Address[],
  claim: Claim,
  customer: PoolCustomer,
  supply: Supply,
): Holding {
  const pool = supply.pools.find((one) => addresses.every((address) => poolHas(one, address)));
  if (pool === undefined) throw new WishError(`${quoted(addresses)} is not allowed in config`);
  if (!isFor(pool, customer)) throw new WishError(`pool ${pool.name} not compatible for ip assignment`);
  for (const address of addresses) {
    const problem = supply.holdings.problemWith(address, claim);
    if (problem !== undefined) throw new WishError(problem);
  }
  return { ...claim, addresses, pool: pool.name };
}

/** Returns the first address of a family in a pool that the Service can have. */
export function firstFree(pool: Pool, family: IPFamily, claim: Claim, holdings: Holdings): Address | undefined {
  for (const range of pool.ranges) {
    if (range.family !== family) continue;
    for (let value = range.first; value <= range.last; value++) {
      const address = { family, value };
      if (poolHas(pool, address) && holdings.problemWith(address, claim) === undefined) return address;
    }
  }
  return undefined;
}

function holdingOfWished(wish: Wish, addresses: readonly Address[], customer: PoolCustomer, supply: Supply): Holding {
  const families = new Set(addresses.map(({ family }) => family));
  if (wish.families.length !== families.size || !wish.families.every((family) => families.has(family))) {
    throw new WishError(`requested loadBalancer IP(s) ${quoted(addresses)} does not match the ipFamily of the service`);
  }
  const holding = holdingOf(addresses, wish.claim, customer, supply);
  if (wish.pool === undefined || wish.pool === holding.pool) return holding;
  const wished = `requested loadBalancer IP(s) ${quoted(addresses)}`;
  throw new WishError(`${wished} is not compatible with requested address pool ${wish.pool}`);
}

/** All families out of one pool; where one will do, the first family counts more than the order of pools. */
function bestOf(
  pools: readonly Pool[],
  { claim, families, prefersBoth }: Wish,
  holdings: Holdings,
): Holding | undefined {
  let second: Holding | undefined;
  let last: Holding | undefined;
  for (const pool of pools) {
    const found = families.map((family) => firstFree(pool, family, claim, holdings));
    const addresses = found.filter((address) => address !== undefined);
    const holding = { ...claim, addresses, pool: pool.name };
    if (addresses.length === families.length) return holding;
    if (!prefersBoth || addresses.length === 0) continue;
    if (found[0] !== undefined) second ??= holding;
    else last ??= holding;
  }
  return second ?? last;
}
