import type { IPAddressPoolStatus } from "../kinds/ip-address-pool.ts";
import type { IPFamily } from "../pools/address.ts";
import { type Pool, poolSize } from "../pools/pool.ts";

/** JSON has no larger number without loss; a range of IPv6 does. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Counts the addresses of a pool.
 *
 * @param taken - How many addresses of each family Services have.
 */
export function planPoolStatus(pool: Pool, taken: Readonly<Record<IPFamily, number>>): IPAddressPoolStatus {
  const size = poolSize(pool);
  const left = (family: IPFamily) => {
    const count = size[family] - BigInt(taken[family]);
    return Number(count > MOST ? MOST : count < 0n ? 0n : count);
  };
  return {
    assignedIPv4: taken.IPv4,
    assignedIPv6: taken.IPv6,
    availableIPv4: left("IPv4"),
    availableIPv6: left("IPv6"),
  };
}
