import { apiTime } from "@fairlead/api/api-time";
import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { complete } from "@fairlead/api/complete.testing";
import type { Draft } from "@fairlead/api/schema";
import { controllerReference } from "../ownership/claim.ts";
import { type DeploymentPlan, planDeployment, type ReplicaSetChange } from "./plan.ts";
import { POD_TEMPLATE_HASH } from "./replicasets/template.ts";

/** When the tests' Deployments were made. */
export const START_MS = Date.parse("2026-01-01T00:00:00Z");

/** What a test says about a Deployment. */
export interface DeploymentTraits {
  /** Default 3. */
  readonly replicas?: number;
  /** Tells templates from one another. Default `v1`. */
  readonly image?: string;
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
  readonly recreate?: boolean;
  readonly paused?: boolean;
  readonly minReadySeconds?: number;
  readonly progressDeadlineSeconds?: number;
  readonly revisionHistoryLimit?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deleted?: boolean;
  readonly status?: Draft<Deployment["status"]>;
}

/** The Deployment `web`, a rolling one of three pods, but for what `traits` says. */
export function deployment(traits: DeploymentTraits = {}): Deployment {
  const { replicas = 3, maxSurge = 1, maxUnavailable = 0, annotations, paused, status } = traits;
  const { minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit } = traits;
  const deleted = traits.deleted === true ? { deletionTimestamp: apiTime(START_MS) } : {};
  return complete(deploymentKind, {
    metadata: {
      name: "web",
      namespace: "team",
      uid: "d",
      generation: 1,
      ...(annotations && { annotations }),
      ...deleted,
    },
    spec: {
      ...{ replicas, minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit, paused },
      selector: { matchLabels: { app: "web" } },
      template: template(traits.image),
      strategy:
        traits.recreate === true
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
    },
    status: { observedGeneration: 1, ...status },
  });
}

/** What a test says about a ReplicaSet. */
export interface ReplicaSetTraits {
  /** Default: as the image. */
  readonly name?: string;
  readonly image?: string;
  readonly replicas: number;
  /** How many pods there are. Default: as wanted. */
  readonly actual?: number;
  /** How many of them are available. Default: all. */
  readonly available?: number;
  /** Default 1. */
  readonly revision?: number | string;
  /** Size of the Deployment, and its most pods, when it was scaled last. Default 3 and 4. */
  readonly desired?: number;
  readonly max?: number;
  /** Seconds after the Deployment. Default: as the revision. */
  readonly age?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly minReadySeconds?: number;
  readonly terminating?: number;
  readonly failure?: string;
  readonly unobserved?: boolean;
  /** It was changed after its status was written. */
  readonly changed?: boolean;
  readonly deleted?: boolean;
}

/** A ReplicaSet of {@link deployment}, all of whose pods are available, but for what `traits` says. */
export function replicaSet(traits: ReplicaSetTraits): ReplicaSet {
  const { image = "v1", name = image, replicas, revision = 1, minReadySeconds } = traits;
  const { actual = replicas, available = actual, desired = 3, max = 4, age = Number(revision) } = traits;
  const labels = { app: "web", [POD_TEMPLATE_HASH]: name };
  const { metadata, spec } = template(image);
  return complete(replicaSetKind, {
    metadata: {
      ...{ name, namespace: "team", uid: `rs-${name}`, labels, generation: traits.changed === true ? 2 : 1 },
      creationTimestamp: apiTime(START_MS + age * 1000),
      ownerReferences: [controllerReference(deployment())],
      annotations: {
        "deployment.kubernetes.io/revision": String(revision),
        "deployment.kubernetes.io/desired-replicas": String(desired),
        "deployment.kubernetes.io/max-replicas": String(max),
        ...traits.annotations,
      },
      ...(traits.deleted === true && { deletionTimestamp: apiTime(START_MS) }),
    },
    spec: {
      ...{ replicas, minReadySeconds, selector: { matchLabels: labels } },
      template: { metadata: { ...metadata, labels }, spec },
    },
    status: {
      ...{ replicas: actual, readyReplicas: available, availableReplicas: available },
      terminatingReplicas: traits.terminating ?? 0,
      observedGeneration: traits.unobserved === true ? 0 : 1,
      ...(traits.failure !== undefined && {
        conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: traits.failure }],
      }),
    },
  });
}

function template(image = "v1") {
  return { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image }] } };
}

/** A plan's changes as sentences: `create 3`, `v1: 3 -> 2`, `v1: annotated`, `delete v1`. */
export function said(plan: DeploymentPlan): string[] {
  return plan.changes.map(sentence);
}

function sentence(change: ReplicaSetChange): string {
  if (change.verb === "create") return `create ${change.replicaSet.spec?.replicas}`;
  const { metadata, spec } = change.replicaSet;
  if (change.verb === "delete") return `delete ${metadata.name}`;
  const { replicas } = change.before.spec;
  return `${metadata.name}: ${replicas === spec.replicas ? "annotated" : `${replicas} -> ${spec.replicas}`}`;
}

/** Plans a minute after the start. */
export function planned(of: Deployment, replicaSets: readonly ReplicaSet[], nowMs = START_MS + 60_000): DeploymentPlan {
  return planDeployment({ deployment: of, replicaSets, pods: [], nowMs });
}
