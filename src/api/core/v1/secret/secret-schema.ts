import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, map, struct, t } from "../../../schema.ts";

export const secretSchema = struct("io.k8s.api.core.v1.Secret", "Something confidential that pods can read.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  immutable: field(5, t.bool, "Whether the contents can never change again.", { keepEmpty: true }),
  data: field(2, map(t.bytes), "Bytes by key, in base64."),
  stringData: field(4, map(t.string), "Text by key, for writing only: it is added to data."),
  type: field(3, t.string, "What the Secret is for, which says what keys it has.", { default: "Opaque" }),
});
export type Secret = Infer<typeof secretSchema>;
