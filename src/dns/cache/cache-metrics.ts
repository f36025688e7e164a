import type { Metrics } from "@fairlead/lib/metrics";

/** Counts what one cache does. */
export interface CacheMetrics {
  requested(): void;
  hit(type: "success" | "denial"): void;
  missed(): void;
  prefetched(): void;
  servedStale(): void;
  evicted(type: "success" | "denial", count: number): void;
  entries(type: "success" | "denial", count: number): void;
}

/**
 * Counts under the names of CoreDNS's cache plugin.
 *
 * @param server - As in the metrics of requests: `dns://ADDRESS:PORT`.
 * @param zones - Those of the server block: `.`.
 */
export function cacheMetrics(metrics: Metrics, server: string, zones: string): CacheMetrics {
  const labels = ["server", "zones", "view"];
  const typed = ["server", "type", "zones", "view"];
  const name = (what: string) => `coredns_cache_${what}`;
  const requests = metrics.counter(name("requests_total"), "Requests to the cache.", labels);
  const hits = metrics.counter(name("hits_total"), "Requests answered from the cache, by type.", typed);
  const misses = metrics.counter(name("misses_total"), "Requests that the cache could not answer.", labels);
  const prefetches = metrics.counter(name("prefetch_total"), "Answers asked for again before they expired.", labels);
  const stale = metrics.counter(name("served_stale_total"), "Requests answered with expired answers.", labels);
  const evictions = metrics.counter(name("evictions_total"), "Answers evicted to make room, by type.", typed);
  const entries = metrics.gauge(name("entries"), "Answers in the cache, by type.", typed);
  return {
    requested: () => requests.inc(server, zones, ""),
    hit: (type) => hits.inc(server, type, zones, ""),
    missed: () => misses.inc(server, zones, ""),
    prefetched: () => prefetches.inc(server, zones, ""),
    servedStale: () => stale.inc(server, zones, ""),
    evicted: (type, count) => evictions.add(count, server, type, zones, ""),
    entries: (type, count) => entries.set(count, server, type, zones, ""),
  };
}
