import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";

/**
 * Keeps current what the node's pods refer to, one object at a time: a node may read only the ConfigMaps and Secrets
 * of its own pods, so it cannot watch all of them.
 */
export interface ObjectWatcher<T extends KubeObject> {
  /**
   * Returns the current object, undefined when there is none. The first call for a name waits for the API server;
   * from then on `holder` gets changes, until released. Rejects when the last holder was released meanwhile.
   */
  get(holder: Holder, namespace: string, name: string): Promise<T | undefined>;
  /** The holder needs nothing any more. */
  release(holder: Holder): void;
  stop(): Promise<void>;
}

/** Who refers to objects: a pod. Compared by identity. */
export interface Holder {
  /** One of the objects that were asked for has changed. */
  changed(): void;
}

interface Watched<T extends KubeObject> {
  readonly cache: Cache<T>;
  readonly holders: Set<Holder>;
}

/** One watch per referenced object. */
export function createObjectWatcher<T extends KubeObject>(
  kind: ResourceReference<T>,
  { client, clock, log }: { readonly client: Client; readonly clock: Clock; readonly log: Logger },
): ObjectWatcher<T> {
  const watched = new Map<string, Watched<T>>();
  const ending = new Set<Promise<void>>();

  function watch(namespace: string, name: string): Watched<T> {
    const cache = startCache(client, kind, { namespace, fieldSelector: `metadata.name=${name}`, clock, log });
    const entry: Watched<T> = { cache, holders: new Set() };
    let isKnown = false;
    cache.synced.then(
      () => (isKnown = true),
      () => {},
    );
    cache.onChange(({ before, after }) => {
      // What there is at first is no change: who asked is about to get it.
      if (!isKnown || (before === undefined && after === undefined)) return;
      for (const holder of entry.holders) holder.changed();
    });
    return entry;
  }

  function end({ cache }: Watched<T>): void {
    const done = cache.stop().finally(() => ending.delete(done));
    ending.add(done);
  }

  return {
    async get(holder, namespace, name) {
      const key = `${namespace}/${name}`;
      const entry = watched.get(key) ?? watch(namespace, name);
      watched.set(key, entry);
      // Before the wait: a waiter that is released meanwhile needs no event.
      entry.holders.add(holder);
      await entry.cache.synced;
      return entry.cache.get(key);
    },

    release(holder) {
      for (const [key, entry] of watched) {
        if (!entry.holders.delete(holder) || entry.holders.size > 0) continue;
        watched.delete(key);
        end(entry);
      }
    },

    async stop() {
      for (const entry of watched.values()) end(entry);
      watched.clear();
      await Promise.all(ending);
    },
  };
}
