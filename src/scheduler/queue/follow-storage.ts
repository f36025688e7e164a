import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Cache, CacheFollower } from "@fairlead/client/cache/cache";
import type { HintContext } from "../state/cluster-event.ts";
import type { SchedulingQueue } from "./scheduling-queue.ts";

/** The caches of claims and volumes, and the queue that their changes may wake. */
export interface FollowStorageOptions {
  readonly claims: Cache<PersistentVolumeClaim>;
  readonly volumes: Cache<PersistentVolume>;
  readonly queue: SchedulingQueue;
  readonly context: HintContext;
  /** The queue has changed. */
  wake(): void;
}

/**
 * Passes changes of claims and volumes on to the queue.
 *
 * @returns one follower for each.
 */
export function followStorage({
  claims,
  volumes,
  queue,
  context,
  wake,
}: FollowStorageOptions): readonly CacheFollower[] {
  return [
    claims.follow(({ key, after }) => {
      if (after === undefined) return;
      queue.retry({ type: "claim", key }, context);
      wake();
    }),
    volumes.follow(({ before, after }) => {
      if (after === undefined) return;
      queue.retry({ type: "volume", before, after }, context);
      wake();
    }),
  ];
}
