import type { KubeObject } from "@fairlead/api/resource-reference";
import { isConflict } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { Cache, CacheChange, CacheFollower } from "../cache/cache.ts";
import { queueMetrics } from "./queue-metrics.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Where a controller's keys come from. */
export interface KeySource {
  /** The controller waits for it before it works. */
  readonly synced: Promise<void>;
  /** Calls `add` with each key that needs a look. The controller waits until it has caught up, too. */
  subscribe(add: (key: string) => void): CacheFollower;
}

/** What a reconciliation may ask for: to look again after a while, though nothing changes. */
export interface LookAgain {
  readonly afterMs: number;
}

export interface ControllerOptions {
  /** For logs and metrics: `endpointslice`. */
  readonly name: string;
  readonly sources: readonly KeySource[];
  /**
   * Compares current and wanted state of `key` and makes them equal. It never learns which change woke it.
   *
   * A thrown error is logged, and the key comes again with growing pauses. `signal` is aborted on stop.
   */
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<LookAgain | undefined>;
  /** Keys worked on at a time. Default 1. */
  readonly workers?: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** Default: nothing is counted. */
  readonly metrics?: Metrics;
}

export interface RunningController extends Running {
  /** Has the key looked at soon, for reasons that no source knows. */
  enqueue(key: string): void;
}

/** The keys that each change of a cache's objects gives. Default: the object's own. */
export function keysFrom<T extends KubeObject>(
  cache: Cache<T>,
  keysOf: (change: CacheChange<T>) => Iterable<string> = ({ key }) => [key],
): KeySource {
  return {
    synced: cache.synced,
    subscribe: (add) =>
      cache.follow((change) => {
        for (const key of keysOf(change)) add(key);
      }),
  };
}

/** Runs `reconcile` for every key that the sources give, once all of them have synced, until stopped. */
export function startController(options: ControllerOptions): RunningController {
  const { clock, sources, workers = 1 } = options;
  const log = options.log.with({ controller: options.name });
  const { metrics } = options;
  const queue = createWorkQueue({ clock, ...(metrics && { observer: queueMetrics(metrics, options.name) }) });
  const ending = new AbortController();
  const stopped = Promise.withResolvers<false>();
  const followers = sources.map((source) => source.subscribe(queue.add));

  async function work(): Promise<void> {
    for (let key = await queue.next(); key !== undefined; key = await queue.next()) {
      await reconcileKey(key);
      queue.done(key);
    }
  }

  async function reconcileKey(key: string): Promise<void> {
    try {
      const again = await options.reconcile(key, ending.signal);
      queue.forget(key);
      if (again !== undefined) queue.addAfter(key, again.afterMs);
    } catch (error) {
      if (ending.signal.aborted) return;
      // Another client wrote first: its write will reach our cache.
      if (isConflict(error)) log.debug("Conflict: retrying", { key });
      else log.warn("Cannot reconcile: trying again", { key, failures: queue.failures(key), error });
      queue.addAfterFailure(key);
    }
  }

  async function run(): Promise<void> {
    // Rejects when a cache was stopped before it had synced: there is nothing to do then.
    const synced = Promise.all([
      ...sources.map((source) => source.synced),
      ...followers.map((follower) => follower.caughtUp),
    ]).then(
      () => true,
      () => false,
    );
    if (!(await Promise.race([synced, stopped.promise]))) return;
    await Promise.all(Array.from({ length: workers }, work));
  }

  const done = run();
  return {
    enqueue: queue.add,
    ...running(async () => {
      for (const follower of followers) follower.stop();
      ending.abort();
      stopped.resolve(false);
      queue.close();
      await done;
    }),
  };
}
