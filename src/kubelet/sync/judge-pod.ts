import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { boundedSeconds } from "@fairlead/api/int64";
import { admissionRefusal } from "../pods/admission/admit-pod.ts";
import { startTimeOf } from "../status/start-time.ts";
import type { PodPlanInput } from "./plan-pod.ts";
import type { EventStep } from "./pod-steps.ts";
import type { PodRecord } from "./record/pod-record.ts";

/** Input of {@link judgePod}. */
type Judged = Pick<PodPlanInput, "pod" | "state" | "record" | "now">;

/** A record with the verdict, and the events for the pod's owner. */
export interface PodVerdict {
  readonly record: PodRecord;
  readonly events: readonly EventStep[];
}

/** Whether nothing of the pod is started any more: it was deleted, has finished or failed, or its end has begun. */
export function isToEnd({ metadata, status }: Pod, { removed, failure, reported, stop }: PodRecord): boolean {
  if (removed || metadata.deletionTimestamp !== undefined || failure !== undefined || stop !== undefined) return true;
  return [status.phase, reported?.phase].some((phase) => phase === "Succeeded" || phase === "Failed");
}

/** Decides whether the pod may run: on this node, and still. */
export function judgePod(input: Judged): PodVerdict {
  const { record } = input;
  const admitted = record.judged ? { record, events: [] } : admit(input);
  if (admitted.record.failure !== undefined || deadlineInMs({ ...input, record }) > 0) return admitted;

  const reason = "DeadlineExceeded";
  const message = "Pod was active on the node longer than the specified deadline";
  const event: EventStep = { do: "record-event", type: "Normal", reason, message };
  return { record: { ...admitted.record, failure: { reason, message } }, events: [event] };
}

/**
 * Decides whether this node takes the pod, when the kubelet first sees it, as upstream: a later change of its labels does
 * not end it. A pod that has begun was taken by the kubelet that ran here before.
 */
function admit({ pod, state, record }: Judged): PodVerdict {
  const judged = { ...record, judged: true };
  const { phase = "Pending", startTime } = pod.status;
  const hasBegun = state.containers.length > 0 || state.sandboxes.length > 0 || startTime !== undefined;
  const refusal = hasBegun || phase !== "Pending" ? undefined : admissionRefusal(pod);
  if (refusal === undefined) return { record: judged, events: [] };
  const { reason, message } = refusal;
  return {
    record: { ...judged, failure: { reason, message: `Pod was rejected: ${message}`, isRejection: true } },
    events: [{ do: "record-event", type: "Warning", reason, message }],
  };
}

/** Returns how much of `activeDeadlineSeconds` is left, in milliseconds. */
export function deadlineInMs({ pod, state, record, now }: Judged): number {
  const startTime = startTimeOf(record.reported ?? pod.status, state);
  const { activeDeadlineSeconds } = pod.spec;
  if (activeDeadlineSeconds === undefined || startTime === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(startTime) + boundedSeconds(activeDeadlineSeconds) * 1000 - now.wallMs;
}
