import { createdAtColumn, nameColumn } from "../../columns.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { pathSegmentProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct } from "../../schema.ts";
import { policyRuleSchema } from "./rules.ts";
import { validateRules } from "./validation/validate-rules.ts";

export const roleSchema = struct("io.k8s.api.rbac.v1.Role", "Things that may be done, in one namespace.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  rules: field(2, list(policyRuleSchema), "What may be done.", { filled: true }),
});
export type Role = Infer<typeof roleSchema>;

export const roleKind = defineKind<Role>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  plural: "roles",
  namespaced: true,
  schema: roleSchema,
  columns: [nameColumn, createdAtColumn],
  validate: ({ rules }) => validateRules(rules, true),
  validateName: pathSegmentProblems,
});
