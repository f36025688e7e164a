import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Cache, CacheChange, CacheKey } from "@fairlead/client/cache/cache";
import { keyOf } from "../object-key.ts";
import { controllerOf } from "../ownership/claim.ts";
import { emptyTally, type PodTally, setPod, tallyKey } from "./pod-tally.ts";

/**
 * The pods of ReplicaSets, counted. Remembers which pods changed since a ReplicaSet's pods were last counted, so that only those
 * are looked at again.
 */
export interface KnownPods {
  /** Notes that a pod changed. */
  podChanged(change: CacheChange<Pod>): void;
  /** Brings the tally of a ReplicaSet up to date. It is valid until the next call. @param key - Its key in caches and queues. */
  read(key: CacheKey, replicaSet: ReplicaSet): PodTally;
  forget(key: CacheKey): void;
}

interface Entry {
  readonly uid: string;
  readonly tallyKey: string;
  readonly tally: PodTally;
  /** Keys of pods that changed since they were last counted. */
  readonly changed: Set<CacheKey>;
}

/** No pods known yet. The copy must have a change before it is reported here. */
export function createKnownPods(pods: Pick<Cache<Pod>, "get" | "byIndex">): KnownPods {
  const entries = new Map<CacheKey, Entry>();
  const byUid = new Map<string, Entry>();

  function forget(key: CacheKey): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    byUid.delete(entry.uid);
  }

  function readAll(key: CacheKey, replicaSet: ReplicaSet): PodTally {
    forget(key);
    const { uid } = replicaSet.metadata;
    const tally = emptyTally(replicaSet);
    for (const pod of pods.byIndex("controller", uid)) setPod(tally, keyOf(pod), pod);
    const entry = { uid, tallyKey: tallyKey(replicaSet), tally, changed: new Set<CacheKey>() };
    entries.set(key, entry);
    byUid.set(uid, entry);
    return tally;
  }

  return {
    podChanged({ key, before, after }) {
      for (const pod of [before, after]) {
        const owner = pod && controllerOf(pod);
        if (owner !== undefined) byUid.get(owner.uid)?.changed.add(key);
      }
    },

    read(key, replicaSet) {
      const entry = entries.get(key);
      if (entry === undefined || entry.tallyKey !== tallyKey(replicaSet)) return readAll(key, replicaSet);
      for (const podKey of entry.changed) {
        const pod = pods.get(podKey);
        const isOwn = pod !== undefined && controllerOf(pod)?.uid === entry.uid;
        setPod(entry.tally, podKey, isOwn ? pod : undefined);
      }
      entry.changed.clear();
      return entry.tally;
    },

    forget,
  };
}
