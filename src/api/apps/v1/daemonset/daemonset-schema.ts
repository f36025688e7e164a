import { podTemplateSpecSchema } from "../../../core/v1/pod/pod-template.ts";
import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, oneOf, struct, t } from "../../../schema.ts";

export const rollingUpdateDaemonSetSchema = struct(
  "io.k8s.api.apps.v1.RollingUpdateDaemonSet",
  "How fast pods are replaced. Exactly one of the two is not 0.",
  {
    maxUnavailable: field(
      1,
      t.intOrString,
      "How many nodes may be without a pod meanwhile: a number, or a percentage of the nodes. Default 1.",
      { keepEmpty: true },
    ),
    maxSurge: field(
      2,
      t.intOrString,
      "How many nodes may have an old and a new pod meanwhile: a number, or a percentage of the nodes. Default 0.",
      { keepEmpty: true },
    ),
  },
);
export type RollingUpdateDaemonSet = Infer<typeof rollingUpdateDaemonSetSchema>;

export const daemonSetUpdateStrategySchema = struct(
  "io.k8s.api.apps.v1.DaemonSetUpdateStrategy",
  "How old pods make way for new ones.",
  {
    type: field(
      1,
      oneOf("OnDelete", "RollingUpdate"),
      "OnDelete replaces a pod when it is deleted; RollingUpdate replaces pods node by node.",
      { default: "RollingUpdate" },
    ),
    rollingUpdate: field(2, rollingUpdateDaemonSetSchema, "How fast, for RollingUpdate."),
  },
);
export type DaemonSetUpdateStrategy = Infer<typeof daemonSetUpdateStrategySchema>;

export const daemonSetSpecSchema = struct("io.k8s.api.apps.v1.DaemonSetSpec", "What a DaemonSet is to be.", {
  selector: field(1, labelSelectorSchema, "Labels of its pods; those of the template must be among them.", {
    required: true,
    keepEmpty: true,
  }),
  template: field(2, podTemplateSpecSchema, "What the pods are made from. They always restart.", { required: true }),
  updateStrategy: field(3, daemonSetUpdateStrategySchema, "What happens when the template changes.", { present: true }),
  minReadySeconds: field(4, t.int32, "How long a pod must be ready before it counts as available, in seconds."),
  revisionHistoryLimit: field(6, t.int32, "How many old versions of the template are kept to go back to.", {
    default: 10,
    keepEmpty: true,
  }),
});
export type DaemonSetSpec = Infer<typeof daemonSetSpecSchema>;

export const daemonSetConditionSchema = struct(
  "io.k8s.api.apps.v1.DaemonSetCondition",
  "Something that holds of a DaemonSet.",
  {
    type: field(1, t.string, "What the condition is about.", { required: true }),
    status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
    lastTransitionTime: field(3, t.time, "When the status last changed."),
    reason: field(4, t.string, "One word, in CamelCase, for programs."),
    message: field(5, t.string, "A sentence for people."),
  },
);
export type DaemonSetCondition = Infer<typeof daemonSetConditionSchema>;

export const daemonSetStatusSchema = struct(
  "io.k8s.api.apps.v1.DaemonSetStatus",
  "What was observed of a DaemonSet, in numbers of nodes.",
  {
    currentNumberScheduled: field(1, t.int32, "Nodes that run a pod and should.", { required: true }),
    numberMisscheduled: field(2, t.int32, "Nodes that run a pod and should not.", { required: true }),
    desiredNumberScheduled: field(3, t.int32, "Nodes that should run a pod.", { required: true }),
    numberReady: field(4, t.int32, "Nodes that should run a pod and have a ready one.", { required: true }),
    observedGeneration: field(5, t.int64, "Generation of the DaemonSet that this is about."),
    updatedNumberScheduled: field(6, t.int32, "Nodes whose pod is made from the current template."),
    numberAvailable: field(7, t.int32, "Nodes whose pod has been ready for minReadySeconds."),
    numberUnavailable: field(8, t.int32, "Nodes that should have an available pod and have none."),
    collisionCount: field(9, t.int32, "How often the name of a new revision was taken.", { keepEmpty: true }),
    conditions: field(
      10,
      list(daemonSetConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
      "The latest observations of the object's state. Each condition is True, False or Unknown.",
    ),
  },
);
export type DaemonSetStatus = Infer<typeof daemonSetStatusSchema>;

export const daemonSetSchema = struct("io.k8s.api.apps.v1.DaemonSet", "One pod on each node that matches.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  spec: field(2, daemonSetSpecSchema, "What is wanted.", { present: true }),
  status: field(3, daemonSetStatusSchema, "What was observed. Written by the system.", { present: true }),
});
export type DaemonSet = Infer<typeof daemonSetSchema>;
