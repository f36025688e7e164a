import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { apiVersionOf, groupResourceOf } from "@fairlead/api/resource-reference";
import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Client } from "../client.ts";
import type { Cache, CacheChange, CacheFollower } from "./cache.ts";
import type { CacheSource, OpenOptions } from "./cache-source.ts";
import { type IndexableCache, startCache } from "./start-cache.ts";

/** What {@link createSharedCaches} works with. */
export interface SharedCachesOptions {
  /** Reads all that is asked for. Readers have rights of their own: {@link SharedCaches.sourceFor}. */
  readonly client: Client;
  readonly log: Logger;
  readonly clock: Clock;
}

/** One cache of each resource for all parts of a process that read it. */
export interface SharedCaches {
  /**
   * Returns the caches that one reader may read.
   *
   * @param assertReadable - Called when the reader opens a cache. Throws where the reader may not list and watch the
   *   resource: the cache stays empty, and the right is checked again after a pause.
   */
  sourceFor(assertReadable: (resource: ResourceReference) => void): CacheSource;
}

/** A cache, and how many use it. */
interface Entry<T extends KubeObject> {
  readonly cache: IndexableCache<T>;
  users: number;
}

/** How long a reader without rights waits at most before it looks again. Rights come with roles, soon after the start. */
const CHECK_MAX_MS = 5_000;

/** No caches yet. Each runs from its first use to its last. */
export function createSharedCaches({ client, log, clock }: SharedCachesOptions): SharedCaches {
  // A name stands for one resource, whose objects are of one type.
  const entries = new Map<string, Entry<KubeObject>>();

  function start<T extends KubeObject>(name: string, resource: ResourceReference<T>, metadataOnly: boolean): Entry<T> {
    // Objects come without text: there is nothing to be gained from pages.
    const cache = startCache(client, resource, { metadataOnly, inPages: false, log, clock });
    const entry: Entry<T> = { cache, users: 0 };
    entries.set(name, entry as unknown as Entry<KubeObject>);
    return entry;
  }

  function use<T extends KubeObject>(resource: ResourceReference<T>, metadataOnly: boolean) {
    const whole = `${apiVersionOf(resource)} ${resource.plural}`;
    const name = metadataOnly && !entries.has(whole) ? `${whole} metadata` : whole;
    const entry = (entries.get(name) as Entry<T> | undefined) ?? start(name, resource, metadataOnly);
    entry.users += 1;
    return {
      cache: entry.cache,
      async leave() {
        entry.users -= 1;
        if (entry.users > 0) return;
        entries.delete(name);
        await entry.cache.stop();
      },
    };
  }

  return {
    sourceFor: (assertReadable) => ({
      open<T extends KubeObject>(resource: ResourceReference<T>, { indexes, metadataOnly }: OpenOptions<T> = {}) {
        const { cache, leave } = use(resource, metadataOnly === true);
        const check = () => assertReadable(resource);
        const about = log.with({ resource: groupResourceOf(resource) });
        return openView(cache, { indexes: indexes ?? {}, check, leave, log: about, clock });
      },
    }),
  };
}

interface ViewOptions<T extends KubeObject> {
  readonly indexes: NonNullable<OpenOptions<T>["indexes"]>;
  /** Throws as long as the reader has no right to read. */
  check(): void;
  leave(): Promise<void>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** A cache as one of its readers has it: with its own indexes and listeners, and empty until it may be read. */
function openView<T extends KubeObject>(
  cache: IndexableCache<T>,
  { indexes, check, leave, log, clock }: ViewOptions<T>,
): Cache<T> {
  const index = cache.addIndexes(indexes);
  const ending = new AbortController();
  const listeners = new Map<Parameters<Cache<T>["onChange"]>[0], () => void>();
  const followers = new Set<CacheFollower>();
  let isReadable = false;

  const permit = () => {
    check();
    isReadable = true;
    for (const listener of listeners.keys()) listeners.set(listener, cache.onChange(listener));
  };

  const permitted = untilPermitted(permit, { log, clock, signal: ending.signal });
  const synced = Promise.withResolvers<void>();
  synced.promise.catch(() => {});
  permitted.then(() => cache.synced).then(synced.resolve, synced.reject);

  function follow(listener: (change: CacheChange<T>) => void): CacheFollower {
    const follower = cache.follow(listener);
    followers.add(follower);
    return {
      caughtUp: follower.caughtUp,
      stop() {
        follower.stop();
        followers.delete(follower);
      },
    };
  }

  return {
    get: (key) => (isReadable ? cache.get(key) : undefined),
    list: () => (isReadable ? cache.list() : []),
    byIndex: (name, value) => (isReadable ? index.byIndex(name, value) : []),
    synced: synced.promise,
    onChange(listener) {
      listeners.set(listener, () => {});
      if (isReadable) listeners.set(listener, cache.onChange(listener));
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    follow: (listener) => (isReadable ? follow(listener) : followLater(permitted, () => follow(listener))),
    get resourceVersion() {
      return isReadable ? cache.resourceVersion : "";
    },
    async stop() {
      ending.abort(new Error("The cache was stopped"));
      synced.reject(ending.signal.reason);
      for (const unsubscribe of listeners.values()) unsubscribe();
      listeners.clear();
      for (const follower of followers) follower.stop();
      followers.clear();
      index.remove();
      await leave();
    },
  };
}

/** Follows once there is a permission, unless it has been stopped by then. It has caught up at once with a cache that it may not read. */
function followLater(permitted: Promise<void>, follow: () => CacheFollower): CacheFollower {
  let follower: CacheFollower | undefined;
  let isStopped = false;
  const caughtUp = permitted.then(
    async () => {
      if (isStopped) return;
      follower = follow();
      await follower.caughtUp;
    },
    () => {},
  );
  return {
    caughtUp,
    stop() {
      isStopped = true;
      follower?.stop();
    },
  };
}

/** Calls `permit` until it does not throw. Rejects with the signal's reason. */
async function untilPermitted(
  permit: () => void,
  { log, clock, signal }: Pick<ViewOptions<KubeObject>, "log" | "clock"> & { readonly signal: AbortSignal },
): Promise<void> {
  const backOff = createBackOff({ initialMs: 50, maxMs: CHECK_MAX_MS });
  for (;;) {
    signal.throwIfAborted();
    try {
      permit();
      return;
    } catch (error) {
      log.warn("Cannot follow the API server: trying again", { error });
    }
    await clock.sleep(backOff.next(), signal);
  }
}
