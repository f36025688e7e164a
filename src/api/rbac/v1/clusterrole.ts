import { createdAtColumn, nameColumn } from "../../columns.ts";
import { defineKind } from "../../kind.ts";
import { labelSelectorSchema } from "../../meta/v1/label-selector.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { pathSegmentProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct } from "../../schema.ts";
import { policyRuleSchema } from "./rules.ts";
import { validateRules } from "./validation/validate-rules.ts";

export const aggregationRuleSchema = struct("io.k8s.api.rbac.v1.AggregationRule", "", {
  clusterRoleSelectors: field(1, list(labelSelectorSchema), ""),
});
export type AggregationRule = Infer<typeof aggregationRuleSchema>;

export const clusterRoleSchema = struct("io.k8s.api.rbac.v1.ClusterRole", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  rules: field(2, list(policyRuleSchema), ""),
  aggregationRule: field(3, aggregationRuleSchema, ""),
});
export type ClusterRole = Infer<typeof clusterRoleSchema>;

export const clusterRoleKind = defineKind<ClusterRole>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  namespaced: false,
  schema: clusterRoleSchema,
  columns: [nameColumn, createdAtColumn],
  validate: ({ rules }) => validateRules(rules, false),
  validateName: pathSegmentProblems,
});
