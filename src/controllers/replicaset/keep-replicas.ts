import { apiTime } from "@fairlead/api/api-time";
import type { ReplicaSet, ReplicaSetStatus } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
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
import { ownersOfPod, relatedPods } from "./lookup.ts";
import { planReplicas } from "./plan.ts";
import type { PodTally } from "./pod-tally.ts";
import { nextAvailableMs, replicaSetStatus } from "./status.ts";

/** A kind whose objects each keep a number of pods, as ReplicaSets do. */
export interface ReplicasKind<T extends KubeObject> {
  /** Of the controller, for logs and metrics. */
  readonly name: string;
  /** The controller's service account, and the source of its events. */
  readonly account: string;
  readonly kind: ResourceReference<T>;
  /** Indexes: `namespace`, `controller` (the owner's uid). */
  readonly cache: Cache<T>;
  /** The object with a ReplicaSet's fields. */
  asReplicaSet(object: T): ReplicaSet;
  withStatus(object: T, status: ReplicaSetStatus): T;
}

/** An object that is looked at. */
interface Target<T> {
  readonly key: string;
  readonly object: T;
  readonly replicaSet: ReplicaSet;
  readonly signal: AbortSignal;
}

/** Keeps as many pods of each object of a kind as it wants. Keys are objects of the kind. */
export function keepReplicas<T extends KubeObject>(
  { clientFor, caches, log, clock, metrics }: ControllerContext,
  { name, account, kind, cache, asReplicaSet, withStatus }: ReplicasKind<T>,
): Running {
  const client = clientFor(controllerIdentity(account));
  const events = createEventRecorder({ client, component: account, clock, log });
  const own = ownWrites(cache);
  const expectations = podExpectations(caches.pods);
  const known = createKnownPods(caches.pods);

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const object = cache.get(key);
    if (object === undefined) {
      own.forget(key); // Its pods go with it, by owner reference.
      expectations.forget(key);
      known.forget(key);
      return undefined;
    }
    // Neither pods nor status are written while the cache lacks the last ones.
    if (!own.areSeen(key) || !expectations.areMet(key)) return LOOK_AGAIN_UNSEEN;
    const replicaSet = asReplicaSet(object);
    const target = { key, object, replicaSet, signal };
    const tally = known.read(key, replicaSet);
    const { adopted } = planClaims(replicaSet, orphansOf(caches.pods, replicaSet).filter(isPodActive));
    const unsettled = { adopted, released: [...tally.released.values()] };
    if (unsettled.adopted.length + unsettled.released.length > 0) {
      const parts = { ownerKind: kind, owner: object, kind: podKind, signal };
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
  async function makeRight({ key, replicaSet, signal }: Target<T>, { active }: PodTally): Promise<{ error?: unknown }> {
    if (replicaSet.metadata.deletionTimestamp !== undefined) return {};
    const related = () => relatedPods(caches.pods, cache, replicaSet);
    const { create, remove } = planReplicas({ replicaSet, active, related, nowMs: clock.now() });
    const writer = { client, events, owner: replicaSet, signal };
    const possible = isNamespaceEnding(caches, replicaSet.metadata.namespace) ? 0 : create;
    const created = await createPods(writer, possible, podFromTemplate(replicaSet, replicaSet.spec.template));
    for (const pod of created.pods) expectations.wrote(key, pod);
    const deleted = await deletePods(writer, remove);
    for (const pod of deleted.pods) expectations.deleted(key, pod);
    return { error: created.error ?? deleted.error };
  }

  async function writeStatus({ key, object, signal }: Target<T>, status: ReplicaSetStatus): Promise<void> {
    const wanted = withStatus(object, status);
    if (deepEqual(wanted, object)) return;
    own.wrote(key, await client.update(kind, wanted, { subresource: "status", signal }));
  }

  const controller = startController({
    name,
    sources: [
      keysFrom(cache),
      keysFrom(caches.pods, (change) => {
        known.podChanged(change);
        return ownersOfPod(
          { kind: kind.kind, cache, selectorOf: (object) => asReplicaSet(object).spec.selector },
          change,
        );
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
