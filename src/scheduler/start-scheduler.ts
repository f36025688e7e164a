import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Namespace } from "@fairlead/api/core/v1/namespace/namespace";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Cache, CacheChange } from "@fairlead/client/cache/cache";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { attemptMetrics } from "./attempt-metrics.ts";
import { placePods } from "./place-pods.ts";
import { nodeEvents, podEvents } from "./queue/cluster-events.ts";
import { followStorage } from "./queue/follow-storage.ts";
import { needsNode, SCHEDULER_NAME } from "./queue/pending-pod.ts";
import { type SchedulingQueue, schedulingQueue } from "./queue/scheduling-queue.ts";
import { type SchedulingLoop, startSchedulingLoop } from "./scheduling-loop.ts";
import type { HintContext } from "./state/cluster-event.ts";
import { ownerSelectorOf } from "./state/owner-selector.ts";
import { serviceIndexes, servicesOfPod } from "./state/services-of-pod.ts";
import { type TrackedCluster, trackedCluster } from "./state/tracked-cluster.ts";

/** What the scheduler is started with. */
export interface SchedulerOptions {
  /** Under the identity `system:kube-scheduler`. */
  readonly client: Client;
  /** Under the same identity. */
  readonly caches: CacheSource;
  readonly log: Logger;
  readonly clock: Clock;
  /** In [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Default: nothing is counted. */
  readonly metrics?: Metrics;
}

/** Starts the scheduler: resolves once it knows the cluster and gives nodes to pods. */
export async function startScheduler({
  client,
  caches: source,
  log,
  clock,
  random = Math.random,
  metrics,
}: SchedulerOptions): Promise<Running> {
  const nodes = source.open(nodeKind);
  const pods = source.open(podKind);
  const services = source.open(serviceKind, { indexes: serviceIndexes });
  const replicaSets = source.open(replicaSetKind);
  const namespaces = source.open(namespaceKind);
  const claims = source.open(persistentVolumeClaimKind);
  const volumes = source.open(persistentVolumeKind);
  const caches: readonly { readonly synced: Promise<void>; stop(): Promise<void> }[] = [
    nodes,
    pods,
    services,
    replicaSets,
    namespaces,
    claims,
    volumes,
  ];
  const queue = schedulingQueue();
  const tracked = trackedCluster();
  const events = createEventRecorder({ client, component: SCHEDULER_NAME, clock, log });
  const context: HintContext = { node: nodes.get, namespaceLabels: (name) => labelsOf(namespaces, name) };
  const place = placePods({
    ...{ queue, tracked, client, events, random, log, clock, context },
    countAttempt: metrics && attemptMetrics(metrics),
    others: {
      servicesOf: (pod) => servicesOfPod(services, pod),
      ownerSelectorOf: (pod) => ownerSelectorOf({ replicaSets }, pod),
      namespaceLabels: context.namespaceLabels,
      claim: claims.get,
      volume: volumes.get,
    },
    pending: (pod) => stillPending(pods, pod),
  });
  // Decisions begin when all caches are full and followed: a pod must not be placed where there is no room.
  let loop: SchedulingLoop | undefined;
  const wake = () => loop?.wake();
  const followers = [
    nodes.follow(({ before, after }) => {
      if (after === undefined) tracked.removeNode(before?.metadata.name ?? "");
      else tracked.setNode(after);
      for (const event of nodeEvents({ before, after })) queue.retry(event, context);
      wake();
    }),
    pods.follow((change) => {
      follow(change, { queue, tracked, nowMs: clock.monotonicMs() });
      for (const event of podEvents(change)) queue.retry(event, context);
      wake();
    }),
    ...followStorage({ claims, volumes, queue, context, wake }),
  ];
  await Promise.all([...caches.map((cache) => cache.synced), ...followers.map((follower) => follower.caughtUp)]);
  loop = startSchedulingLoop({ queue, place, clock });
  return running(async () => {
    for (const follower of followers) follower.stop();
    await loop.stop();
    await events.stop();
    await Promise.all(caches.map((cache) => cache.stop()));
  });
}

/** Carries a pod's change into the queue and the tracked cluster. */
function follow(
  { before, after }: CacheChange<Pod>,
  {
    queue,
    tracked,
    nowMs,
  }: { readonly queue: SchedulingQueue; readonly tracked: TrackedCluster; readonly nowMs: number },
): void {
  // Deleted and recreated under the same name, seen as one change.
  if (before !== undefined && before.metadata.uid !== after?.metadata.uid) {
    queue.remove(before.metadata.uid);
    tracked.removePod(before.metadata.uid);
  }
  if (after === undefined) return;
  tracked.setPod(after);
  if (!needsNode(after)) queue.remove(after.metadata.uid);
  else if (!tracked.isAssumed(after.metadata.uid)) queue.add(after, nowMs);
}

function stillPending(pods: Cache<Pod>, { metadata }: Pod): Pod | undefined {
  const pod = pods.get(`${metadata.namespace}/${metadata.name}`);
  return pod !== undefined && pod.metadata.uid === metadata.uid && needsNode(pod) ? pod : undefined;
}

const NO_LABELS: Readonly<Record<string, string>> = {};

function labelsOf(namespaces: Cache<Namespace>, name: string): Readonly<Record<string, string>> {
  return namespaces.get(name)?.metadata.labels ?? NO_LABELS;
}
