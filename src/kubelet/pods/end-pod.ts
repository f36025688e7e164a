import { boundedSeconds } from "../../api/int64.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import type { PodRecord } from "./pod-record.ts";
import { report } from "./pod-record.ts";
import { removeFiles, removeFromApi, removeFromRuntime } from "./remove-pod.ts";
import { stopContainers } from "./stop-containers.ts";

/** Ends one pod. Called again until it answers `gone`. */
export interface PodEnding {
  /** `waits`: until woken. `gone`: nothing of the pod is left, here or in the API. */
  step(): Promise<"waits" | "again" | "gone">;
  /** The pod's grace has changed: only a shorter one matters. */
  hurry(): void;
}

/** Force-deleted pods get this long to end, in seconds. */
const GRACE_MIN_SECONDS = 1;

/** @param wake - Called when containers have ended. */
export function createPodEnding(record: PodRecord, context: KubeletContext, wake: () => void): PodEnding {
  /** Aborted when there is less grace than before: hooks end at once. */
  const impatience = new AbortController();
  let stopping: Promise<void> | undefined;
  let deadline = Number.POSITIVE_INFINITY;
  const stopped = new Set<string>();
  let filesRemoved = false;
  let deleted = false;

  const isLiving = () => record.state.containers.some((c) => c.state === "running" || c.state === "unknown");

  function stop(): void {
    const { pod, state } = record;
    const graceSeconds = graceOf(record);
    deadline = context.clock.monotonicMs() + graceSeconds * 1000;
    stopping = stopContainers({ pod, state, graceSeconds, signal: impatience.signal }, context)
      .catch(async (error: unknown) => {
        context.log.warn("A pod's containers could not be stopped: trying again", { pod: pod.metadata.name, error });
        await context.clock.sleep(1_000);
      })
      .finally(() => {
        stopping = undefined;
        wake();
      });
  }

  return {
    async step() {
      const { pod, state, probes } = record;
      probes.sync(pod, state);
      if (isLiving()) {
        report(record, context, { ended: false });
        if (stopping === undefined) stop();
        return "waits";
      }
      // Also those that died by themselves: they keep their addresses until they are stopped.
      for (const { id } of state.sandboxes.filter((s) => s.ready || !stopped.has(s.id))) {
        await context.runtime.stopSandbox(id);
        stopped.add(id);
      }
      if (state.sandboxes.some((s) => s.ready)) return "again";

      probes.stop();
      context.tokens.forget(pod.metadata.uid);
      context.claims.forget(pod.metadata.uid);
      context.watchers.configMaps.release(record.holder);
      context.watchers.secrets.release(record.holder);
      report(record, context, { ended: true });
      if (!filesRemoved) await removeFiles(record, context);
      filesRemoved = true;
      if (!record.removed && !deleted && pod.metadata.deletionTimestamp !== undefined) {
        await removeFromApi(record, context);
        deleted = true;
      }
      if (record.removed || deleted) await removeFromRuntime(record, context);
      return record.removed ? "gone" : "waits";
    },

    hurry() {
      const graceSeconds = graceOf(record);
      const sooner = context.clock.monotonicMs() + graceSeconds * 1000;
      if (stopping === undefined || sooner >= deadline) return;
      deadline = sooner;
      impatience.abort();
      const living = record.state.containers.filter((c) => c.state === "running");
      for (const { id } of living) void context.runtime.stopContainer(id, graceSeconds).catch(() => {});
    },
  };
}

function graceOf({ pod, removed }: PodRecord): number {
  if (removed && pod.metadata.deletionTimestamp === undefined) return GRACE_MIN_SECONDS;
  const { deletionGracePeriodSeconds } = pod.metadata;
  const seconds = deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds;
  return Math.max(GRACE_MIN_SECONDS, boundedSeconds(seconds));
}
