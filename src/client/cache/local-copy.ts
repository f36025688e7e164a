import { setImmediate as turn } from "node:timers/promises";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Logger } from "@fairlead/lib/log";
import type { WatchEvent } from "../client.ts";
import type { Cache, CacheChange } from "./cache.ts";
import { cacheKey, createObjectIndex, type ObjectIndex } from "./object-index.ts";

/** The objects of a cache: applies lists and watch events, and reports changes to listeners. */
export interface LocalCopy<T extends KubeObject>
  extends Pick<Cache<T>, "get" | "list" | "onChange" | "follow">,
    Pick<ObjectIndex<T>, "addIndexes"> {
  /** The place in history up to which the copy is complete; empty when it has to be listed again. */
  resourceVersion: string;
  /**
   * Makes the copy equal to a whole list. Listeners get the differences only. Between two parts of a long list other work
   * gets its turn. Rejects with the signal's reason.
   */
  replaceAll(items: readonly T[], resourceVersion: string, signal: AbortSignal): Promise<void>;
  applyEvent(event: WatchEvent<T>): void;
}

/** Items that are taken in or reported at once: with all that listeners do, some milliseconds. */
const ITEMS_PER_TURN = 500;

/** An empty copy. Listeners that fail are logged, and do not disturb it. */
export function createLocalCopy<T extends KubeObject>(log: Logger): LocalCopy<T> {
  const objects = createObjectIndex<T>();
  const listeners = new Set<(change: CacheChange<T>) => void>();
  let isListed = false;

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

  const copy: LocalCopy<T> = {
    resourceVersion: "",
    get: objects.get,
    list: objects.list,
    addIndexes: objects.addIndexes,

    onChange(listener) {
      for (const object of isListed ? objects.list() : []) {
        tell(listener, { key: cacheKey(object), before: undefined, after: object });
      }
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    follow(listener) {
      const unreported = new Set(isListed ? objects.keys() : []);
      const report = (change: CacheChange<T>) => {
        const isNew = unreported.delete(change.key);
        if (isNew && change.after === undefined) return;
        listener(isNew ? { ...change, before: undefined } : change);
      };
      const catchUp = async () => {
        let count = 0;
        for (const key of unreported) {
          if (!listeners.has(report)) return;
          tell(report, { key, before: undefined, after: objects.get(key) });
          count += 1;
          if (count % ITEMS_PER_TURN === 0) await turn();
        }
      };
      listeners.add(report);
      return { caughtUp: catchUp(), stop: () => listeners.delete(report) };
    },

    async replaceAll(items, resourceVersion, signal) {
      // Before the listeners run: what they start may already ask.
      copy.resourceVersion = resourceVersion;
      isListed = true;
      const gone = new Set(objects.keys());
      for (const [index, item] of items.entries()) {
        if (index > 0 && index % ITEMS_PER_TURN === 0) {
          await turn();
          signal.throwIfAborted();
        }
        const key = cacheKey(item);
        gone.delete(key);
        if (objects.get(key)?.metadata.resourceVersion !== item.metadata.resourceVersion) set(key, item);
      }
      for (const key of gone) set(key, undefined);
    },

    applyEvent(event) {
      if (event.type === "BOOKMARK") {
        copy.resourceVersion = event.resourceVersion;
        return;
      }
      copy.resourceVersion = event.object.metadata.resourceVersion;
      set(cacheKey(event.object), event.type === "DELETED" ? undefined : event.object);
    },
  };
  return copy;
}
