import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, oneOf, struct, t } from "../../../schema.ts";

export const namespaceSpecSchema = struct(
  "io.k8s.api.core.v1.NamespaceSpec",
  "What keeps the namespace from going away.",
  {
    finalizers: field(1, list(t.string), "Who has to agree before the namespace is gone."),
  },
);
export type NamespaceSpec = Infer<typeof namespaceSpecSchema>;

export const namespaceConditionSchema = struct(
  "io.k8s.api.core.v1.NamespaceCondition",
  "Something that holds of a namespace.",
  {
    type: field(1, t.string, "What the condition is about.", { required: true }),
    status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
    lastTransitionTime: field(4, t.time, "When the status last changed."),
    reason: field(5, t.string, "One word, in CamelCase, for programs."),
    message: field(6, t.string, "A sentence for people."),
  },
);
export type NamespaceCondition = Infer<typeof namespaceConditionSchema>;

export const namespaceStatusSchema = struct("io.k8s.api.core.v1.NamespaceStatus", "The state of a namespace.", {
  phase: field(1, oneOf("Active", "Terminating"), "Active, or Terminating while its contents are removed.", {
    default: "Active",
  }),
  conditions: field(
    2,
    list(namespaceConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "The latest observations of the object's state. Each condition is True, False or Unknown.",
  ),
});
export type NamespaceStatus = Infer<typeof namespaceStatusSchema>;

export const namespaceSchema = struct("io.k8s.api.core.v1.Namespace", "A scope for names.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  spec: field(2, namespaceSpecSchema, "What is wanted.", { present: true }),
  status: field(3, namespaceStatusSchema, "What was observed. Written by the system.", { present: true }),
});
export type Namespace = Infer<typeof namespaceSchema>;
