import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const policyRuleSchema = struct("io.k8s.api.rbac.v1.PolicyRule", "", {
  verbs: field(1, list(t.string), "", { required: true }),
  apiGroups: field(2, list(t.string), ""),
  resources: field(3, list(t.string), ""),
  resourceNames: field(4, list(t.string), ""),
  nonResourceURLs: field(5, list(t.string), ""),
});
export type PolicyRule = Infer<typeof policyRuleSchema>;

export const roleRefSchema = struct(
  "io.k8s.api.rbac.v1.RoleRef",
  "",
  {
    apiGroup: field(1, t.string, "", { required: true }),
    kind: field(2, t.string, "", { required: true }),
    name: field(3, t.string, "", { required: true }),
  },
  { atomic: true },
);
export type RoleRef = Infer<typeof roleRefSchema>;

export const subjectSchema = struct(
  "io.k8s.api.rbac.v1.Subject",
  "",
  {
    kind: field(1, t.string, "", { required: true }),
    apiGroup: field(2, t.string, ""),
    name: field(3, t.string, "", { required: true }),
    namespace: field(4, t.string, ""),
  },
  { atomic: true },
);
export type Subject = Infer<typeof subjectSchema>;
