import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { type ReplicaSet, replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { CacheChange } from "@fairlead/client/cache/cache";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { now } from "../api-time.ts";
import type { Caches } from "../caches.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";
import { keyOf } from "../object-key.ts";
import { LOOK_AGAIN_UNSEEN, ownWrites } from "../own-writes.ts";
import { controllerOf, planClaims } from "../ownership/claim.ts";
import { claimable } from "../ownership/owner-index.ts";
import { settleClaims } from "../ownership/settle-claims.ts";
import { planDeployment } from "./plan.ts";
import { isOver } from "./steps/recreate.ts";
import { type PlanWriter, writeChanges } from "./write-changes.ts";

/** Keeps each Deployment's ReplicaSets as its template, size and strategy say. Keys are Deployments. */
export function startDeploymentController({ clientFor, caches, log, clock, metrics }: ControllerContext): Running {
  const client = clientFor(controllerIdentity("deployment-controller"));
  const events = createEventRecorder({ client, component: "deployment-controller", clock, log });
  const own = { deployments: ownWrites(caches.deployments), replicaSets: ownWrites(caches.replicaSets) };
  const isEnding = (namespace: string | undefined) => isNamespaceEnding(caches, namespace);
  const writer: PlanWriter = { client, events, own, isEnding, now: () => now(clock) };

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const deployment = caches.deployments.get(key);
    if (deployment === undefined) {
      own.deployments.forget(key); // Its ReplicaSets go with it, by owner reference.
      own.replicaSets.forget(key);
      return undefined;
    }
    // Not a step before both copies show the last one: a second ReplicaSet or a size gone by might come of it.
    if (!own.deployments.areSeen(key) || !own.replicaSets.areSeen(key)) return LOOK_AGAIN_UNSEEN;
    const target = { key, deployment, signal };
    const { owned, ...unsettled } = planClaims(deployment, claimable(caches.replicaSets, deployment));
    if (unsettled.adopted.length + unsettled.released.length > 0) {
      const parts = { ownerKind: deploymentKind, owner: deployment, kind: replicaSetKind, signal };
      const written = await settleClaims(client, { ...parts, ...unsettled });
      for (const replicaSet of written) own.replicaSets.wrote(key, replicaSet);
      return undefined;
    }
    const pods =
      deployment.spec.strategy.type === "Recreate"
        ? owned.flatMap(({ metadata }) => caches.pods.byIndex("controller", metadata.uid))
        : [];
    const plan = planDeployment({ deployment, replicaSets: owned, pods, nowMs: clock.now() });
    await writeChanges(writer, target, plan);
    return plan.lookAgainMs === undefined ? undefined : { afterMs: plan.lookAgainMs };
  }

  const controller = startController({
    name: "deployment",
    sources: [
      keysFrom(caches.deployments),
      keysFrom(caches.replicaSets, (change) => deploymentsOfReplicaSet(caches, change)),
      keysFrom(caches.pods, (change) => deploymentsOfEndedPod(caches, change)),
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

/** The Deployments that control the ReplicaSet; of one without a controller, those that select it. */
function deploymentsOfReplicaSet(caches: Caches, { before, after }: CacheChange<ReplicaSet>): readonly string[] {
  const controllers = [before, after].flatMap((replicaSet) => controllingDeployment(replicaSet) ?? []);
  if (after === undefined || controllerOf(after) !== undefined) return controllers;
  const { namespace = "", labels } = after.metadata;
  const willing = caches.deployments
    .byIndex("namespace", namespace)
    .filter(({ spec }) => labelSelectorMatches(spec.selector, labels));
  return [...controllers, ...willing.map(keyOf)];
}

/** Recreating waits for the last old pod to end. */
function deploymentsOfEndedPod(caches: Caches, { before, after }: CacheChange<Pod>): readonly string[] {
  const hasEnded = after === undefined || isOver(after);
  const owner = before === undefined || !hasEnded || isOver(before) ? undefined : controllerOf(before);
  if (owner?.kind !== "ReplicaSet") return [];
  const key = controllingDeployment(caches.replicaSets.get(`${before?.metadata.namespace}/${owner.name}`));
  return key !== undefined && caches.deployments.get(key)?.spec.strategy.type === "Recreate" ? [key] : [];
}

function controllingDeployment(replicaSet: ReplicaSet | undefined): string | undefined {
  const owner = replicaSet && controllerOf(replicaSet);
  return owner?.kind === "Deployment" ? `${replicaSet?.metadata.namespace}/${owner.name}` : undefined;
}
