import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, list, oneOf, struct, t } from "../../schema.ts";

export const namespaceSpecSchema = struct("io.k8s.api.core.v1.NamespaceSpec", "", {
  finalizers: field(1, list(t.string), ""),
});
export type NamespaceSpec = Infer<typeof namespaceSpecSchema>;

export const namespaceConditionSchema = struct("io.k8s.api.core.v1.NamespaceCondition", "", {
  type: field(1, t.string, "", { required: true }),
  status: field(2, oneOf("True", "False", "Unknown"), "", { required: true }),
  lastTransitionTime: field(4, t.time, ""),
  reason: field(5, t.string, ""),
  message: field(6, t.string, ""),
});
export type NamespaceCondition = Infer<typeof namespaceConditionSchema>;

export const namespaceStatusSchema = struct("io.k8s.api.core.v1.NamespaceStatus", "", {
  phase: field(1, oneOf("Active", "Terminating"), "", { default: "Active" }),
  conditions: field(
    2,
    list(namespaceConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "",
  ),
});
export type NamespaceStatus = Infer<typeof namespaceStatusSchema>;

export const namespaceSchema = struct("io.k8s.api.core.v1.Namespace", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, namespaceSpecSchema, "", { present: true }),
  status: field(3, namespaceStatusSchema, "", { present: true }),
});
export type Namespace = Infer<typeof namespaceSchema>;

export const namespaceKind = defineKind<Namespace>({
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  schema: namespaceSchema,
});
