import type { Kind, KubeObject } from "../api/kind.ts";
import { groupResourceOf } from "../api/kind.ts";
import { isExpired } from "../api/status-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { createBackOff } from "./back-off.ts";
import type { Cache, CacheChange, Indexes } from "./cache.ts";
import type { Client, ListOptions, WatchEvent } from "./client.ts";
import { cacheKey, createObjectIndex } from "./object-index.ts";

/** Objects asked for at once. Upstream's reflectors use the same. */
const PAGE_OBJECTS = 500;
/** The server ends a watch after this long, or up to twice that, so that not all end at once. As upstream. */
const WATCH_TIMEOUT_SECONDS = 300;
/** How much longer we wait for the server's end of a watch before we give the connection up. */
const WATCH_GRACE_SECONDS = 30;
/** A watch that lasted this long counts as one that worked. */
const WATCH_HEALTHY_MS = 10_000;

export interface CacheOptions<T extends KubeObject> {
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Further ways to find objects, for {@link Cache.byIndex}. */
  readonly indexes?: Indexes<T> | undefined;
  readonly log: Logger;
  readonly clock: Clock;
  /** In [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Keeps a copy of all objects of `kind` that match, by one list and then watches, until stopped.
 *
 * A watch that ends is resumed where it ended. When the server no longer knows that place, everything is listed
 * again and listeners hear of the differences only. Failures are logged and tried again with growing pauses.
 */
export function startCache<T extends KubeObject>(client: Client, kind: Kind<T>, options: CacheOptions<T>): Cache<T> {
  const { clock, random = Math.random } = options;
  const log = options.log.with({ resource: groupResourceOf(kind) });
  const scope = {
    namespace: options.namespace,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
  };
  const objects = createObjectIndex(options.indexes ?? {});
  const listeners = new Set<(change: CacheChange<T>) => void>();
  const ending = new AbortController();
  const synced = Promise.withResolvers<void>();
  // Who does not wait for it does not want to hear of it.
  synced.promise.catch(() => {});
  const backOff = createBackOff({ initialMs: 50, maxMs: 30_000, jitter: 1, random });
  let resourceVersion = "";
  let isSynced = false;

  function tell(listener: (change: CacheChange<T>) => void, change: CacheChange<T>): void {
    try {
      listener(change);
    } catch (error) {
      log.error("A listener of the cache failed", { key: change.key, error });
    }
  }

  function set(key: string, after: T | undefined): void {
    const before = objects.set(key, after);
    if (before === undefined && after === undefined) return;
    for (const listener of listeners) tell(listener, { key, before, after });
  }

  function replaceAll(items: readonly T[]): void {
    const gone = new Set(objects.keys());
    for (const item of items) {
      const key = cacheKey(item);
      gone.delete(key);
      if (objects.get(key)?.metadata.resourceVersion !== item.metadata.resourceVersion) set(key, item);
    }
    for (const key of gone) set(key, undefined);
  }

  function applyEvent(event: WatchEvent<T>): void {
    if (event.type === "BOOKMARK") {
      resourceVersion = event.resourceVersion;
      return;
    }
    set(cacheKey(event.object), event.type === "DELETED" ? undefined : event.object);
    resourceVersion = event.object.metadata.resourceVersion;
  }

  async function list(): Promise<void> {
    const answer = await listAll(client, kind, { ...scope, signal: ending.signal });
    // Before the listeners run: what they start may already ask.
    resourceVersion = answer.resourceVersion;
    isSynced = true;
    replaceAll(answer.items);
    synced.resolve();
  }

  async function watchOnce(): Promise<void> {
    const timeoutSeconds = Math.floor(WATCH_TIMEOUT_SECONDS * (1 + random()));
    const over = new AbortController();
    const signal = AbortSignal.any([ending.signal, over.signal]);
    clock.sleep((timeoutSeconds + WATCH_GRACE_SECONDS) * 1000, signal).then(
      () => over.abort(new Error("The server did not end the watch in time")),
      () => {},
    );
    try {
      for await (const event of client.watch(kind, { ...scope, resourceVersion, timeoutSeconds, signal })) {
        applyEvent(event);
      }
    } finally {
      over.abort();
    }
  }

  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      const startedMs = clock.now();
      try {
        if (resourceVersion === "") await list();
        await watchOnce();
        if (clock.now() - startedMs < WATCH_HEALTHY_MS) await clock.sleep(backOff.next(), ending.signal);
        else backOff.reset();
      } catch (error) {
        if (ending.signal.aborted) return;
        if (clock.now() - startedMs >= WATCH_HEALTHY_MS) backOff.reset();
        if (isExpired(error)) resourceVersion = "";
        else log.warn("Cannot follow the API server: trying again", { error });
        await clock.sleep(backOff.next(), ending.signal).catch(() => {});
      }
    }
  }

  const done = follow();
  return {
    get: objects.get,
    list: objects.list,
    byIndex: objects.byIndex,
    synced: synced.promise,
    get resourceVersion() {
      return resourceVersion;
    },
    onChange(listener) {
      if (isSynced)
        for (const object of objects.list())
          tell(listener, { key: cacheKey(object), before: undefined, after: object });
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      ending.abort(new Error("The cache was stopped"));
      await done;
      synced.reject(ending.signal.reason);
    },
  };
}

/** Every page of a list. When the pages expire half-way, everything at once. */
async function listAll<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  options: ListOptions,
): Promise<{ readonly items: readonly T[]; readonly resourceVersion: string }> {
  const first = await client.list(kind, { ...options, limit: PAGE_OBJECTS });
  if (first.continue === undefined) return first;
  const items = [...first.items];
  let next: string | undefined = first.continue;
  try {
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof client.list<T>>> = await client.list(kind, {
        ...options,
        limit: PAGE_OBJECTS,
        continue: next,
      });
      for (const item of page.items) items.push(item);
      next = page.continue;
    }
    return { items, resourceVersion: first.resourceVersion };
  } catch (error) {
    if (!isExpired(error)) throw error;
    return client.list(kind, options);
  }
}
