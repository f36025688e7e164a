import { type Deployment, deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { type ReplicaSet, replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Draft } from "@fairlead/api/schema";
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { ifThere } from "@fairlead/client/if-there";
import type { OwnWrites } from "../own-writes.ts";
import { controllerOf } from "../ownership/claim.ts";
import type { DeploymentPlan, ReplicaSetChange } from "./plan.ts";
import { sameTemplate } from "./replicasets/template.ts";
import { withCollision, withCreateFailure } from "./status/create-failure.ts";

/** What plans are carried out with. */
export interface PlanWriter {
  readonly client: Client;
  readonly events: EventRecorder;
  /** Whether the API server would refuse every new object of the namespace. */
  isEnding(namespace: string | undefined): boolean;
  /** Writes to Deployments and to ReplicaSets; both by the Deployment's key. */
  readonly own: { readonly deployments: OwnWrites; readonly replicaSets: OwnWrites };
  /** RFC 3339. */
  now(): string;
}

/** What a plan is carried out for. */
interface Target {
  readonly key: string;
  /** As it was when it was planned. */
  readonly deployment: Deployment;
  readonly signal: AbortSignal;
}

/** Writes in the plan's order and records events. Stops at the first write that does not succeed. */
export async function writeChanges(writer: PlanWriter, target: Target, plan: DeploymentPlan): Promise<void> {
  for (const change of plan.changes) {
    const isDone =
      change.verb === "create"
        ? await create(writer, target, change.replicaSet)
        : await changeStored(writer, target, change);
    // What stands in the way is on its way to the caches, and the next plan will know of it.
    if (!isDone) return;
  }
  if (plan.deployment !== undefined) await writeStatus(writer, target, plan.deployment);
  if (plan.rollBack !== undefined) {
    const { deployment, event } = plan.rollBack;
    const written = await writer.client.update(deploymentKind, deployment, { signal: target.signal });
    writer.own.deployments.wrote(target.key, written);
    writer.events.record(target.deployment, event);
  }
}

/** Answers whether the ReplicaSet was created; not where one has its name, or where the namespace is terminating. */
async function create(writer: PlanWriter, target: Target, draft: Draft<ReplicaSet>): Promise<boolean> {
  const { client, events, own } = writer;
  const { key, deployment, signal } = target;
  if (writer.isEnding(deployment.metadata.namespace)) return false;
  try {
    const created = await client.create<ReplicaSet>(replicaSetKind, draft, { signal });
    own.replicaSets.wrote(key, created);
    if (created.spec.replicas > 0) events.record(deployment, scalingEvent(created, 0));
    return true;
  } catch (error) {
    if (isAlreadyExists(error)) await resolveCollision(writer, target, draft);
    else if (!isNamespaceTerminating(error)) await reportFailure(writer, target, { draft, error });
    return false;
  }
}

/** Either our caches do not have it yet, or the name belongs to another template: then another name is generated. */
async function resolveCollision(
  writer: PlanWriter,
  target: Target,
  { metadata: { name = "", namespace } = {} }: Draft<ReplicaSet>,
): Promise<void> {
  const { key, deployment, signal } = target;
  const found = await writer.client.get(replicaSetKind, { namespace, name }, { signal });
  const isOurs = controllerOf(found)?.uid === deployment.metadata.uid;
  if (isOurs && sameTemplate(found.spec.template, deployment.spec.template)) {
    writer.own.replicaSets.wrote(key, found);
  } else {
    await writeStatus(writer, target, withCollision(deployment));
  }
}

/**
 * Records an event, and a condition of the Deployment.
 *
 * @throws `error`, so that it is tried again.
 */
async function reportFailure(
  writer: PlanWriter,
  target: Target,
  { draft, error }: { readonly draft: Draft<ReplicaSet>; readonly error: unknown },
): Promise<never> {
  target.signal.throwIfAborted(); // Stopping is not a failure.
  const text = error instanceof Error ? error.message : String(error);
  const message = `Failed to create new replica set "${draft.metadata?.name}": ${text}`;
  writer.events.record(target.deployment, { type: "Warning", reason: "ReplicaSetCreateError", message });
  const failed = withCreateFailure(target.deployment, message, writer.now());
  // The error itself matters more than the failed write of its condition.
  if (failed !== target.deployment) await writeStatus(writer, target, failed).catch(() => {});
  throw error;
}

/** False: it is gone. */
async function changeStored(
  { client, events, own }: PlanWriter,
  { key, deployment, signal }: Target,
  change: Exclude<ReplicaSetChange, { verb: "create" }>,
): Promise<boolean> {
  const { namespace, name, uid, resourceVersion } = change.replicaSet.metadata;
  try {
    if (change.verb === "delete") {
      await client.delete(replicaSetKind, { namespace, name }, { preconditions: { uid, resourceVersion }, signal });
      return true;
    }
    const written = await client.update(replicaSetKind, change.replicaSet, { signal });
    own.replicaSets.wrote(key, written);
    const { replicas } = change.before.spec;
    if (written.spec.replicas !== replicas) events.record(deployment, scalingEvent(written, replicas));
    return true;
  } catch (error) {
    if (isNotFound(error)) return change.verb === "delete";
    throw error;
  }
}

function scalingEvent({ metadata, spec }: ReplicaSet, before: number) {
  const direction = spec.replicas > before ? "up" : "down";
  const message = `Scaled ${direction} replica set ${metadata.name} from ${before} to ${spec.replicas}`;
  return { type: "Normal", reason: "ScalingReplicaSet", message } as const;
}

async function writeStatus({ client, own }: PlanWriter, { key, signal }: Target, wanted: Deployment): Promise<void> {
  const written = await ifThere(client.update(deploymentKind, wanted, { subresource: "status", signal }));
  if (written !== undefined) own.deployments.wrote(key, written);
}
