import type { Pod } from "../api/core/v1/pod/pod.ts";
import { type Heap, heap } from "./heap.ts";

/** Pause before the second attempt; doubles with each further one. Upstream's figures. */
const INITIAL_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 10_000;
/** An unschedulable pod is tried again after this long even when nothing that could help it has happened. */
const UNSCHEDULABLE_MAX_MS = 5 * 60_000;

/** A pod that waits for a node. */
export interface QueuedPod {
  readonly pod: Pod;
  /** How often a node was looked for. */
  readonly attempts: number;
  /** Order of arrival. */
  readonly serial: number;
}

/**
 * Pods that wait for a node: the next one to look at, those that pause after a failure, and those that no node takes.
 *
 * Times are milliseconds since the epoch and are passed in. A pod is known by its uid.
 */
export interface SchedulingQueue {
  /** A pod that needs a node. One that waits already is replaced; it is tried at once when its spec or labels changed. */
  add(pod: Pod, nowMs: number): void;
  remove(uid: string): void;
  /**
   * Takes out the pod with the highest priority; of several, the one that came first.
   *
   * A pod that could not be placed before pauses only while others wait: when there is nothing better to do it is tried.
   */
  next(nowMs: number): QueuedPod | undefined;
  /** No node takes the pod: it waits until something happens that might help ({@link retry}). */
  giveBack(queued: QueuedPod, nowMs: number): void;
  /** Something went wrong on our side: the pod is tried again after a pause. */
  giveBackFailed(queued: QueuedPod, nowMs: number): void;
  /** Something happened that may help the unschedulable pods that `mayHelp` names. */
  retry(mayHelp: (pod: Pod) => boolean): void;
  /** When {@link next} will have a pod though nothing happens; `undefined` when never. */
  nextDueMs(): number | undefined;
  readonly length: number;
}

interface Entry extends QueuedPod {
  /** Pauses until this time. */
  readonly notBeforeMs: number;
  /** Whether the pause has to be kept in any case. */
  readonly hasFailed: boolean;
  /** Set while no node takes the pod: then it waits until this time, or until something happens. */
  readonly unschedulableUntilMs: number | undefined;
}

/** An empty queue. */
export function schedulingQueue(): SchedulingQueue {
  const entries = new Map<string, Entry>();
  const unschedulable = new Set<string>();
  // What is no longer what `entries` has is skipped when it comes up.
  const ready = heap<Entry>(goesBefore);
  const waiting = heap<Entry>((a, b) => dueMs(a) < dueMs(b));
  /** Those of the waiting that may be tried early. */
  const pausing = heap<Entry>((a, b) => dueMs(a) < dueMs(b));
  let serial = 0;

  const isCurrent = (entry: Entry) => entries.get(entry.pod.metadata.uid) === entry;

  function set(entry: Entry): void {
    const { uid } = entry.pod.metadata;
    entries.set(uid, entry);
    if (entry.unschedulableUntilMs === undefined) unschedulable.delete(uid);
    else unschedulable.add(uid);
    waiting.push(entry);
    if (entry.unschedulableUntilMs === undefined && !entry.hasFailed) pausing.push(entry);
  }

  function takeFirst(from: Heap<Entry>): QueuedPod | undefined {
    for (let best = from.pop(); best !== undefined; best = from.pop()) {
      if (!isCurrent(best)) continue;
      remove(best.pod.metadata.uid);
      return { pod: best.pod, attempts: best.attempts + 1, serial: best.serial };
    }
    return undefined;
  }

  function remove(uid: string): void {
    entries.delete(uid);
    unschedulable.delete(uid);
  }

  return {
    add(pod, nowMs) {
      const before = entries.get(pod.metadata.uid);
      if (before === undefined) {
        set({
          pod,
          attempts: 0,
          serial: serial++,
          notBeforeMs: nowMs,
          hasFailed: false,
          unschedulableUntilMs: undefined,
        });
      } else {
        const isChanged = wishesOf(before.pod) !== wishesOf(pod);
        set({ ...before, pod, ...(isChanged && { unschedulableUntilMs: undefined }) });
      }
    },
    remove,
    next(nowMs) {
      for (let due = waiting.peek(); due !== undefined; due = waiting.peek()) {
        if (isCurrent(due) && dueMs(due) > nowMs) break;
        waiting.pop();
        if (isCurrent(due)) ready.push(due);
      }
      return takeFirst(ready) ?? takeFirst(pausing);
    },
    giveBack(queued, nowMs) {
      const unschedulableUntilMs = nowMs + UNSCHEDULABLE_MAX_MS;
      set({ ...queued, notBeforeMs: nowMs + backOffMs(queued.attempts), hasFailed: false, unschedulableUntilMs });
    },
    giveBackFailed(queued, nowMs) {
      const notBeforeMs = nowMs + backOffMs(queued.attempts);
      set({ ...queued, notBeforeMs, hasFailed: true, unschedulableUntilMs: undefined });
    },
    retry(mayHelp) {
      for (const uid of [...unschedulable]) {
        const entry = entries.get(uid);
        if (entry !== undefined && mayHelp(entry.pod)) set({ ...entry, unschedulableUntilMs: undefined });
      }
    },
    nextDueMs() {
      for (let first = ready.peek(); first !== undefined; first = ready.peek()) {
        if (isCurrent(first)) return dueMs(first);
        ready.pop();
      }
      for (let first = waiting.peek(); first !== undefined; first = waiting.peek()) {
        if (isCurrent(first)) return dueMs(first);
        waiting.pop();
      }
      return undefined;
    },
    get length() {
      return entries.size;
    },
  };
}

function dueMs(entry: Entry): number {
  return Math.max(entry.notBeforeMs, entry.unschedulableUntilMs ?? 0);
}

function goesBefore(a: Entry, b: Entry): boolean {
  const byPriority = (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0);
  return byPriority === 0 ? a.serial < b.serial : byPriority < 0;
}

function backOffMs(attempts: number): number {
  return Math.min(MAX_BACK_OFF_MS, INITIAL_BACK_OFF_MS * 2 ** Math.min(attempts - 1, 10));
}

/** What of a pod decides where it may go. */
function wishesOf({ metadata, spec }: Pod): string {
  return JSON.stringify([metadata.labels, spec]);
}
