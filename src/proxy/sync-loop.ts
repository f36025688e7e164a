import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { ProxyHealth } from "./health-server.ts";
import type { Sync } from "./sync.ts";
import type { SyncMetrics } from "./sync-metrics.ts";

export interface SyncLoopOptions {
  readonly sync: Sync;
  /** Nothing is written before: half the Services would be worse than those of the last run. */
  readonly ready: Promise<unknown>;
  readonly log: Logger;
  readonly clock: Clock;
  /** Default: nothing is counted. */
  readonly metrics?: SyncMetrics | undefined;
}

export interface SyncLoop extends Running {
  /** These Services, or what they depend on, changed. */
  touch(keys: Iterable<string>): void;
  /** Verifies soon that the kernel still has the rules, and writes them again if not. */
  verify(): void;
  /** Resolves after the first write. */
  readonly synced: Promise<void>;
  health(): ProxyHealth;
}

/** Interval between verifications of the kernel's rules and of the route to Services, in milliseconds. */
const VERIFY_MS = 30_000;

/** Writes what was touched as soon as the write before it is done: alone at once, in a storm all that came meanwhile. */
export function startSyncLoop({ sync, ready, log, clock, metrics }: SyncLoopOptions): SyncLoop {
  const ending = new AbortController();
  const dirty = new Set<string>();
  const backOff = createBackOff({ initialMs: 20, maxMs: 10_000 });
  const synced = Promise.withResolvers<void>();
  synced.promise.catch(() => {});
  let wake = Promise.withResolvers<void>();
  let lastSyncMs: number | undefined;
  let isFailing = false;
  let verifyIsDue = false;
  let tidied: Promise<void> = Promise.resolve();
  ending.signal.addEventListener("abort", () => wake.resolve());

  async function syncOnce(): Promise<void> {
    if (verifyIsDue) {
      verifyIsDue = false;
      await sync.verify();
    }
    const keys = [...dirty];
    const startedMs = clock.monotonicMs();
    dirty.clear();
    try {
      await sync.write(keys);
    } catch (error) {
      // It may have failed before it came to some of them.
      for (const key of keys) dirty.add(key);
      throw error;
    }
    lastSyncMs = clock.now();
    metrics?.written((clock.monotonicMs() - startedMs) / 1000, lastSyncMs / 1000);
  }

  async function follow(): Promise<void> {
    await ready;
    while (!ending.signal.aborted) {
      wake = Promise.withResolvers<void>();
      try {
        await syncOnce();
        isFailing = false;
        backOff.reset();
        synced.resolve();
      } catch (error) {
        isFailing = true;
        metrics?.failed();
        log.error("Cannot write the Services to the kernel: replacing the whole table", { error });
        await clock.sleep(backOff.next(), ending.signal).catch(() => {});
        continue;
      }
      // In a table of a million flows, looking for stale ones takes seconds.
      tidied = sync.tidy();
      if (dirty.size === 0 && !verifyIsDue) await wake.promise;
    }
  }

  function verify(): void {
    verifyIsDue = true;
    wake.resolve();
  }

  const verifying = everyNowAndThen(clock, ending.signal, verify);
  const done = Promise.all([follow(), verifying]);
  // When the caches are stopped before they were filled. The caller that stops the loop gets the error.
  done.catch(() => {});
  return {
    ...running(async () => {
      ending.abort(new Error("The proxy was stopped"));
      synced.reject(ending.signal.reason);
      await done.catch(() => {});
      await tidied;
    }),
    touch(keys) {
      for (const key of keys) dirty.add(key);
      wake.resolve();
    },
    verify,
    synced: synced.promise,
    health: () => ({ healthy: !isFailing, lastUpdatedMs: lastSyncMs, nowMs: clock.now() }),
  };
}

/** Ends when the signal is aborted, and in no other way. */
async function everyNowAndThen(clock: Clock, signal: AbortSignal, act: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(VERIFY_MS, signal).then(act, () => {});
  }
}
