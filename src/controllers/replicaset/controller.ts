import { apiTime } from "@fairlead/api/api-time";
import type { ReplicaSet, ReplicaSetStatus } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { deepEqual } from "@fairlead/api/deep-equal";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";
import { LOOK_AGAIN_UNSEEN, ownWrites } from "../own-writes.ts";
import { planClaims } from "../ownership/claim.ts";
import { orphansOf } from "../ownership/owner-index.ts";
import { settleClaims } from "../ownership/settle-claims.ts";
import { podExpectations } from "../pod-control/pod-expectations.ts";
import { podFromTemplate } from "../pod-control/pod-from-template.ts";
import { isPodActive } from "../pod-control/pod-state.ts";
import { createPods, deletePods } from "../pod-control/write-pods.ts";
import { createKnownPods } from "./known-pods.ts";
import { relatedPods, replicaSetsOfPod } from "./lookup.ts";
import { planReplicas } from "./plan.ts";
import type { PodTally } from "./pod-tally.ts";
import { nextAvailableMs, replicaSetStatus } from "./status.ts";

/** A ReplicaSet that is looked at. */
interface Target {
  readonly key: string;
  readonly replicaSet: ReplicaSet;
  readonly signal: AbortSignal;
}

/** Keeps as many pods of each ReplicaSet as it wants. Keys are ReplicaSets. */
export function startReplicaSetController({ clientFor, caches, log, clock, metrics }: ControllerContext): Running {
  const client = clientFor(controllerIdentity("replicaset-controller"));
  const events = createEventRecorder({ client, component: "replicaset-controller", clock, log });
  const own = ownWrites(caches.replicaSets);
  const expectations = podExpectations(caches.pods);
  const known = createKnownPods(caches.pods);

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const replicaSet = caches.replicaSets.get(key);
    if (replicaSet === undefined) {
      own.forget(key); // Its pods go with it, by owner reference.
      expectations.forget(key);
      known.forget(key);
      return undefined;
    }
    // Neither pods nor status are written while the cache lacks the last ones.
    if (!own.areSeen(key) || !expectations.areMet(key)) return LOOK_AGAIN_UNSEEN;
    const target = { key, replicaSet, signal };
    const tally = known.read(key, replicaSet);
    const { adopted } = planClaims(replicaSet, orphansOf(caches.pods, replicaSet).filter(isPodActive));
    const unsettled = { adopted, released: [...tally.released.values()] };
    if (unsettled.adopted.length + unsettled.released.length > 0) {
      const parts = { ownerKind: replicaSetKind, owner: replicaSet, kind: podKind, signal };
      const written = await settleClaims(client, { ...parts, ...unsettled });
      for (const pod of written) expectations.wrote(key, pod);
      return undefined;
    }
    const { error } = await makeRight(target, tally);
    const nowMs = clock.now();
    const failure = error === undefined ? undefined : error instanceof Error ? error.message : String(error);
    const now = apiTime(nowMs);
    await writeStatus(target, replicaSetStatus({ replicaSet, tally, failure, nowMs, now }));
    if (error !== undefined) throw error;
    const afterMs = nextAvailableMs(replicaSet, tally, nowMs);
    return afterMs === undefined ? undefined : { afterMs };
  }

  /** Creates or deletes pods. A failure gets an event and is retried. */
  async function makeRight({ key, replicaSet, signal }: Target, { active }: PodTally): Promise<{ error?: unknown }> {
    if (replicaSet.metadata.deletionTimestamp !== undefined) return {};
    const related = () => relatedPods(caches, replicaSet);
    const { create, remove } = planReplicas({ replicaSet, active, related, nowMs: clock.now() });
    const writer = { client, events, owner: replicaSet, signal };
    const possible = isNamespaceEnding(caches, replicaSet.metadata.namespace) ? 0 : create;
    const created = await createPods(writer, possible, podFromTemplate(replicaSet, replicaSet.spec.template));
    for (const pod of created.pods) expectations.wrote(key, pod);
    const deleted = await deletePods(writer, remove);
    for (const pod of deleted.pods) expectations.deleted(key, pod);
    return { error: created.error ?? deleted.error };
  }

  async function writeStatus({ key, replicaSet, signal }: Target, status: ReplicaSetStatus): Promise<void> {
    if (deepEqual(status, replicaSet.status)) return;
    const options = { subresource: "status", signal };
    own.wrote(key, await client.update(replicaSetKind, { ...replicaSet, status }, options));
  }

  const controller = startController({
    name: "replicaset",
    sources: [
      keysFrom(caches.replicaSets),
      keysFrom(caches.pods, (change) => {
        known.podChanged(change);
        return replicaSetsOfPod(caches, change);
      }),
    ],
    reconcile,
    workers: 5,
    log,
    clock,
    metrics,
  });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}
