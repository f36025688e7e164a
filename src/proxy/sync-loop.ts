import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
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
  const dirty = new Set<string>();
  const backOff = createBackOff({ initialMs: 20, maxMs: 10_000 });
  const synced = Promise.withResolvers<void>();
  synced.promise.catch(() => {});
  let lastSyncMs: number | undefined;
  let isFailing = false;
  /** When the next verification is due, by the monotonic clock. */
  let verifyAtMs = clock.monotonicMs() + VERIFY_MS;
  let tidied: Promise<void> = Promise.resolve();

  async function syncOnce(): Promise<void> {
    if (clock.monotonicMs() >= verifyAtMs) {
      verifyAtMs = clock.monotonicMs() + VERIFY_MS;
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

  async function turn(): Promise<number> {
    try {
      await syncOnce();
    } catch (error) {
      isFailing = true;
      metrics?.failed();
      log.error("Cannot write the Services to the kernel: replacing the whole table", { error });
      return backOff.next();
    }
    isFailing = false;
    backOff.reset();
    synced.resolve();
    // In a table of a million flows, looking for stale ones takes seconds.
    tidied = sync.tidy();
    return dirty.size > 0 ? 0 : verifyAtMs - clock.monotonicMs();
  }

  const loop = startLoop({ turn, ready, clock });
  /** Changes of Services do not shorten the pause after a failure. */
  const wake = () => {
    if (!isFailing) loop.wake();
  };
  return {
    ...running(async () => {
      synced.reject(new Error("The proxy was stopped"));
      await loop.stop();
      await tidied;
    }),
    touch(keys) {
      for (const key of keys) dirty.add(key);
      wake();
    },
    verify() {
      verifyAtMs = clock.monotonicMs();
      wake();
    },
    synced: synced.promise,
    health: () => ({ healthy: !isFailing, lastUpdatedMs: lastSyncMs, nowMs: clock.now() }),
  };
}
