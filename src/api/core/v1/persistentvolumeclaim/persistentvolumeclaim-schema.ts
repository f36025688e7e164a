import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, struct, t } from "../../../schema.ts";
import { persistentVolumeClaimSpecSchema } from "../pod/persistentvolumeclaim-spec.ts";

export const persistentVolumeClaimConditionSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeClaimCondition",
  "Something that holds of a claim.",
  {
    type: field(1, t.string, "What the condition is about.", { required: true }),
    status: field(2, t.string, "True, False or Unknown.", { required: true }),
    lastProbeTime: field(3, t.time, "When it was last looked at."),
    lastTransitionTime: field(4, t.time, "When the status last changed."),
    reason: field(5, t.string, "One word, in CamelCase, for programs."),
    message: field(6, t.string, "A sentence for people."),
  },
);
export type PersistentVolumeClaimCondition = Infer<typeof persistentVolumeClaimConditionSchema>;

export const modifyVolumeStatusSchema = struct(
  "io.k8s.api.core.v1.ModifyVolumeStatus",
  "How far a change of a volume's settings has come.",
  {
    targetVolumeAttributesClassName: field(1, t.string, "Sort of settings that the volume is to get."),
    status: field(2, t.string, "Pending, InProgress or Infeasible.", { required: true }),
  },
);
export type ModifyVolumeStatus = Infer<typeof modifyVolumeStatusSchema>;

export const persistentVolumeClaimStatusSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeClaimStatus",
  "What was found for a claim.",
  {
    phase: field(1, t.string, "Pending, Bound, or Lost when its volume is gone.", { default: "Pending" }),
    accessModes: field(2, list(t.string), "Who could use the volume at once, and how."),
    capacity: field(3, map(t.quantity), "How large the volume is."),
    conditions: field(
      4,
      list(persistentVolumeClaimConditionSchema, {
        listType: "map",
        mapKeys: ["type"],
        mergeKey: "type",
        patchStrategy: "merge",
      }),
      "The latest observations of the object's state. Each condition is True, False or Unknown.",
    ),
    allocatedResources: field(5, map(t.quantity), "How large the volume is being made."),
    allocatedResourceStatuses: field(7, map(t.string), "How far making it larger has come, by resource."),
    currentVolumeAttributesClassName: field(8, t.string, "Sort of settings that the volume has.", { keepEmpty: true }),
    modifyVolumeStatus: field(9, modifyVolumeStatusSchema, "How far a change of its settings has come."),
  },
);
export type PersistentVolumeClaimStatus = Infer<typeof persistentVolumeClaimStatusSchema>;

export const persistentVolumeClaimSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeClaim",
  "A wish for storage, and the volume that was found for it.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, persistentVolumeClaimSpecSchema, "What is wanted.", { present: true }),
    status: field(3, persistentVolumeClaimStatusSchema, "What was observed. Written by the system.", {
      present: true,
    }),
  },
);
export type PersistentVolumeClaim = Infer<typeof persistentVolumeClaimSchema>;
