import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, struct, t } from "../../../schema.ts";
import { typedLocalObjectReferenceSchema, typedObjectReferenceSchema } from "../references.ts";

export const volumeResourceRequirementsSchema = struct("io.k8s.api.core.v1.VolumeResourceRequirements", "", {
  limits: field(1, map(t.quantity), ""),
  requests: field(2, map(t.quantity), ""),
});
export type VolumeResourceRequirements = Infer<typeof volumeResourceRequirementsSchema>;

export const persistentVolumeClaimSpecSchema = struct("io.k8s.api.core.v1.PersistentVolumeClaimSpec", "", {
  accessModes: field(1, list(t.string), ""),
  selector: field(4, labelSelectorSchema, ""),
  resources: field(2, volumeResourceRequirementsSchema, ""),
  volumeName: field(3, t.string, ""),
  storageClassName: field(5, t.string, "", { keepEmpty: true }),
  volumeMode: field(6, t.string, "", { keepEmpty: true }),
  dataSource: field(7, typedLocalObjectReferenceSchema, ""),
  dataSourceRef: field(8, typedObjectReferenceSchema, ""),
  volumeAttributesClassName: field(9, t.string, "", { keepEmpty: true }),
});
export type PersistentVolumeClaimSpec = Infer<typeof persistentVolumeClaimSpecSchema>;
