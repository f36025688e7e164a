import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { persistentVolumeClaimColumns } from "./persistentvolumeclaim-columns.ts";
import type { PersistentVolumeClaim } from "./persistentvolumeclaim-schema.ts";
import { persistentVolumeClaimSchema } from "./persistentvolumeclaim-schema.ts";
import { persistentVolumeClaimWarnings } from "./persistentvolumeclaim-warnings.ts";
import { validatePersistentVolumeClaim } from "./validate-persistentvolumeclaim.ts";

export type * from "./persistentvolumeclaim-schema.ts";

export const persistentVolumeClaimKind = defineKind<PersistentVolumeClaim>({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  shortNames: ["pvc"],
  namespaced: true,
  schema: persistentVolumeClaimSchema,
  columns: persistentVolumeClaimColumns,
  validate: validatePersistentVolumeClaim,
  warnings: (claim, _previous, subresource) => (subresource === "" ? persistentVolumeClaimWarnings(claim) : []),
  validateName: dnsSubdomainProblems,
});
