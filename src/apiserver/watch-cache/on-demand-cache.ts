import type { Clock } from "@fairlead/lib/clock";
import { shuttingDown } from "../registry/refusals.ts";
import type { WatchCache } from "./watch-cache.ts";

/** A watch cache that runs while clients read it: most kinds have no reader most of the time. */
export interface OnDemandCache {
  /** The cache where it runs. Reading it by this alone does not keep it running. */
  readonly current: WatchCache | undefined;
  /**
   * The cache, started where it does not run. It runs on as long as it is followed, and for a minute after this call.
   *
   * @throws {StatusError} `ServiceUnavailable` after {@link OnDemandCache.stop}.
   */
  use(): Promise<WatchCache>;
  /** Waits until a cache that runs has the changes that are in the store now. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/** How long a cache runs on without readers: tools that ask every few seconds find it running. */
const KEPT_MS = 60_000;

/** @param start - Starts the cache. When that fails, so does {@link OnDemandCache.use}, and the next use tries again. */
export function createOnDemandCache(start: () => Promise<WatchCache>, clock: Clock): OnDemandCache {
  const stopping = new AbortController();
  let current: WatchCache | undefined;
  let starting: Promise<WatchCache> | undefined;
  let ended: Promise<void> = Promise.resolve();
  let usedAtMs = 0;

  async function begin(): Promise<WatchCache> {
    try {
      await ended;
      stopping.signal.throwIfAborted();
      current = await start();
      ended = endUnread(current);
      return current;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  /** Resolves when the cache has been stopped. */
  async function endUnread(cache: WatchCache): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(KEPT_MS, stopping.signal).catch(() => {});
      if (!cache.isFollowed && clock.monotonicMs() - usedAtMs >= KEPT_MS) break;
    }
    current = undefined;
    starting = undefined;
    await cache.stop();
  }

  return {
    get current() {
      return current;
    },
    use() {
      usedAtMs = clock.monotonicMs();
      starting ??= begin();
      return starting;
    },
    async catchUp() {
      const cache = await starting?.catch(() => undefined);
      await cache?.catchUp();
    },
    async stop() {
      stopping.abort(shuttingDown());
      await starting?.catch(() => {});
      await ended;
    },
  };
}
