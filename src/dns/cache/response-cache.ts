import type { Clock } from "@fairlead/lib/clock";
import { isBelowAny } from "../config/dns-config.ts";
import type { Question } from "../wire/message.ts";
import type { CacheConfig, ServeStale } from "./cache-config.ts";
import { isDueForPrefetch, type Keep, keepOf } from "./cache-decision.ts";
import type { CacheMetrics } from "./cache-metrics.ts";
import { aged, cacheable } from "./cached-response.ts";
import { createCachedResponses, type Entry } from "./cached-responses.ts";

/** Memory of a cache. Most answers have less than 200 bytes: those of clients who ask for large ones must not fill it. */
const BYTES_MAX = 8 * 1024 * 1024;

/** Asks upstreams; undefined when none answered. */
export type Ask = (question: Question) => Promise<Uint8Array | undefined>;

export interface ResponseCacheOptions {
  readonly config: CacheConfig;
  readonly ask: Ask;
  /** Of answers and their names together, a half for each type. Default 8 MiB. */
  readonly bytesMax?: number | undefined;
  readonly clock: Clock;
  readonly metrics?: CacheMetrics | undefined;
}

/** Returns a function that asks as `ask` does, and caches the answers. */
export function createResponseCache({ config, ask, bytesMax = BYTES_MAX, clock, metrics }: ResponseCacheOptions): Ask {
  const responses = createCachedResponses(config, bytesMax, metrics);

  function store(key: string, question: Question, bytes: Uint8Array): Uint8Array {
    const found = cacheable(bytes);
    const keep = keepOf(found, question.name, config);
    if (keep === undefined) return bytes;
    const nowMs = clock.monotonicMs();
    const entry: Entry = {
      bytes,
      isFailure: found.class === "servfail",
      sinceMs: nowMs,
      untilMs: nowMs + keep.seconds * 1000,
      hits: 0,
      lastHitMs: nowMs,
      isRefreshing: false,
      failedMs: undefined,
    };
    responses.set(keep.type, key, entry);
    // The name exists now, or no longer.
    const other = keep.type === "success" ? "denial" : "success";
    if (!entry.isFailure) responses.delete(other, key);
    return config.keepTtl ? bytes : aged(bytes, 0, keep.seconds);
  }

  /** Asks and stores. A failure does not replace an answer that may still be given. */
  async function refresh(key: string, question: Question, stale: Entry | undefined): Promise<Uint8Array | undefined> {
    if (stale !== undefined) stale.isRefreshing = true;
    try {
      const bytes = await ask(question);
      const isFailure = bytes === undefined || cacheable(bytes).class === "servfail";
      if (stale !== undefined) stale.failedMs = isFailure ? clock.monotonicMs() : undefined;
      if (bytes === undefined || (isFailure && stale !== undefined)) return undefined;
      return store(key, question, bytes);
    } finally {
      if (stale !== undefined) stale.isRefreshing = false;
    }
  }

  function hit(type: Keep["type"], key: string, question: Question, entry: Entry): Uint8Array {
    const nowMs = clock.monotonicMs();
    metrics?.hit(type);
    const { prefetch } = config;
    if (prefetch !== undefined) {
      entry.hits = nowMs - entry.lastHitMs >= prefetch.gapMs ? 1 : entry.hits + 1;
      entry.lastHitMs = nowMs;
      const times = { hits: entry.hits, leftMs: entry.untilMs - nowMs, keptMs: entry.untilMs - entry.sinceMs };
      if (!entry.isRefreshing && isDueForPrefetch(times, prefetch)) {
        metrics?.prefetched();
        void refresh(key, question, entry).catch(() => {});
      }
    }
    if (config.keepTtl) return entry.bytes.slice();
    return aged(entry.bytes, Math.floor((nowMs - entry.sinceMs) / 1000), Math.ceil((entry.untilMs - nowMs) / 1000));
  }

  async function serveStale(
    key: string,
    question: Question,
    entry: Entry,
    stale: ServeStale,
  ): Promise<Uint8Array | undefined> {
    const given = () => {
      metrics?.servedStale();
      return aged(entry.bytes, 0, stale.ttlSeconds);
    };
    const nowMs = clock.monotonicMs();
    const isPaused = entry.failedMs !== undefined && nowMs - entry.failedMs < stale.recheckMs;
    if (isPaused || (entry.isRefreshing && (stale.mode === "immediate" || stale.recheckMs > 0))) return given();
    const refreshed = refresh(key, question, entry).catch(() => undefined);
    if (stale.mode === "immediate") return given();
    return (await withinMs(refreshed, stale.verifyMs, clock)) ?? given();
  }

  return async (question) => {
    if (!isBelowAny(question.name, config.zones)) return await ask(question);
    metrics?.requested();
    const key = `${question.type} ${question.class} ${question.name}`;
    const nowMs = clock.monotonicMs();
    // Denials first, as CoreDNS: a name that was removed is gone at once.
    for (const type of ["denial", "success"] as const) {
      const entry = responses.get(type, key);
      if (entry === undefined) continue;
      if (nowMs < entry.untilMs) return hit(type, key, question, entry);
      const { serveStale: stale } = config;
      if (stale !== undefined && !entry.isFailure && nowMs < entry.untilMs + stale.forMs) {
        return await serveStale(key, question, entry, stale);
      }
    }
    metrics?.missed();
    return await refresh(key, question, undefined);
  };
}

/** Returns what `work` gives within `ms`; undefined after that. @param ms - 0: waits without a limit. */
async function withinMs<T>(work: Promise<T | undefined>, ms: number, clock: Clock): Promise<T | undefined> {
  if (ms === 0) return await work;
  const over = new AbortController();
  const late = clock.sleep(ms, over.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}
