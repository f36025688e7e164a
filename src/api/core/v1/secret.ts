import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, map, struct, t } from "../../schema.ts";

export const secretSchema = struct("io.k8s.api.core.v1.Secret", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  immutable: field(5, t.bool, "", { keepEmpty: true }),
  data: field(2, map(t.bytes), ""),
  stringData: field(4, map(t.string), ""),
  type: field(3, t.string, "", { default: "Opaque" }),
});
export type Secret = Infer<typeof secretSchema>;

export const secretKind = defineKind<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
  schema: secretSchema,
});
