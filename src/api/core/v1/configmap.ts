import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, map, struct, t } from "../../schema.ts";

export const configMapSchema = struct("io.k8s.api.core.v1.ConfigMap", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  immutable: field(4, t.bool, "", { keepEmpty: true }),
  data: field(2, map(t.string), ""),
  binaryData: field(3, map(t.bytes), ""),
});
export type ConfigMap = Infer<typeof configMapSchema>;

export const configMapKind = defineKind<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  namespaced: true,
  schema: configMapSchema,
});
