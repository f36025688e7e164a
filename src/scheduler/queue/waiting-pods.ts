import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Rejector } from "../state/cluster-event.ts";
import { type Heap, heap } from "./heap.ts";

/** A pod that waits, and what for. */
export interface WaitingPod {
  readonly pod: Pod;
  /** How often a node was looked for. */
  readonly attempts: number;
  /** Order of arrival. */
  readonly serial: number;
  /** Pauses until this time. */
  readonly notBeforeMs: number;
  /** Whether the pause has to be kept in any case. */
  readonly hasFailed: boolean;
  /** Set while no node takes the pod: then it waits until this time, or until something happens. */
  readonly unschedulableUntilMs: number | undefined;
  /** What refused the pod when no node took it. */
  readonly rejectedBy: readonly Rejector[];
}

/** Pods by uid, each once, and in the orders in which they are taken out. */
export interface WaitingPods {
  get(uid: string): WaitingPod | undefined;
  set(waiting: WaitingPod): void;
  remove(uid: string): void;
  /** Takes out the one whose time has come with the highest priority; of several, the one that came first. */
  takeReady(nowMs: number): WaitingPod | undefined;
  /** Takes out the one whose pause ends first, of those that need not keep it. */
  takePausing(): WaitingPod | undefined;
  /** When {@link takeReady} will have one; `undefined` when no pod waits. */
  nextDueMs(): number | undefined;
  unschedulable(): readonly WaitingPod[];
  readonly size: number;
}

/** Makes an empty queue. */
export function waitingPods(): WaitingPods {
  const byUid = new Map<string, WaitingPod>();
  const unschedulable = new Set<string>();
  // The heaps also hold what has been replaced or removed since: it is skipped when it comes up.
  const ready = heap(goesBefore);
  const byTime = heap(isDueBefore);
  const pausing = heap(isDueBefore);
  const isCurrent = (waiting: WaitingPod) => byUid.get(waiting.pod.metadata.uid) === waiting;

  function first(of: Heap<WaitingPod>): WaitingPod | undefined {
    for (let head = of.peek(); head !== undefined; head = of.peek()) {
      if (isCurrent(head)) return head;
      of.pop();
    }
    return undefined;
  }

  function remove(uid: string): void {
    byUid.delete(uid);
    unschedulable.delete(uid);
  }

  function take(from: Heap<WaitingPod>): WaitingPod | undefined {
    const head = first(from);
    if (head !== undefined) remove(head.pod.metadata.uid);
    return head;
  }

  return {
    get: (uid) => byUid.get(uid),
    set(waiting) {
      const { uid } = waiting.pod.metadata;
      byUid.set(uid, waiting);
      byTime.push(waiting);
      if (waiting.unschedulableUntilMs !== undefined) unschedulable.add(uid);
      else {
        unschedulable.delete(uid);
        if (!waiting.hasFailed) pausing.push(waiting);
      }
    },
    remove,
    takeReady(nowMs) {
      for (let head = first(byTime); head !== undefined && dueMs(head) <= nowMs; head = first(byTime)) {
        byTime.pop();
        ready.push(head);
      }
      return take(ready);
    },
    takePausing: () => take(pausing),
    nextDueMs() {
      const head = first(ready) ?? first(byTime);
      return head && dueMs(head);
    },
    unschedulable: () => [...unschedulable].flatMap((uid) => byUid.get(uid) ?? []),
    get size() {
      return byUid.size;
    },
  };
}

function dueMs({ notBeforeMs, unschedulableUntilMs }: WaitingPod): number {
  return Math.max(notBeforeMs, unschedulableUntilMs ?? 0);
}

function isDueBefore(a: WaitingPod, b: WaitingPod): boolean {
  return dueMs(a) < dueMs(b);
}

function goesBefore(a: WaitingPod, b: WaitingPod): boolean {
  const byPriority = (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0);
  return byPriority === 0 ? a.serial < b.serial : byPriority < 0;
}
