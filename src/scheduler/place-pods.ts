import { apiTime } from "@fairlead/api/api-time";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { AttemptResult, CountAttempt } from "./attempt-metrics.ts";
import { bind, writeStatus } from "./bind.ts";
import { fitMessage } from "./fit-message.ts";
import { evictVictims } from "./preemption/evict-victims.ts";
import { type Preemption, planPreemption } from "./preemption/preempt.ts";
import type { QueuedPod, SchedulingQueue } from "./queue/scheduling-queue.ts";
import { schedule } from "./schedule.ts";
import type { HintContext } from "./state/cluster-event.ts";
import type { OtherObjects } from "./state/cluster-state.ts";
import { factsOf } from "./state/pod-facts.ts";
import type { TrackedCluster } from "./state/tracked-cluster.ts";
import { type UnschedulableReason, unschedulableCondition } from "./unschedulable-condition.ts";

/** What placing pods works with. */
export interface PlacePodsOptions {
  readonly queue: SchedulingQueue;
  readonly tracked: TrackedCluster;
  readonly client: Client;
  readonly events: Pick<EventRecorder, "record">;
  /** Objects for queueing hints after a failed binding, which frees room for other pods. */
  readonly context: HintContext;
  /** What decisions depend on besides nodes and pods. */
  readonly others: OtherObjects;
  /** The current pod; `undefined` when it is gone or needs no node any more. */
  pending(pod: Pod): Pod | undefined;
  /** In [0, 1): chooses between equally good nodes. */
  random(): number;
  /** Default: nothing is counted. */
  readonly countAttempt?: CountAttempt | undefined;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Decides at once on one pod out of the queue; the answer resolves when what became of it has been written.
 *
 * A pod that got no node is back in the queue before this returns. The answer never rejects.
 */
export type PlacePod = (queued: QueuedPod) => Promise<void>;

/** See {@link PlacePod}. */
export function placePods(options: PlacePodsOptions): PlacePod {
  const { queue, tracked, clock, log } = options;
  let startAt = 0;

  /** Tries to place the pod. Without a node it is back in the queue, and may have room made for it. */
  function decide(queued: QueuedPod): Decision {
    const cluster = tracked.state(options.others, queued.pod);
    const facts = factsOf(queued.pod);
    const result = schedule(facts, cluster, { startAt, random: options.random });
    if (result.node !== undefined) {
      startAt = (startAt + result.nodesLookedAt) % cluster.nodes.length;
      const nodeName = result.node.node.metadata.name;
      tracked.assume(queued.pod, nodeName);
      return { nodeName };
    }
    queue.giveBack(queued, clock.monotonicMs(), result.rejectedBy);
    const preemption = planPreemption(facts, cluster, result.refusals);
    const refusals = [...result.refusals.values()];
    const { podRefusal } = result;
    if ("message" in preemption) {
      const details = { preemption: preemption.message, podRefusal };
      return { message: fitMessage(refusals, cluster.nodes.length, details) };
    }
    tracked.nominate(queued.pod, preemption.nodeName);
    return { message: fitMessage(refusals, cluster.nodes.length), preemption };
  }

  return async (queued) => {
    const { pod } = queued;
    const startedMs = clock.monotonicMs();
    const count = (result: AttemptResult) => options.countAttempt?.(result, (clock.monotonicMs() - startedMs) / 1000);
    try {
      const decision = decide(queued);
      if ("nodeName" in decision) {
        count((await bindTo(options, queued, decision.nodeName)) ? "scheduled" : "error");
        return;
      }
      count("unschedulable");
      const { message, preemption } = decision;
      await reportFailure(options, pod, { reason: "Unschedulable", message, nominatedNodeName: preemption?.nodeName });
      if (preemption !== undefined) {
        await evictVictims(preemption, { ...options, preemptor: pod, now: apiTime(clock.now()) });
      }
    } catch (error) {
      log.warn("Cannot update pod status", { pod: nameOf(pod), error });
    }
  };
}

/** The node that was chosen, at which the pod counts from now on; or why there is none, and what is done about it. */
type Decision =
  | { readonly nodeName: string }
  | { readonly message: string; readonly preemption?: Preemption | undefined };

/** Returns whether the pod is bound. */
async function bindTo(options: PlacePodsOptions, queued: QueuedPod, nodeName: string): Promise<boolean> {
  const { client, tracked, queue, events, clock, log } = options;
  try {
    await bind(client, queued.pod, nodeName);
    const message = `Successfully assigned ${nameOf(queued.pod)} to ${nodeName}`;
    events.record(queued.pod, { type: "Normal", reason: "Scheduled", message });
    return true;
  } catch (error) {
    tracked.forget(queued.pod.metadata.uid);
    queue.retry({ type: "pod left", pod: queued.pod, nodeName }, options.context);
    const pod = options.pending(queued.pod);
    if (pod === undefined) return false; // Deleted, or bound by another scheduler.
    log.warn("Cannot bind a pod: trying again", { pod: nameOf(pod), node: nodeName, error });
    queue.giveBackFailed({ ...queued, pod }, clock.monotonicMs());
    const why = error instanceof Error ? error.message : String(error);
    await reportFailure(options, pod, {
      reason: "SchedulerError",
      message: `running Bind plugin "DefaultBinder": ${why}`,
    });
    return false;
  }
}

/** Reports why a pod is not scheduled, by an event and in the pod's status. */
async function reportFailure(
  { client, events, clock }: PlacePodsOptions,
  pod: Pod,
  failure: {
    readonly reason: UnschedulableReason;
    readonly message: string;
    /** Where room is being made for the pod. */
    readonly nominatedNodeName?: string | undefined;
  },
): Promise<void> {
  const { reason, message, nominatedNodeName } = failure;
  events.record(pod, { type: "Warning", reason: "FailedScheduling", message });
  const condition = unschedulableCondition(pod, { reason, message, now: apiTime(clock.now()) });
  const isNominated = nominatedNodeName !== undefined && nominatedNodeName !== pod.status.nominatedNodeName;
  if (condition === undefined && !isNominated) return;
  await writeStatus(client, pod, {
    ...(condition !== undefined && { conditions: [condition] }),
    ...(isNominated && { nominatedNodeName }),
  });
}

function nameOf({ metadata: { namespace, name } }: Pod): string {
  return `${namespace}/${name}`;
}
