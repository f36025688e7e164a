import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { persistentVolumeColumns } from "./persistentvolume-columns.ts";
import type { PersistentVolume } from "./persistentvolume-schema.ts";
import { persistentVolumeSchema } from "./persistentvolume-schema.ts";
import { persistentVolumeWarnings } from "./persistentvolume-warnings.ts";
import { validatePersistentVolume } from "./validate-persistentvolume.ts";

export type * from "./persistentvolume-schema.ts";

export const persistentVolumeKind = defineKind<PersistentVolume>({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  shortNames: ["pv"],
  namespaced: false,
  schema: persistentVolumeSchema,
  columns: persistentVolumeColumns,
  validate: validatePersistentVolume,
  warnings: (volume, _previous, subresource) => (subresource === "" ? persistentVolumeWarnings(volume) : []),
  validateName: dnsSubdomainProblems,
});
