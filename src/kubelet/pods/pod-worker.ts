import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { OWN_CONDITIONS } from "../status/conditions.ts";
import type { PodState } from "../sync/pod-state.ts";
import { withChange, withNetworkChange, withRemoval } from "../sync/record/pod-record.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import { lookAtPod } from "./look-at-pod.ts";
import { startLookLoop } from "./look-loop.ts";
import { createPodWork, report } from "./pod-work.ts";
import { readRecord } from "./record-file.ts";

/** Looks after one pod, from its first container to its last file: one thing at a time. */
export interface PodWorker {
  readonly pod: Pod;
  /** What the runtime had of it at the last look. */
  readonly state: PodState;
  /** As last reported; the API's until then. */
  readonly status: PodStatus;
  /** The API has a newer version of the pod. */
  update(pod: Pod): void;
  /** The pod is not in the API any more: end it. */
  remove(): void;
  /** Look now: something has changed. */
  wake(): void;
  /** Look now: the node's network may have become ready. */
  networkChanged(): void;
  /** Resolves when nothing of the pod is left. */
  readonly gone: Promise<void>;
  /** Stops looking after it; its containers go on. */
  stop(): Promise<void>;
}

/** Starts to look after a pod. */
export function createPodWorker(pod: Pod, shared: KubeletContext): PodWorker {
  const log = shared.log.with({ pod: `${pod.metadata.namespace}/${pod.metadata.name}` });
  const context = { ...shared, log };
  const { clock, simulated } = context;
  const gone = Promise.withResolvers<void>();
  const wake = () => loop.wake();
  const work = createPodWork(pod, context, wake);
  let isRecalled = simulated;
  const loop = startLookLoop({
    async look() {
      if (!isRecalled) work.record = await readRecord(work.paths, work.record, clock);
      isRecalled = true;
      const next = await lookAtPod(work, context);
      if (next === "done") {
        context.room.forget(work);
        gone.resolve();
      }
      return next;
    },
    // It was stopped in the middle of a step.
    isInterruption: (error) => work.ending.signal.aborted && error === work.ending.signal.reason,
    clock,
    log,
  });
  return {
    get pod() {
      return work.pod;
    },
    get state() {
      return work.state;
    },
    get status() {
      return work.record.reported ?? work.pod.status;
    },

    update(next) {
      const before = work.pod;
      work.pod = next;
      if (!matters(before, next)) {
        // Another client may have overwritten the status.
        if (work.record.reported !== undefined) report(work, work.record.reported);
        return;
      }
      // The status that we wrote last may not fit the pod's current state: the next look writes it again.
      if (next.metadata.deletionTimestamp !== undefined) work.ending.abort();
      work.record = withChange(work.record);
      wake();
    },

    remove() {
      work.record = withRemoval(work.record);
      work.ending.abort();
      wake();
    },

    wake,
    networkChanged() {
      work.record = withNetworkChange(work.record);
      wake();
    },
    gone: gone.promise,

    async stop() {
      work.stopping.abort(new Error("The kubelet is stopping"));
      work.ending.abort();
      work.probes.stop();
      work.writer.stop();
      await loop.stop();
    },
  };
}

/** Whether a change is more than the echo of what this kubelet has reported itself. */
function matters(before: Pod, after: Pod): boolean {
  const relevant = ({ spec, metadata, status }: Pod) => {
    const { resourceVersion: _, managedFields: __, ...meta } = metadata;
    return JSON.stringify([spec, meta, (status.conditions ?? []).filter((c) => !OWN_CONDITIONS.includes(c.type))]);
  };
  return relevant(before) !== relevant(after);
}
