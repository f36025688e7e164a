import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";
import { podTemplateSpecSchema } from "../pod/pod-template.ts";

export const replicationControllerSpecSchema = struct(
  "io.k8s.api.core.v1.ReplicationControllerSpec",
  "What a ReplicationController is to be.",
  {
    replicas: field(1, t.int32, "How many pods are wanted.", { default: 1, keepEmpty: true }),
    minReadySeconds: field(4, t.int32, "How long a pod must be ready before it counts as available, in seconds."),
    selector: field(
      2,
      map(t.string, { atomic: true }),
      "Labels of its pods; those of the template must be among them. Default: the labels of the template.",
    ),
    template: field(3, podTemplateSpecSchema, "What the pods are made from. They always restart."),
  },
);
export type ReplicationControllerSpec = Infer<typeof replicationControllerSpecSchema>;

export const replicationControllerConditionSchema = struct(
  "io.k8s.api.core.v1.ReplicationControllerCondition",
  "Something that holds of a ReplicationController.",
  {
    type: field(1, t.string, "What the condition is about: ReplicaFailure.", { required: true }),
    status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
    lastTransitionTime: field(3, t.time, "When the status last changed."),
    reason: field(4, t.string, "One word, in CamelCase, for programs."),
    message: field(5, t.string, "A sentence for people."),
  },
);
export type ReplicationControllerCondition = Infer<typeof replicationControllerConditionSchema>;

export const replicationControllerStatusSchema = struct(
  "io.k8s.api.core.v1.ReplicationControllerStatus",
  "What was observed of a ReplicationController.",
  {
    replicas: field(1, t.int32, "How many pods there are.", { required: true }),
    fullyLabeledReplicas: field(2, t.int32, "How many of them have the labels of the template."),
    readyReplicas: field(4, t.int32, "How many of them are ready."),
    availableReplicas: field(5, t.int32, "How many of them have been ready for minReadySeconds."),
    observedGeneration: field(3, t.int64, "Generation of the ReplicationController that this is about."),
    conditions: field(
      6,
      list(replicationControllerConditionSchema, {
        listType: "map",
        mapKeys: ["type"],
        mergeKey: "type",
        patchStrategy: "merge",
      }),
      "The latest observations of the object's state. Each condition is True, False or Unknown.",
    ),
  },
);
export type ReplicationControllerStatus = Infer<typeof replicationControllerStatusSchema>;

export const replicationControllerSchema = struct(
  "io.k8s.api.core.v1.ReplicationController",
  "A number of pods that are alike: what ReplicaSets and Deployments have replaced.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, replicationControllerSpecSchema, "What is wanted.", { present: true }),
    status: field(3, replicationControllerStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type ReplicationController = Infer<typeof replicationControllerSchema>;
