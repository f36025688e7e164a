import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const policyRuleSchema = struct(
  "io.k8s.api.rbac.v1.PolicyRule",
  "Objects or paths, and what may be done with them.",
  {
    verbs: field(1, list(t.string), "What may be done; * for everything.", { required: true }),
    apiGroups: field(2, list(t.string), "API groups of the objects; * for all."),
    resources: field(3, list(t.string), "Resources, such as pods or pods/log; * for all."),
    resourceNames: field(4, list(t.string), "Names of the objects; all when empty."),
    nonResourceURLs: field(5, list(t.string), "Paths that are no objects; one may end in *."),
  },
);
export type PolicyRule = Infer<typeof policyRuleSchema>;

export const roleRefSchema = struct(
  "io.k8s.api.rbac.v1.RoleRef",
  "A role.",
  {
    apiGroup: field(1, t.string, "API group; empty for the core group.", { required: true }),
    kind: field(2, t.string, "Role or ClusterRole.", { required: true }),
    name: field(3, t.string, "Name of the role.", { required: true }),
  },
  { atomic: true },
);
export type RoleRef = Infer<typeof roleRefSchema>;

export const subjectSchema = struct(
  "io.k8s.api.rbac.v1.Subject",
  "A user, group or service account that gets a role.",
  {
    kind: field(1, t.string, "User, Group or ServiceAccount.", { required: true }),
    apiGroup: field(2, t.string, "API group; empty for the core group."),
    name: field(3, t.string, "Name of the user, group or account.", { required: true }),
    namespace: field(4, t.string, "Namespace of the account."),
  },
  { atomic: true },
);
export type Subject = Infer<typeof subjectSchema>;

/** The API group of roles, and of subjects that are users or groups. */
export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** What both kinds of binding have. */
export interface AnyBinding {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[] | undefined;
}
