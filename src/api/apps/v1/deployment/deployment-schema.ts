import { podTemplateSpecSchema } from "../../../core/v1/pod/pod-template.ts";
import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, oneOf, struct, t } from "../../../schema.ts";

export const rollingUpdateDeploymentSchema = struct(
  "io.k8s.api.apps.v1.RollingUpdateDeployment",
  "How fast pods are replaced. The two cannot both be 0.",
  {
    maxUnavailable: field(
      1,
      t.intOrString,
      "How many pods may be missing meanwhile: a number, or a percentage of replicas, rounded down. Default 25%.",
      { keepEmpty: true },
    ),
    maxSurge: field(
      2,
      t.intOrString,
      "How many pods there may be above replicas meanwhile: a number, or a percentage, rounded up. Default 25%.",
      { keepEmpty: true },
    ),
  },
);
export type RollingUpdateDeployment = Infer<typeof rollingUpdateDeploymentSchema>;

export const deploymentStrategySchema = struct(
  "io.k8s.api.apps.v1.DeploymentStrategy",
  "How old pods make way for new ones.",
  {
    type: field(
      1,
      oneOf("Recreate", "RollingUpdate"),
      "Recreate removes all old pods first; RollingUpdate replaces them bit by bit.",
      { default: "RollingUpdate" },
    ),
    rollingUpdate: field(2, rollingUpdateDeploymentSchema, "How fast, for RollingUpdate."),
  },
);
export type DeploymentStrategy = Infer<typeof deploymentStrategySchema>;

export const deploymentSpecSchema = struct("io.k8s.api.apps.v1.DeploymentSpec", "What a Deployment is to be.", {
  replicas: field(1, t.int32, "How many pods are wanted.", { default: 1, keepEmpty: true }),
  selector: field(2, labelSelectorSchema, "Labels of its pods; those of the template must be among them.", {
    required: true,
    keepEmpty: true,
  }),
  template: field(3, podTemplateSpecSchema, "What the pods are made from. They always restart.", { required: true }),
  strategy: field(4, deploymentStrategySchema, "What happens when the template changes.", {
    present: true,
    patchStrategy: "retainKeys",
  }),
  minReadySeconds: field(5, t.int32, "How long a pod must be ready before it counts as available, in seconds."),
  revisionHistoryLimit: field(6, t.int32, "How many old ReplicaSets are kept to go back to.", {
    default: 10,
    keepEmpty: true,
  }),
  paused: field(7, t.bool, "Whether changes of the template are not rolled out for now."),
  progressDeadlineSeconds: field(
    9,
    t.int32,
    "How long the Deployment may make no progress before it is said to have failed, in seconds.",
    { default: 600, keepEmpty: true },
  ),
});
export type DeploymentSpec = Infer<typeof deploymentSpecSchema>;

export const deploymentConditionSchema = struct(
  "io.k8s.api.apps.v1.DeploymentCondition",
  "Something that holds of a Deployment.",
  {
    type: field(1, t.string, "What the condition is about: Available, Progressing or ReplicaFailure.", {
      required: true,
    }),
    status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
    lastUpdateTime: field(6, t.time, "When the condition was last written."),
    lastTransitionTime: field(7, t.time, "When the status last changed."),
    reason: field(4, t.string, "One word, in CamelCase, for programs."),
    message: field(5, t.string, "A sentence for people."),
  },
);
export type DeploymentCondition = Infer<typeof deploymentConditionSchema>;

export const deploymentStatusSchema = struct(
  "io.k8s.api.apps.v1.DeploymentStatus",
  "What was observed of a Deployment. Pods that are ending do not count, but in terminatingReplicas.",
  {
    observedGeneration: field(1, t.int64, "Generation of the Deployment that this is about."),
    replicas: field(2, t.int32, "How many pods there are."),
    updatedReplicas: field(3, t.int32, "How many of them are made from the current template."),
    readyReplicas: field(7, t.int32, "How many of them are ready."),
    availableReplicas: field(4, t.int32, "How many of them have been ready for minReadySeconds."),
    unavailableReplicas: field(5, t.int32, "How many available pods are missing."),
    terminatingReplicas: field(9, t.int32, "How many pods are ending.", { keepEmpty: true }),
    conditions: field(
      6,
      list(deploymentConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
      "The latest observations of the object's state. Each condition is True, False or Unknown.",
    ),
    collisionCount: field(8, t.int32, "How often the name of a new ReplicaSet was taken.", { keepEmpty: true }),
  },
);
export type DeploymentStatus = Infer<typeof deploymentStatusSchema>;

export const deploymentSchema = struct(
  "io.k8s.api.apps.v1.Deployment",
  "A number of pods that are alike, and how changes of them are rolled out.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, deploymentSpecSchema, "What is wanted.", { present: true }),
    status: field(3, deploymentStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type Deployment = Infer<typeof deploymentSchema>;
