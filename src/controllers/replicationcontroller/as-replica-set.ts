import type { ReplicaSet, ReplicaSetStatus } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { PodTemplateSpec } from "@fairlead/api/core/v1/pod/pod-template";
import type { ReplicationController } from "@fairlead/api/core/v1/replicationcontroller/replicationcontroller";

/** The ReplicationController with a ReplicaSet's fields; name, uid and kind are its own. */
export function asReplicaSet(object: ReplicationController): ReplicaSet {
  const { selector = {}, template, ...spec } = object.spec;
  return {
    ...object,
    // The API server lets none in without a template.
    spec: { ...spec, selector: { matchLabels: selector }, template: template as PodTemplateSpec },
  };
}

/** The ReplicationController with what was counted. It has no field for pods that are ending. */
export function withStatus(object: ReplicationController, status: ReplicaSetStatus): ReplicationController {
  const { terminatingReplicas: _, ...counted } = status;
  return { ...object, status: counted };
}
