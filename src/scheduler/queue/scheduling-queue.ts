import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { exponentialMs } from "@fairlead/lib/back-off";
import type { ClusterEvent, HintContext, Rejector } from "../state/cluster-event.ts";
import { factsOf } from "../state/pod-facts.ts";
import { type WaitingPod, waitingPods } from "./waiting-pods.ts";

/** Pause before the second attempt; doubles with each further one. Upstream's figures. */
const INITIAL_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 10_000;
/** An unschedulable pod is tried again after this long even when nothing that could help it has happened. */
const UNSCHEDULABLE_MAX_MS = 5 * 60_000;

/** A pod for which a node is looked for now. */
export type QueuedPod = Pick<WaitingPod, "pod" | "attempts" | "serial">;

/**
 * Pods that wait for a node: the next one to look at, those that pause after a failure, and those that no node takes.
 *
 * Times are milliseconds of a clock that is never set (`Clock.monotonicMs`) and are passed in. A pod is known by its uid.
 */
export interface SchedulingQueue {
  /** A pod that needs a node. One that waits already is replaced; it is tried again when its spec or labels changed. */
  add(pod: Pod, nowMs: number): void;
  remove(uid: string): void;
  /**
   * Takes out the pod with the highest priority; of several, the one that came first.
   *
   * A pod that could not be placed before pauses only while others wait: when there is nothing better to do it is tried.
   */
  next(nowMs: number): QueuedPod | undefined;
  /** No node takes the pod: it waits until something happens that might help ({@link retry}). */
  giveBack(queued: QueuedPod, nowMs: number, rejectedBy: readonly Rejector[]): void;
  /** Something went wrong on our side: the pod is tried again after a pause. */
  giveBackFailed(queued: QueuedPod, nowMs: number): void;
  /** Something happened: the unschedulable pods that it may help are tried again, after their pause. */
  retry(event: ClusterEvent, context: HintContext): void;
  /** When {@link next} will have a pod though nothing happens; `undefined` when never. */
  nextDueMs(): number | undefined;
  readonly length: number;
}

/** An empty queue. */
export function schedulingQueue(): SchedulingQueue {
  const pods = waitingPods();
  let serial = 0;

  return {
    add(pod, nowMs) {
      const before = pods.get(pod.metadata.uid);
      if (before === undefined) pods.set(newcomer(pod, serial++, nowMs));
      else if (wishesOf(before.pod) === wishesOf(pod)) pods.set({ ...before, pod });
      else pods.set({ ...before, pod, unschedulableUntilMs: undefined });
    },
    remove: pods.remove,
    next(nowMs) {
      const taken = pods.takeReady(nowMs) ?? pods.takePausing();
      return taken && { pod: taken.pod, attempts: taken.attempts + 1, serial: taken.serial };
    },
    giveBack(queued, nowMs, rejectedBy) {
      const notBeforeMs = nowMs + backOffMs(queued.attempts);
      const unschedulableUntilMs = nowMs + UNSCHEDULABLE_MAX_MS;
      pods.set({ ...queued, notBeforeMs, hasFailed: false, unschedulableUntilMs, rejectedBy });
    },
    giveBackFailed(queued, nowMs) {
      const notBeforeMs = nowMs + backOffMs(queued.attempts);
      pods.set({ ...queued, notBeforeMs, hasFailed: true, unschedulableUntilMs: undefined, rejectedBy: [] });
    },
    retry(event, context) {
      for (const waiting of pods.unschedulable()) {
        if (mayHelp(waiting, event, context)) pods.set({ ...waiting, unschedulableUntilMs: undefined });
      }
    },
    nextDueMs: pods.nextDueMs,
    get length() {
      return pods.size;
    },
  };
}

function newcomer(pod: Pod, serial: number, nowMs: number): WaitingPod {
  const untried = { attempts: 0, hasFailed: false, unschedulableUntilMs: undefined, rejectedBy: [] };
  return { pod, serial, notBeforeMs: nowMs, ...untried };
}

/** A pod that nothing in particular refused (there were no nodes) is helped by anything. */
function mayHelp({ pod, rejectedBy }: WaitingPod, event: ClusterEvent, context: HintContext): boolean {
  const facts = factsOf(pod);
  return rejectedBy.length === 0 || rejectedBy.some((rejector) => rejector.mayHelp(facts, event, context));
}

function backOffMs(attempts: number): number {
  return exponentialMs(attempts - 1, { initialMs: INITIAL_BACK_OFF_MS, maxMs: MAX_BACK_OFF_MS });
}

/** What of a pod decides where it may go. */
function wishesOf({ metadata, spec }: Pod): string {
  return JSON.stringify([metadata.labels, spec]);
}
