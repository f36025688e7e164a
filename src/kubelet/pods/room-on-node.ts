import { type Amounts, amountsOf, NO_AMOUNTS, sum } from "@fairlead/api/core/v1/amounts";
import type { NodeRoom } from "../sync/resize/judge-resize.ts";
import { allocatedRequests } from "../sync/resize/judge-resize.ts";
import type { PodWork } from "./pod-work.ts";

/** The CPU and memory of the node, and what its pods have of it. */
export interface RoomOnNode {
  /** Returns what the node has, and what it has set aside for other pods than this one. */
  besides(work: PodWork): NodeRoom;
  /** Notes what the pod has now, by its spec until it is looked at first. Wakes pods that wait for room where it has less than before. */
  note(work: PodWork): void;
  /** Notes that nothing of the pod is left. */
  forget(work: PodWork): void;
}

/** @param allocatable - What the Node reports. */
export function createRoomOnNode(allocatable: () => Readonly<Record<string, string>>): RoomOnNode {
  const works = new Map<PodWork, { readonly key: unknown; readonly requests: Amounts }>();

  function wakeWaiting(): void {
    for (const work of works.keys()) if (work.record.resize.pending?.reason === "Deferred") work.wake();
  }

  return {
    besides(work) {
      const others = [...works].flatMap(([other, { requests }]) => (other === work ? [] : [requests]));
      return { allocatable: amountsOf(allocatable()), used: others.reduce(sum, NO_AMOUNTS) };
    },

    note(work) {
      const before = works.get(work);
      const { resize, reported } = work.record;
      const { phase } = reported ?? work.pod.status;
      const isOver = phase === "Succeeded" || phase === "Failed";
      const key = isOver ? "over" : resize.allocated;
      if (before !== undefined && before.key === key) return;
      const requests = isOver ? NO_AMOUNTS : allocatedRequests(work.pod, resize);
      works.set(work, { key, requests });
      if (before !== undefined && hasLess(requests, before.requests)) wakeWaiting();
    },

    forget(work) {
      if (works.delete(work)) wakeWaiting();
    },
  };
}

function hasLess(now: Amounts, before: Amounts): boolean {
  return [...before].some(([name, value]) => (now.get(name) ?? 0) < value);
}
