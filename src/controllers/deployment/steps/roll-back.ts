import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { RecordedEvent } from "@fairlead/client/events/event-recorder";
import { parseInt64 } from "@fairlead/lib/int64";
import { annotationsOf, ROLLBACK_TO, revisionOf } from "../replicasets/annotations.ts";
import { allOf } from "../replicasets/replica-sets.ts";
import { sameTemplate, withoutHash } from "../replicasets/template.ts";
import type { Rollout } from "./rollout.ts";

/** What comes of being asked to roll back: the Deployment without the request, and the event about it. */
export interface RollBack {
  readonly deployment: Deployment;
  readonly event: RecordedEvent;
}

/**
 * Answers the request of the API groups before `apps/v1`, which an annotation carries: the template and annotations of
 * an earlier revision come back; 0 stands for the last one. `undefined` without a request, or when it is no number.
 *
 * `kubectl rollout undo` writes the template itself and does not need this.
 */
export function rollBack(rollout: Rollout): RollBack | undefined {
  const { deployment } = rollout;
  const asked = deployment.metadata.annotations?.[ROLLBACK_TO] ?? "";
  const askedRevision = parseInt64(asked);
  if (askedRevision === undefined) return undefined;
  const all = allOf(rollout);
  const revision = askedRevision === 0n ? lastRevision(all) : askedRevision;
  if (revision === 0n)
    return refused(deployment, "DeploymentRollbackRevisionNotFound", "Unable to find last revision.");
  const target = all.find((replicaSet) => revisionOf(replicaSet) === revision);
  if (target === undefined) {
    return refused(deployment, "DeploymentRollbackRevisionNotFound", "Unable to find the revision to rollback to.");
  }
  const { name } = deployment.metadata;
  if (sameTemplate(target.spec.template, deployment.spec.template)) {
    const message = `The rollback revision contains the same template as current deployment "${name}"`;
    return refused(deployment, "DeploymentRollbackTemplateUnchanged", message);
  }
  const message = `Rolled back deployment "${name}" to revision ${revision}`;
  return {
    deployment: answered({
      ...deployment,
      metadata: { ...deployment.metadata, annotations: annotationsOf(deployment, target) },
      spec: { ...deployment.spec, template: withoutHash(target.spec.template) },
    }),
    event: { type: "Normal", reason: "DeploymentRollback", message },
  };
}

/** The highest revision but one; 0 when there is none above it, as upstream's `LastRevision`. */
function lastRevision(all: readonly ReplicaSet[]): bigint {
  const revisions = all.flatMap((replicaSet) => revisionOf(replicaSet) ?? []);
  return [...revisions, 0n, 0n].sort((a, b) => (a < b ? 1 : -1))[1] ?? 0n;
}

function refused(deployment: Deployment, reason: string, message: string): RollBack {
  return { deployment: answered(deployment), event: { type: "Warning", reason, message } };
}

function answered(deployment: Deployment): Deployment {
  const { [ROLLBACK_TO]: _, ...annotations } = deployment.metadata.annotations ?? {};
  return { ...deployment, metadata: { ...deployment.metadata, annotations } };
}
