import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { boundedSeconds } from "@fairlead/api/int64";
import type { PodPlan, PodPlanInput } from "./plan-pod.ts";
import type { ClearStep, PodStep, StepGroups } from "./pod-steps.ts";
import type { Clearing, PodStop } from "./record/pod-record.ts";
import { statusOf } from "./status-of.ts";
import { livingContainers, stopGroups } from "./stop-groups.ts";

/** Grace period of a force-deleted pod, and the shortest one of other pods, in seconds. */
const GRACE_MIN_SECONDS = 1;
/**
 * Duration after which a stop is written to the record file, in milliseconds. A pod that ends sooner costs no write; a
 * restart of the kubelet gives its containers at most this much more time.
 */
const WRITTEN_AFTER_MS = 1_000;
const WHEN_WOKEN = Number.POSITIVE_INFINITY;

/**
 * Returns the steps of a pod that is to end: stops of its containers, then of its sandboxes, then the removal of its remains.
 *
 * @param final - The status of a pod that has just finished. Undefined for other pods.
 */
export function planEnd(input: PodPlanInput, final?: PodStatus): PodPlan {
  const { state, record, now } = input;
  if (livingContainers(state).length > 0) return planStop(input, final ?? statusOf(input, { ended: false }));

  // Dead sandboxes too: they keep their addresses until they are stopped.
  const sandboxes = state.sandboxes.filter((s) => s.ready || !record.stoppedSandboxes.has(s.id));
  if (sandboxes.length > 0) {
    const stops = sandboxes.map(({ id: sandboxId }) => ({ do: "stop-sandbox", sandboxId }) as const);
    return { record, status: final, groups: [stops], wakeAtMs: now.monotonicMs, course: "ending" };
  }
  const status = statusOf(input, { ended: true });
  const isDeleted = record.removed || input.pod.metadata.deletionTimestamp !== undefined;
  const course = isDeleted ? "clearing" : "ending";
  return { record, status, groups: planClearing(input), wakeAtMs: WHEN_WOKEN, course };
}

/** Begins to stop the containers, or shortens a stop that is under way. The end of each container wakes the pod. */
function planStop(input: PodPlanInput, status: PodStatus): PodPlan {
  const { pod, state, record, now } = input;
  const nowMs = now.monotonicMs;
  const graceSeconds = graceOf(input);
  const before = record.stop;
  const deadlineMs = Math.min(before?.deadlineMs ?? WHEN_WOKEN, nowMs + graceSeconds * 1000);
  const plan = { record, status, groups: [], wakeAtMs: WHEN_WOKEN, course: "ending" } as const;
  if (before?.underWay === true) {
    const isShorter = deadlineMs < before.deadlineMs;
    const mustWrite = isShorter || before.writeAtMs <= nowMs;
    const stop = {
      ...before,
      ...(isShorter && { graceSeconds, deadlineMs }),
      ...(mustWrite && { writeAtMs: WHEN_WOKEN }),
    };
    const containerIds = state.containers.filter((c) => c.state === "running").map((c) => c.id);
    const steps: readonly PodStep[] = [
      ...(isShorter ? [{ do: "shorten-stop", containerIds, graceSeconds } as const] : []),
      ...(mustWrite ? [{ do: "write-record" } as const] : []),
    ];
    const groups = steps.length > 0 ? [steps] : [];
    return { ...plan, record: { ...record, stop }, groups, wakeAtMs: stop.writeAtMs };
  }
  if (before !== undefined && before.retryAtMs > nowMs) return { ...plan, wakeAtMs: before.retryAtMs };
  const { writeAtMs = nowMs + WRITTEN_AFTER_MS } = before ?? {};
  const stop: PodStop = { graceSeconds, deadlineMs, underWay: true, retryAtMs: nowMs, writeAtMs };
  const groups: StepGroups = [[{ do: "begin-stop", groups: stopGroups(pod, state, deadlineMs) }]];
  return { ...plan, record: { ...record, stop }, groups, wakeAtMs: writeAtMs };
}

function graceOf({ pod, record }: PodPlanInput): number {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (record.removed && deletionTimestamp === undefined) return GRACE_MIN_SECONDS;
  const seconds = deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds;
  return Math.max(GRACE_MIN_SECONDS, boundedSeconds(seconds));
}

/** Removes the files of any pod that has ended; of a deleted pod then its object, its containers and its logs. */
function planClearing({ pod, state, record }: PodPlanInput): StepGroups {
  const { removed, cleared } = record;
  const unlessDone = (part: Clearing, step: ClearStep): readonly ClearStep[] => (cleared.has(part) ? [] : [step]);
  // The files hold the messages: a kubelet that restarts before the API server has the status reads them again.
  const hasMessages = !removed && state.containers.some((c) => c.message !== "");
  const isDeleted = pod.metadata.deletionTimestamp !== undefined;
  const groups: StepGroups = [
    unlessDone("holds", { do: "release-holds" }),
    hasMessages ? unlessDone("status", { do: "store-status" }) : [],
    unlessDone("files", { do: "remove-files" }),
    isDeleted && !removed ? unlessDone("object", { do: "remove-object" }) : [],
    ...(isDeleted || removed ? runtimeRemains(state) : []),
    isDeleted || removed ? unlessDone("logs", { do: "remove-logs" }) : [],
  ];
  return groups.filter((group) => group.length > 0);
}

function runtimeRemains({ containers, sandboxes }: PodPlanInput["state"]): StepGroups {
  return [
    containers.map(({ id: containerId }) => ({ do: "remove-container", containerId })),
    sandboxes.map(({ id: sandboxId }) => ({ do: "remove-sandbox", sandboxId })),
  ];
}
