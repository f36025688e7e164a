import { podTemplateSpecSchema } from "../../../core/v1/pod/pod-template.ts";
import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, oneOf, struct, t } from "../../../schema.ts";

export const replicaSetSpecSchema = struct("io.k8s.api.apps.v1.ReplicaSetSpec", "What a ReplicaSet is to be.", {
  replicas: field(1, t.int32, "How many pods are wanted.", { default: 1, keepEmpty: true }),
  minReadySeconds: field(4, t.int32, "How long a pod must be ready before it counts as available, in seconds."),
  selector: field(2, labelSelectorSchema, "Labels of its pods; those of the template must be among them.", {
    required: true,
    keepEmpty: true,
  }),
  template: field(3, podTemplateSpecSchema, "What the pods are made from. They always restart.", { present: true }),
});
export type ReplicaSetSpec = Infer<typeof replicaSetSpecSchema>;

export const replicaSetConditionSchema = struct(
  "io.k8s.api.apps.v1.ReplicaSetCondition",
  "Something that holds of a ReplicaSet.",
  {
    type: field(1, t.string, "What the condition is about: ReplicaFailure.", { required: true }),
    status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
    lastTransitionTime: field(3, t.time, "When the status last changed."),
    reason: field(4, t.string, "One word, in CamelCase, for programs."),
    message: field(5, t.string, "A sentence for people."),
  },
);
export type ReplicaSetCondition = Infer<typeof replicaSetConditionSchema>;

export const replicaSetStatusSchema = struct(
  "io.k8s.api.apps.v1.ReplicaSetStatus",
  "What was observed of a ReplicaSet. Pods that are ending do not count, but in terminatingReplicas.",
  {
    replicas: field(1, t.int32, "How many pods there are.", { required: true }),
    fullyLabeledReplicas: field(2, t.int32, "How many of them have the labels of the template."),
    readyReplicas: field(4, t.int32, "How many of them are ready."),
    availableReplicas: field(5, t.int32, "How many of them have been ready for minReadySeconds."),
    terminatingReplicas: field(7, t.int32, "How many pods are ending.", { keepEmpty: true }),
    observedGeneration: field(3, t.int64, "Generation of the ReplicaSet that this is about."),
    conditions: field(
      6,
      list(replicaSetConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
      "The latest observations of the object's state. Each condition is True, False or Unknown.",
    ),
  },
);
export type ReplicaSetStatus = Infer<typeof replicaSetStatusSchema>;

export const replicaSetSchema = struct(
  "io.k8s.api.apps.v1.ReplicaSet",
  "A number of pods that are alike. A Deployment makes one for each version of its template.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, replicaSetSpecSchema, "What is wanted.", { present: true }),
    status: field(3, replicaSetStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type ReplicaSet = Infer<typeof replicaSetSchema>;
