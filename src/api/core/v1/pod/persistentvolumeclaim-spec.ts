import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, struct, t } from "../../../schema.ts";
import { typedLocalObjectReferenceSchema, typedObjectReferenceSchema } from "../references.ts";

export const volumeResourceRequirementsSchema = struct(
  "io.k8s.api.core.v1.VolumeResourceRequirements",
  "How large a volume is to be.",
  {
    limits: field(1, map(t.quantity), "The most that may be used, by resource."),
    requests: field(2, map(t.quantity), "What is set aside at least, by resource."),
  },
);
export type VolumeResourceRequirements = Infer<typeof volumeResourceRequirementsSchema>;

export const persistentVolumeClaimSpecSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeClaimSpec",
  "What storage is wanted.",
  {
    accessModes: field(1, list(t.string), "Who may use it at once, and how."),
    selector: field(4, labelSelectorSchema, "Which volumes come into question."),
    resources: field(2, volumeResourceRequirementsSchema, "How large it is to be.", { present: true }),
    volumeName: field(3, t.string, "Volume that was found."),
    storageClassName: field(5, t.string, "Sort of storage; empty for a volume without one.", { keepEmpty: true }),
    volumeMode: field(6, t.string, "Filesystem or Block.", { default: "Filesystem", keepEmpty: true }),
    dataSource: field(7, typedLocalObjectReferenceSchema, "What it is filled with at first."),
    dataSourceRef: field(8, typedObjectReferenceSchema, "The same, of any kind and from any namespace."),
    volumeAttributesClassName: field(9, t.string, "Sort of settings of the volume.", { keepEmpty: true }),
  },
);
export type PersistentVolumeClaimSpec = Infer<typeof persistentVolumeClaimSpecSchema>;
