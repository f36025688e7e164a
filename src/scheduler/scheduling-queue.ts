import type { Pod } from "../api/core/v1/pod/pod.ts";

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
  /** Takes out the pod with the highest priority; of several, the one that came first. */
  next(nowMs: number): QueuedPod | undefined;
  /** No node takes the pod: it waits until something happens that might help ({@link retry}). */
  giveBack(queued: QueuedPod, nowMs: number): void;
  /** Something else went wrong: the pod is tried again after a pause. */
  giveBackFailed(queued: QueuedPod, nowMs: number): void;
  /** Something happened that may help the unschedulable pods that `mayHelp` names. */
  retry(mayHelp: (pod: Pod) => boolean): void;
  /** When {@link next} will have a pod though nothing happens; `undefined` when never. */
  nextDueMs(): number | undefined;
  readonly length: number;
}

interface Entry extends QueuedPod {
  /** Not before this time. */
  readonly notBeforeMs: number;
  /** Set while no node takes the pod: then it waits until this time, or until something happens. */
  readonly unschedulableUntilMs: number | undefined;
}

/** An empty queue. */
export function schedulingQueue(): SchedulingQueue {
  const entries = new Map<string, Entry>();
  let serial = 0;

  const dueMs = (entry: Entry) => Math.max(entry.notBeforeMs, entry.unschedulableUntilMs ?? 0);

  return {
    add(pod, nowMs) {
      const before = entries.get(pod.metadata.uid);
      if (before === undefined) {
        const fresh = { pod, attempts: 0, serial: serial++, notBeforeMs: nowMs, unschedulableUntilMs: undefined };
        entries.set(pod.metadata.uid, fresh);
      } else {
        const isChanged = wishesOf(before.pod) !== wishesOf(pod);
        entries.set(pod.metadata.uid, { ...before, pod, ...(isChanged && { unschedulableUntilMs: undefined }) });
      }
    },
    remove: (uid) => entries.delete(uid),
    next(nowMs) {
      let best: Entry | undefined;
      for (const entry of entries.values()) {
        if (dueMs(entry) <= nowMs && (best === undefined || goesBefore(entry, best))) best = entry;
      }
      if (best !== undefined) entries.delete(best.pod.metadata.uid);
      return best && { pod: best.pod, attempts: best.attempts + 1, serial: best.serial };
    },
    giveBack(queued, nowMs) {
      const notBeforeMs = nowMs + backOffMs(queued.attempts);
      entries.set(queued.pod.metadata.uid, {
        ...queued,
        notBeforeMs,
        unschedulableUntilMs: nowMs + UNSCHEDULABLE_MAX_MS,
      });
    },
    giveBackFailed(queued, nowMs) {
      const notBeforeMs = nowMs + backOffMs(queued.attempts);
      entries.set(queued.pod.metadata.uid, { ...queued, notBeforeMs, unschedulableUntilMs: undefined });
    },
    retry(mayHelp) {
      for (const [uid, entry] of entries) {
        if (entry.unschedulableUntilMs === undefined || !mayHelp(entry.pod)) continue;
        entries.set(uid, { ...entry, unschedulableUntilMs: undefined });
      }
    },
    nextDueMs() {
      let earliest: number | undefined;
      for (const entry of entries.values()) earliest = Math.min(earliest ?? Number.POSITIVE_INFINITY, dueMs(entry));
      return earliest;
    },
    get length() {
      return entries.size;
    },
  };
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
