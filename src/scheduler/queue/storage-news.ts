import type { PersistentVolume } from "../../api/core/v1/persistentvolume.ts";
import type { PersistentVolumeClaim } from "../../api/core/v1/persistentvolumeclaim.ts";
import type { Cache } from "../../client/cache.ts";
import { factsOf } from "../state/pod-facts.ts";
import type { SchedulingQueue } from "./scheduling-queue.ts";

/** What is told of claims and volumes. */
export interface StorageNewsOptions {
  readonly claims: Cache<PersistentVolumeClaim>;
  readonly volumes: Cache<PersistentVolume>;
  readonly queue: SchedulingQueue;
  /** The queue has changed. */
  wake(): void;
}

/**
 * Has the pods tried again that a change of a claim or volume may help: those that use the claim, and, as it is not known
 * whose a volume will be, those that use any.
 *
 * @returns the unsubscribers.
 */
export function followStorage({ claims, volumes, queue, wake }: StorageNewsOptions): readonly (() => void)[] {
  return [
    claims.onChange(({ key, after }) => {
      if (after === undefined) return;
      queue.retry((pod) => factsOf(pod).claims.includes(key));
      wake();
    }),
    volumes.onChange(({ after }) => {
      if (after === undefined) return;
      queue.retry((pod) => factsOf(pod).claims.length > 0);
      wake();
    }),
  ];
}
