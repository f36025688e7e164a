import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, map, struct, t } from "../../../schema.ts";

export const configMapSchema = struct("io.k8s.api.core.v1.ConfigMap", "Settings that pods can read.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  immutable: field(4, t.bool, "Whether the contents can never change again.", { keepEmpty: true }),
  data: field(2, map(t.string), "Text by key."),
  binaryData: field(3, map(t.bytes), "Bytes by key, in base64."),
});
export type ConfigMap = Infer<typeof configMapSchema>;
