import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, oneOf, struct, t } from "../../../schema.ts";

export const nodeSelectorRequirementSchema = struct(
  "io.k8s.api.core.v1.NodeSelectorRequirement",
  "One condition on a node.",
  {
    key: field(1, t.string, "Label or field in question.", { required: true }),
    operator: field(
      2,
      oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
      "In, NotIn, Exists, DoesNotExist, Gt or Lt.",
      { required: true },
    ),
    values: field(
      3,
      list(t.string),
      "What to compare with; none for Exists and DoesNotExist, one number for Gt and Lt.",
    ),
  },
);
export type NodeSelectorRequirement = Infer<typeof nodeSelectorRequirementSchema>;

export const nodeSelectorTermSchema = struct(
  "io.k8s.api.core.v1.NodeSelectorTerm",
  "Conditions that must all hold.",
  {
    matchExpressions: field(1, list(nodeSelectorRequirementSchema), "Conditions on labels."),
    matchFields: field(2, list(nodeSelectorRequirementSchema), "Conditions on fields; the only one is metadata.name."),
  },
  { atomic: true },
);
export type NodeSelectorTerm = Infer<typeof nodeSelectorTermSchema>;

export const nodeSelectorSchema = struct(
  "io.k8s.api.core.v1.NodeSelector",
  "Nodes for which at least one term holds.",
  {
    nodeSelectorTerms: field(1, list(nodeSelectorTermSchema), "The terms.", { required: true }),
  },
  { atomic: true },
);
export type NodeSelector = Infer<typeof nodeSelectorSchema>;

export const preferredSchedulingTermSchema = struct(
  "io.k8s.api.core.v1.PreferredSchedulingTerm",
  "A wish about nodes.",
  {
    weight: field(1, t.int32, "How strong the wish is, 1 to 100.", { required: true }),
    preference: field(2, nodeSelectorTermSchema, "Which nodes are wished for.", { required: true }),
  },
);
export type PreferredSchedulingTerm = Infer<typeof preferredSchedulingTermSchema>;

export const nodeAffinitySchema = struct(
  "io.k8s.api.core.v1.NodeAffinity",
  "Which nodes a pod may or would like to be on.",
  {
    requiredDuringSchedulingIgnoredDuringExecution: field(
      1,
      nodeSelectorSchema,
      "Nodes it may be put on; later changes do not move it.",
    ),
    preferredDuringSchedulingIgnoredDuringExecution: field(
      2,
      list(preferredSchedulingTermSchema),
      "Nodes it would like to be put on.",
    ),
  },
);
export type NodeAffinity = Infer<typeof nodeAffinitySchema>;

export const podAffinityTermSchema = struct("io.k8s.api.core.v1.PodAffinityTerm", "Other pods, and how near is near.", {
  labelSelector: field(1, labelSelectorSchema, "Which labels to look for."),
  namespaces: field(
    2,
    list(t.string),
    "Namespaces to look for them in; the pod's own when there is no selector either.",
  ),
  topologyKey: field(3, t.string, "Label of nodes; nodes with the same value count as one place.", { required: true }),
  namespaceSelector: field(4, labelSelectorSchema, "Namespaces to look for them in, by label."),
  matchLabelKeys: field(5, list(t.string), "Labels in which the other pods must be like this one."),
  mismatchLabelKeys: field(6, list(t.string), "Labels in which the other pods must not be like this one."),
});
export type PodAffinityTerm = Infer<typeof podAffinityTermSchema>;

export const weightedPodAffinityTermSchema = struct(
  "io.k8s.api.core.v1.WeightedPodAffinityTerm",
  "A wish about other pods.",
  {
    weight: field(1, t.int32, "How strong the wish is, 1 to 100.", { required: true }),
    podAffinityTerm: field(2, podAffinityTermSchema, "Which pods it is about.", { required: true }),
  },
);
export type WeightedPodAffinityTerm = Infer<typeof weightedPodAffinityTermSchema>;

export const podAffinitySchema = struct("io.k8s.api.core.v1.PodAffinity", "Pods to be near.", {
  requiredDuringSchedulingIgnoredDuringExecution: field(
    1,
    list(podAffinityTermSchema),
    "Pods it must be near when it is placed.",
  ),
  preferredDuringSchedulingIgnoredDuringExecution: field(
    2,
    list(weightedPodAffinityTermSchema),
    "Pods it would like to be near.",
  ),
});
export type PodAffinity = Infer<typeof podAffinitySchema>;

export const podAntiAffinitySchema = struct("io.k8s.api.core.v1.PodAntiAffinity", "Pods to be away from.", {
  requiredDuringSchedulingIgnoredDuringExecution: field(
    1,
    list(podAffinityTermSchema),
    "Pods it must be away from when it is placed.",
  ),
  preferredDuringSchedulingIgnoredDuringExecution: field(
    2,
    list(weightedPodAffinityTermSchema),
    "Pods it would like to be away from.",
  ),
});
export type PodAntiAffinity = Infer<typeof podAntiAffinitySchema>;

export const affinitySchema = struct("io.k8s.api.core.v1.Affinity", "Where a pod wants to be.", {
  nodeAffinity: field(1, nodeAffinitySchema, "Which nodes it wants."),
  podAffinity: field(2, podAffinitySchema, "Which pods it wants to be near."),
  podAntiAffinity: field(3, podAntiAffinitySchema, "Which pods it wants to be away from."),
});
export type Affinity = Infer<typeof affinitySchema>;

export const tolerationSchema = struct("io.k8s.api.core.v1.Toleration", "A taint that does not keep the pod away.", {
  key: field(1, t.string, "Taint in question; empty, with Exists, for every taint."),
  operator: field(2, oneOf("Exists", "Equal", "Lt", "Gt"), "Exists for any value, Equal for this one."),
  value: field(3, t.string, "Value of the taint."),
  effect: field(
    4,
    oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"),
    "Effect of the taint; empty for every effect.",
  ),
  tolerationSeconds: field(
    5,
    t.int64,
    "How long the pod stays on a node after a NoExecute taint came; for ever when absent.",
    { keepEmpty: true },
  ),
});
export type Toleration = Infer<typeof tolerationSchema>;

export const topologySpreadConstraintSchema = struct(
  "io.k8s.api.core.v1.TopologySpreadConstraint",
  "How evenly pods are spread over places.",
  {
    maxSkew: field(1, t.int32, "How many more pods one place may have than another.", { required: true }),
    topologyKey: field(2, t.string, "Label of nodes; nodes with the same value count as one place.", {
      required: true,
    }),
    whenUnsatisfiable: field(
      3,
      oneOf("DoNotSchedule", "ScheduleAnyway"),
      "What to do when it cannot be: DoNotSchedule or ScheduleAnyway.",
      { required: true },
    ),
    labelSelector: field(4, labelSelectorSchema, "Which labels to look for."),
    minDomains: field(5, t.int32, "How many places there should be at least.", { keepEmpty: true }),
    nodeAffinityPolicy: field(6, t.string, "Whether only nodes that the pod may be on count: Honor or Ignore.", {
      keepEmpty: true,
    }),
    nodeTaintsPolicy: field(7, t.string, "Whether only nodes that the pod tolerates count: Honor or Ignore.", {
      keepEmpty: true,
    }),
    matchLabelKeys: field(8, list(t.string), "Labels in which pods must be alike to be counted together."),
  },
);
export type TopologySpreadConstraint = Infer<typeof topologySpreadConstraintSchema>;
