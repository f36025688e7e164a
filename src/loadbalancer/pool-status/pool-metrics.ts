import type { Metrics } from "@fairlead/lib/metrics";
import type { Holdings } from "../addresses/holdings.ts";
import type { IPFamily } from "../pools/address.ts";
import type { FollowedPools } from "../pools/follow-pools.ts";
import { type Pool, poolSize } from "../pools/pool.ts";

const PREFIX = "metallb_allocator_";
const FAMILIES = { IPv4: "IPV4", IPv6: "IPV6" } as const;

export interface PoolMetricsOptions {
  readonly pools: Pick<FollowedPools, "current">;
  readonly holdings: Pick<Holdings, "countOf" | "servicesOf">;
}

/**
 * Shows addresses of pools, and how many are taken, under MetalLB's names, a value for each pool in force.
 *
 * https://metallb.io/prometheus-metrics/
 */
export function measurePools(metrics: Metrics, { pools, holdings }: PoolMetricsOptions): void {
  const gauge = (name: string, help: string, count: (pool: Pool) => number) => {
    const read = () => new Map(pools.current().pools.map((pool) => [pool.name, count(pool)]));
    metrics.measureEach("gauge", PREFIX + name, help, { label: "pool", read });
  };
  const size = (pool: Pool, family: IPFamily) => Number(poolSize(pool)[family]);
  const taken = (pool: Pool, family: IPFamily) => holdings.countOf(pool.name, family);
  const both = (of: typeof size) => (pool: Pool) => of(pool, "IPv4") + of(pool, "IPv6");
  gauge("addresses_total", "Number of usable IP addresses, per pool", both(size));
  gauge("addresses_in_use_total", "Number of IP addresses in use, per pool", both(taken));
  for (const family of ["IPv4", "IPv6"] as const) {
    const [name, text] = [family.toLowerCase(), FAMILIES[family]];
    gauge(`${name}_addresses_total`, `Number of usable ${text} addresses, per pool`, (pool) => size(pool, family));
    gauge(`${name}_addresses_in_use_total`, `Number of ${text} addresses in use, per pool`, (pool) =>
      taken(pool, family),
    );
  }
  gauge("services_allocated_total", "Number of services allocated, per pool", ({ name }) => holdings.servicesOf(name));
}
