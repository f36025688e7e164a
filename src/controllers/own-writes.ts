import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import type { LookAgain } from "@fairlead/client/controller/run-controller";

/**
 * Remembers what a controller wrote, so that it does not plan from a cache that is behind.
 *
 * A plan made too early would create a second time what it has just created. The event that brings the copy up to date
 * wakes the controller again; should there be none, {@link LOOK_AGAIN_UNSEEN} does.
 */
export interface OwnWrites {
  /** The API server answered this object for a write that was made on behalf of `key`. */
  wrote(key: string, object: KubeObject): void;
  /** Whether the copy shows all that was written on behalf of `key`. */
  areSeen(key: string): boolean;
  forget(key: string): void;
}

/**
 * What to answer for a key whose writes are not seen yet. What was written and went again before the copy was listed again
 * is in no event.
 */
export const LOOK_AGAIN_UNSEEN: LookAgain = { afterMs: 1_000 };

/** Watches over the writes to the kind that `cache` holds. */
export function ownWrites(cache: Pick<Cache<KubeObject>, "resourceVersion">): OwnWrites {
  const latest = new Map<string, bigint>();
  return {
    wrote(key, { metadata }) {
      const version = BigInt(metadata.resourceVersion);
      const before = latest.get(key);
      if (before === undefined || version > before) latest.set(key, version);
    },
    areSeen(key) {
      const version = latest.get(key);
      if (version === undefined) return true;
      if (version > BigInt(cache.resourceVersion || "0")) return false;
      latest.delete(key);
      return true;
    },
    forget: (key) => latest.delete(key),
  };
}
