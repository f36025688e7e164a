import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, oneOf, struct, t } from "../../../schema.ts";

export const nodeSelectorRequirementSchema = struct("io.k8s.api.core.v1.NodeSelectorRequirement", "", {
  key: field(1, t.string, "", { required: true }),
  operator: field(2, oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"), "", { required: true }),
  values: field(3, list(t.string), ""),
});
export type NodeSelectorRequirement = Infer<typeof nodeSelectorRequirementSchema>;

export const nodeSelectorTermSchema = struct(
  "io.k8s.api.core.v1.NodeSelectorTerm",
  "",
  {
    matchExpressions: field(1, list(nodeSelectorRequirementSchema), ""),
    matchFields: field(2, list(nodeSelectorRequirementSchema), ""),
  },
  { atomic: true },
);
export type NodeSelectorTerm = Infer<typeof nodeSelectorTermSchema>;

export const nodeSelectorSchema = struct(
  "io.k8s.api.core.v1.NodeSelector",
  "",
  {
    nodeSelectorTerms: field(1, list(nodeSelectorTermSchema), "", { required: true }),
  },
  { atomic: true },
);
export type NodeSelector = Infer<typeof nodeSelectorSchema>;

export const preferredSchedulingTermSchema = struct("io.k8s.api.core.v1.PreferredSchedulingTerm", "", {
  weight: field(1, t.int32, "", { required: true }),
  preference: field(2, nodeSelectorTermSchema, "", { required: true }),
});
export type PreferredSchedulingTerm = Infer<typeof preferredSchedulingTermSchema>;

export const nodeAffinitySchema = struct("io.k8s.api.core.v1.NodeAffinity", "", {
  requiredDuringSchedulingIgnoredDuringExecution: field(1, nodeSelectorSchema, ""),
  preferredDuringSchedulingIgnoredDuringExecution: field(2, list(preferredSchedulingTermSchema), ""),
});
export type NodeAffinity = Infer<typeof nodeAffinitySchema>;

export const podAffinityTermSchema = struct("io.k8s.api.core.v1.PodAffinityTerm", "", {
  labelSelector: field(1, labelSelectorSchema, ""),
  namespaces: field(2, list(t.string), ""),
  topologyKey: field(3, t.string, "", { required: true }),
  namespaceSelector: field(4, labelSelectorSchema, ""),
  matchLabelKeys: field(5, list(t.string), ""),
  mismatchLabelKeys: field(6, list(t.string), ""),
});
export type PodAffinityTerm = Infer<typeof podAffinityTermSchema>;

export const weightedPodAffinityTermSchema = struct("io.k8s.api.core.v1.WeightedPodAffinityTerm", "", {
  weight: field(1, t.int32, "", { required: true }),
  podAffinityTerm: field(2, podAffinityTermSchema, "", { required: true }),
});
export type WeightedPodAffinityTerm = Infer<typeof weightedPodAffinityTermSchema>;

export const podAffinitySchema = struct("io.k8s.api.core.v1.PodAffinity", "", {
  requiredDuringSchedulingIgnoredDuringExecution: field(1, list(podAffinityTermSchema), ""),
  preferredDuringSchedulingIgnoredDuringExecution: field(2, list(weightedPodAffinityTermSchema), ""),
});
export type PodAffinity = Infer<typeof podAffinitySchema>;

export const podAntiAffinitySchema = struct("io.k8s.api.core.v1.PodAntiAffinity", "", {
  requiredDuringSchedulingIgnoredDuringExecution: field(1, list(podAffinityTermSchema), ""),
  preferredDuringSchedulingIgnoredDuringExecution: field(2, list(weightedPodAffinityTermSchema), ""),
});
export type PodAntiAffinity = Infer<typeof podAntiAffinitySchema>;

export const affinitySchema = struct("io.k8s.api.core.v1.Affinity", "", {
  nodeAffinity: field(1, nodeAffinitySchema, ""),
  podAffinity: field(2, podAffinitySchema, ""),
  podAntiAffinity: field(3, podAntiAffinitySchema, ""),
});
export type Affinity = Infer<typeof affinitySchema>;

export const tolerationSchema = struct("io.k8s.api.core.v1.Toleration", "", {
  key: field(1, t.string, ""),
  operator: field(2, oneOf("Exists", "Equal", "Lt", "Gt"), ""),
  value: field(3, t.string, ""),
  effect: field(4, oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"), ""),
  tolerationSeconds: field(5, t.int64, "", { keepEmpty: true }),
});
export type Toleration = Infer<typeof tolerationSchema>;

export const topologySpreadConstraintSchema = struct("io.k8s.api.core.v1.TopologySpreadConstraint", "", {
  maxSkew: field(1, t.int32, "", { required: true }),
  topologyKey: field(2, t.string, "", { required: true }),
  whenUnsatisfiable: field(3, oneOf("DoNotSchedule", "ScheduleAnyway"), "", { required: true }),
  labelSelector: field(4, labelSelectorSchema, ""),
  minDomains: field(5, t.int32, "", { keepEmpty: true }),
  nodeAffinityPolicy: field(6, t.string, "", { keepEmpty: true }),
  nodeTaintsPolicy: field(7, t.string, "", { keepEmpty: true }),
  matchLabelKeys: field(8, list(t.string), ""),
});
export type TopologySpreadConstraint = Infer<typeof topologySpreadConstraintSchema>;
