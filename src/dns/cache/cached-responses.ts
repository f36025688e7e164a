import { createRecent } from "@fairlead/lib/recent";
import type { CacheConfig } from "./cache-config.ts";
import type { Keep } from "./cache-decision.ts";
import type { CacheMetrics } from "./cache-metrics.ts";

/** A response in the cache. */
export interface Entry {
  readonly bytes: Uint8Array;
  /** The upstream answered SERVFAIL. */
  readonly isFailure: boolean;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Questions without a long gap between them. */
  hits: number;
  lastHitMs: number;
  isRefreshing: boolean;
  /** Refreshing failed at this time. */
  failedMs: number | undefined;
}

/** Responses by their question, answers and denials apart. */
export interface CachedResponses {
  get(type: Keep["type"], key: string): Entry | undefined;
  /** Evicts the oldest where there is no room. */
  set(type: Keep["type"], key: string, entry: Entry): void;
  delete(type: Keep["type"], key: string): void;
}

/** @param bytesMax - Of responses and their keys together, a half for each type. */
export function createCachedResponses(
  config: Pick<CacheConfig, "success" | "denial">,
  bytesMax: number,
  metrics: CacheMetrics | undefined,
): CachedResponses {
  const limit = { bytesMax: bytesMax / 2, bytesOf: ({ bytes }: Entry) => bytes.byteLength };
  const halves = {
    success: createRecent<Entry>(config.success.capacity, limit),
    denial: createRecent<Entry>(config.denial.capacity, limit),
  };
  return {
    get: (type, key) => halves[type].get(key),
    set(type, key, entry) {
      const half = halves[type];
      const expected = half.size + (half.get(key) === undefined ? 1 : 0);
      half.set(key, entry);
      if (half.size < expected) metrics?.evicted(type, expected - half.size);
      metrics?.entries(type, half.size);
    },
    delete(type, key) {
      halves[type].delete(key);
      metrics?.entries(type, halves[type].size);
    },
  };
}
