import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Cache } from "@fairlead/client/cache/cache";
import { keyOf } from "../object-key.ts";
import { ownWrites } from "../own-writes.ts";

/**
 * Remembers which pods a controller made and deleted, until its copy shows it.
 *
 * From a copy that does not, it would make the same pods again or delete others in their place.
 */
export interface PodExpectations {
  /** The API server answered this pod for a write on behalf of `key`. */
  wrote(key: string, pod: Pod): void;
  /** The API server was asked to delete this pod on behalf of `key`, and did not refuse. */
  deleted(key: string, pod: Pod): void;
  /** Whether the copy shows all that was done on behalf of `key`. */
  areMet(key: string): boolean;
  forget(key: string): void;
}

/** Watches over the pods that `cache` holds. */
export function podExpectations(cache: Pick<Cache<Pod>, "get" | "resourceVersion">): PodExpectations {
  const own = ownWrites(cache);
  const deletions = new Map<string, readonly Pod[]>();
  return {
    wrote: own.wrote,
    deleted: (key, pod) => deletions.set(key, [...(deletions.get(key) ?? []), pod]),
    areMet(key) {
      const unseen = (deletions.get(key) ?? []).filter((pod) => isUntouched(cache.get(keyOf(pod)), pod));
      if (unseen.length === 0) deletions.delete(key);
      else deletions.set(key, unseen);
      return unseen.length === 0 && own.areSeen(key);
    },
    forget(key) {
      deletions.delete(key);
      own.forget(key);
    },
  };
}

/** Whether the copy still has the pod without a deletion timestamp. */
function isUntouched(seen: Pod | undefined, { metadata }: Pod): boolean {
  return seen?.metadata.uid === metadata.uid && seen.metadata.deletionTimestamp === undefined;
}
