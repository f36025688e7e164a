import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct } from "../../../schema.ts";
import { policyRuleSchema } from "../rules.ts";

export const aggregationRuleSchema = struct(
  "io.k8s.api.rbac.v1.AggregationRule",
  "Roles whose rules make up another.",
  {
    clusterRoleSelectors: field(1, list(labelSelectorSchema), "Which ClusterRoles, by label."),
  },
);
export type AggregationRule = Infer<typeof aggregationRuleSchema>;

export const clusterRoleSchema = struct(
  "io.k8s.api.rbac.v1.ClusterRole",
  "Things that may be done, in the whole cluster.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    rules: field(2, list(policyRuleSchema), "What may be done.", { filled: true }),
    aggregationRule: field(3, aggregationRuleSchema, "Roles whose rules make up this one's."),
  },
);
export type ClusterRole = Infer<typeof clusterRoleSchema>;
