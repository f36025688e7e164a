import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct } from "../../../schema.ts";
import { policyRuleSchema } from "../rules.ts";

export const roleSchema = struct("io.k8s.api.rbac.v1.Role", "Things that may be done, in one namespace.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  rules: field(2, list(policyRuleSchema), "What may be done.", { filled: true }),
});
export type Role = Infer<typeof roleSchema>;
