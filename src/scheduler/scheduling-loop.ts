import { setImmediate as otherWork } from "node:timers/promises";
import type { Pod } from "../api/core/v1/pod/pod.ts";
import type { Client } from "../client/client.ts";
import type { EventRecorder } from "../client/events/event-recorder.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { type Running, running } from "../lib/running.ts";
import { bind, writeCondition } from "./bind.ts";
import type { ClusterState, NodeState, Refusal } from "./cluster-state.ts";
import { fitMessage } from "./fit-message.ts";
import { factsOf } from "./pod-facts.ts";
import { preemptionMessage } from "./preemption-message.ts";
import { schedule } from "./schedule.ts";
import type { QueuedPod, SchedulingQueue } from "./scheduling-queue.ts";
import type { TrackedCluster } from "./tracked-cluster.ts";
import { type UnschedulableReason, unschedulableCondition } from "./unschedulable-condition.ts";

/** Bindings that may be on their way at once. */
const BINDINGS_MAX = 100;
/** Longest stretch of decisions without letting other work of the process in, in milliseconds. */
const STRETCH_MS = 10;

export interface SchedulingLoopOptions {
  readonly queue: SchedulingQueue;
  readonly tracked: TrackedCluster;
  readonly client: Client;
  readonly events: Pick<EventRecorder, "record">;
  /** What decisions depend on besides nodes and pods. */
  readonly others: Pick<ClusterState, "servicesOf" | "namespaceLabels">;
  /** The pod as it is now; `undefined` when it is gone or needs no node any more. */
  pending(pod: Pod): Pod | undefined;
  /** In [0, 1): chooses between equally good nodes. */
  random(): number;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface SchedulingLoop extends Running {
  /** The queue or the cluster changed. */
  wake(): void;
}

/** Gives nodes to the queue's pods, one decision after another; bindings go on side by side. */
export function startSchedulingLoop(options: SchedulingLoopOptions): SchedulingLoop {
  const { queue, tracked, client, events, clock, log } = options;
  const ending = new AbortController();
  const underWay = new Set<Promise<void>>();
  let woken = Promise.withResolvers<void>();
  let startAt = 0;

  async function run(): Promise<void> {
    let stretchMs = clock.now();
    while (!ending.signal.aborted) {
      const queued = queue.next(clock.now());
      if (queued === undefined) await rest();
      else decide(queued);
      if (underWay.size >= BINDINGS_MAX) await Promise.race(underWay);
      if (clock.now() - stretchMs < STRETCH_MS) continue;
      await otherWork();
      stretchMs = clock.now();
    }
  }

  /** Until something changes, or a pause is over. */
  async function rest(): Promise<void> {
    const dueMs = queue.nextDueMs();
    if (dueMs === undefined) await woken.promise;
    else {
      const over = new AbortController();
      const pause = clock.sleep(Math.max(1, dueMs - clock.now()), over.signal).catch(() => {});
      await Promise.race([woken.promise, pause]);
      over.abort();
    }
    woken = Promise.withResolvers();
    if (ending.signal.aborted) woken.resolve();
  }

  function decide(queued: QueuedPod): void {
    const cluster = tracked.state(options.others);
    const result = schedule(factsOf(queued.pod), cluster, { startAt, random: options.random });
    if (result.node === undefined) {
      track(refuse(queued, cluster, result.refusals));
      return;
    }
    startAt = (startAt + result.nodesLookedAt) % cluster.nodes.length;
    tracked.assume(queued.pod, result.node.node.metadata.name);
    track(bindTo(queued, result.node.node.metadata.name));
  }

  async function refuse(
    queued: QueuedPod,
    cluster: ClusterState,
    refusals: ReadonlyMap<NodeState, Refusal>,
  ): Promise<void> {
    queue.giveBack(queued, clock.now());
    const preemption = preemptionMessage(factsOf(queued.pod), refusals);
    const message = fitMessage([...refusals.values()], cluster.nodes.length, preemption);
    await tell(queued.pod, "Unschedulable", message);
  }

  async function bindTo(queued: QueuedPod, nodeName: string): Promise<void> {
    const { namespace, name } = queued.pod.metadata;
    try {
      await bind(client, queued.pod, nodeName);
      const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
      events.record(queued.pod, { type: "Normal", reason: "Scheduled", message });
    } catch (error) {
      tracked.forget(queued.pod.metadata.uid);
      const pod = options.pending(queued.pod);
      if (pod === undefined) return; // Gone, or bound by somebody else.
      log.warn("Cannot bind a pod: trying again", { pod: `${namespace}/${name}`, node: nodeName, error });
      queue.giveBackFailed({ ...queued, pod }, clock.now());
      wake();
      await tell(
        pod,
        "SchedulerError",
        `running Bind plugin "DefaultBinder": ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  /** Tells the pod's owner, by an event and by the pod's condition. */
  async function tell(pod: Pod, reason: UnschedulableReason, message: string): Promise<void> {
    events.record(pod, { type: "Warning", reason: "FailedScheduling", message });
    const now = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
    const condition = unschedulableCondition(pod, { reason, message, now });
    if (condition !== undefined) await writeCondition(client, pod, condition);
  }

  function track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        if (!ending.signal.aborted) log.warn("Cannot write what became of a pod", { error });
      })
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  function wake(): void {
    woken.resolve();
  }

  const done = run();
  return {
    wake,
    ...running(async () => {
      ending.abort();
      wake();
      await done;
      await Promise.all(underWay);
    }),
  };
}
