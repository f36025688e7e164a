import type { Amounts } from "@fairlead/api/core/v1/amounts";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podRequests } from "@fairlead/api/core/v1/pod/pod-requests";
import type { PodState } from "../pod-state.ts";
import { newest } from "../pod-state.ts";
import type { EventStep } from "../pod-steps.ts";
import type { ContainerResources } from "./container-resources.ts";
import { madeWith, resizableContainers, sameOfAll, wantedResources, withAllocated } from "./container-resources.ts";
import type { PendingResize, PodResize } from "./pod-resize.ts";
import { resizeMessage } from "./resize-message.ts";

/** The CPU and memory of a node. */
export interface NodeRoom {
  /** What the node has for pods. */
  readonly allocatable: Amounts;
  /** What it has set aside for the other pods. */
  readonly used: Amounts;
}

/** Input of {@link judgeResize}. */
export interface ResizeInput {
  readonly pod: Pod;
  readonly state: PodState;
  readonly resize: PodResize;
  readonly room: () => NodeRoom;
}

/** What was decided. */
export interface ResizeVerdict {
  readonly resize: PodResize;
  readonly events: readonly EventStep[];
  /** A restart of the kubelet must not forget the decision. */
  readonly mustWrite: boolean;
}

/**
 * Decides what the node sets aside for the pod's containers: what the spec asks for, where there is room for it, and else
 * what it was before. As upstream's allocation manager.
 */
export function judgeResize({ pod, state, resize, room }: ResizeInput): ResizeVerdict {
  const allocated = resize.allocated ?? firstAllocation(pod, state);
  const wanted = wantedResources(pod);
  if (sameOfAll(wanted, allocated)) {
    return { resize: { ...resize, allocated, pending: undefined }, events: [], mustWrite: false };
  }
  const { generation } = pod.metadata;
  const refusal = refusalOf(pod, room());
  if (refusal === undefined) {
    const message = resizeMessage("Pod resize started", pod, generation);
    return {
      resize: {
        ...resize,
        allocated: wanted,
        pending: undefined,
        inProgress: { generation, error: undefined },
        retry: undefined,
      },
      events: [{ do: "record-event", type: "Normal", reason: "ResizeStarted", message }],
      mustWrite: true,
    };
  }
  const pending = { ...refusal, generation };
  const isKnown = resize.pending?.reason === pending.reason && resize.pending.generation === generation;
  return {
    resize: { ...resize, allocated, pending },
    events: isKnown ? [] : [pendingEvent(pod, pending)],
    mustWrite: false,
  };
}

/** Returns what is set aside for a pod that is seen first: what its containers were made with, if it has begun. */
function firstAllocation(pod: Pod, state: PodState): ContainerResources {
  return new Map(
    resizableContainers(pod).map(({ name, resources }) => {
      const instance = newest(state, name);
      return [name, (instance && madeWith(instance)) ?? resources];
    }),
  );
}

function refusalOf(pod: Pod, { allocatable, used }: NodeRoom): Omit<PendingResize, "generation"> | undefined {
  const requests = podRequests(pod);
  const of = (amounts: Amounts, name: string) => amounts.get(name) ?? 0;
  for (const name of ["memory", "cpu"]) {
    const [requested, capacity] = [of(requests, name), of(allocatable, name)];
    if (requested <= capacity) continue;
    const message = `Node didn't have enough capacity: ${name}, requested: ${requested}, capacity: ${capacity}`;
    return { reason: "Infeasible", message };
  }
  for (const name of ["cpu", "memory"]) {
    const [requested, capacity, taken] = [of(requests, name), of(allocatable, name), of(used, name)];
    if (requested === 0 || requested + taken <= capacity) continue;
    const message = `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${taken}, capacity: ${capacity}`;
    return { reason: "Deferred", message };
  }
  return undefined;
}

function pendingEvent(pod: Pod, { reason, message, generation }: PendingResize): EventStep {
  const text = resizeMessage(`Pod resize ${reason}`, pod, generation, message);
  return { do: "record-event", type: "Warning", reason: `Resize${reason}`, message: text };
}

/** Returns the requests that count for the node: what it has set aside for the pod. */
export function allocatedRequests(pod: Pod, { allocated }: PodResize): Amounts {
  return podRequests(withAllocated(pod, allocated));
}
