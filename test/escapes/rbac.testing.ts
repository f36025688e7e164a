import type { Escape, RequestAttempt } from "./escape.testing.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const GROUP = "rbac.authorization.k8s.io";
const wildcard = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
const subjects = [{ kind: "User", name: "rbac-writer", apiGroup: GROUP }];
const refTo = (kind: string, name: string) => ({ apiGroup: GROUP, kind, name });
const merge = (path: string, body: object): RequestAttempt => ({
  method: "PATCH",
  path,
  type: "application/merge-patch+json",
  body,
});
const post = (path: string, body: object): RequestAttempt => ({ method: "POST", path, body });

function refused(
  name: string,
  rule: string,
  as: Escape["as"],
  attempt: RequestAttempt,
  says = /attempting to grant RBAC permissions not currently held/,
): Escape {
  return { name, rule, as, attempt, want: { code: 403, says } };
}

const ESCALATE = "RBAC: escalate";
const BIND = "RBAC: bind";

/** Rights that somebody gives to oneself. */
export const rbacEscapes: readonly Escape[] = [
  refused(
    "a ClusterRole with every right",
    ESCALATE,
    "rbac-writer",
    post(`${RBAC}/clusterroles`, { metadata: { name: "x" }, rules: wildcard }),
  ),
  refused(
    "a Role with every right in one namespace",
    ESCALATE,
    "owner",
    post(`${RBAC}/namespaces/shop/roles`, { metadata: { name: "x" }, rules: wildcard }),
  ),
  refused(
    "the own ClusterRole patched to every right",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, { rules: wildcard }),
  ),
  refused(
    "the own ClusterRole with the verb escalate",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, {
      rules: [{ apiGroups: [GROUP], resources: ["clusterroles"], verbs: ["escalate"] }],
    }),
  ),
  refused(
    "the own ClusterRole with the verb bind",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, {
      rules: [{ apiGroups: [GROUP], resources: ["clusterroles"], verbs: ["bind"] }],
    }),
  ),
  refused(
    "the own ClusterRole with the verb impersonate",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, {
      rules: [{ apiGroups: [""], resources: ["users"], verbs: ["impersonate"] }],
    }),
  ),
  refused(
    "every path that is no resource",
    "RBAC: nonResourceURLs",
    "rbac-writer",
    post(`${RBAC}/clusterroles`, { metadata: { name: "x" }, rules: [{ nonResourceURLs: ["*"], verbs: ["*"] }] }),
  ),
  refused(
    "a longer path than the one that is held",
    "RBAC: nonResourceURLs",
    "path-reader",
    { path: "/metrics/slis" },
    /cannot get path/,
  ),
  refused(
    "another method at the path that is held",
    "RBAC: nonResourceURLs",
    "path-reader",
    { method: "POST", path: "/metrics" },
    /cannot post path/,
  ),
  refused(
    "a path that starts with the one that is held",
    "RBAC: nonResourceURLs",
    "path-reader",
    { path: "/metrics2" },
    /cannot get path/,
  ),
  refused(
    "a role of subresources wider than the one held",
    ESCALATE,
    "owner",
    post(`${RBAC}/namespaces/shop/roles`, {
      metadata: { name: "x" },
      rules: [{ apiGroups: [""], resources: ["*/*"], verbs: ["get"] }],
    }),
  ),
  refused(
    "a rule without names by who holds one name",
    ESCALATE,
    "rbac-writer",
    post(`${RBAC}/namespaces/shop/roles`, {
      metadata: { name: "x" },
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    }),
  ),
  refused(
    "the own user bound to cluster-admin",
    BIND,
    "rbac-writer",
    post(`${RBAC}/clusterrolebindings`, {
      metadata: { name: "x" },
      roleRef: refTo("ClusterRole", "cluster-admin"),
      subjects,
    }),
  ),
  refused(
    "cluster-admin bound in the own namespace",
    BIND,
    "owner",
    post(`${RBAC}/namespaces/shop/rolebindings`, {
      metadata: { name: "x" },
      roleRef: refTo("ClusterRole", "cluster-admin"),
      subjects,
    }),
  ),
  refused(
    "everybody bound to admin",
    BIND,
    "rbac-writer",
    post(`${RBAC}/clusterrolebindings`, {
      metadata: { name: "x" },
      roleRef: refTo("ClusterRole", "admin"),
      subjects: [{ kind: "Group", name: "system:authenticated", apiGroup: GROUP }],
    }),
  ),
  refused(
    "a subject added to the binding of cluster-admin",
    BIND,
    "rbac-writer",
    merge(`${RBAC}/clusterrolebindings/cluster-admin`, { subjects }),
  ),
  {
    name: "a role bound before it exists",
    rule: BIND,
    as: "rbac-writer",
    attempt: post(`${RBAC}/clusterrolebindings`, {
      metadata: { name: "x" },
      roleRef: refTo("ClusterRole", "later"),
      subjects,
    }),
    want: { code: 404, says: /\\"later\\" not found/ },
  },
  refused(
    "an aggregated role that collects cluster-admin's rules",
    "RBAC: aggregationRule",
    "rbac-writer",
    post(`${RBAC}/clusterroles`, {
      metadata: { name: "x" },
      rules: [],
      aggregationRule: { clusterRoleSelectors: [{}] },
    }),
    /attempting to grant RBAC permissions not currently held/,
  ),
  refused(
    "an aggregationRule patched onto the own role",
    "RBAC: aggregationRule",
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, {
      aggregationRule: {
        clusterRoleSelectors: [{ matchLabels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" } }],
      },
    }),
    /attempting to grant RBAC permissions not currently held/,
  ),
  refused(
    "a role that is aggregated into everybody's",
    "RBAC: aggregationRule",
    "rbac-writer",
    post(`${RBAC}/clusterroles`, {
      metadata: { name: "x", labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
      rules: wildcard,
    }),
  ),
  {
    name: "another roleRef in an existing binding",
    rule: "RBAC: roleRef is immutable",
    as: "admin",
    attempt: merge(`${RBAC}/namespaces/shop/rolebindings/owner`, { roleRef: refTo("ClusterRole", "cluster-admin") }),
    want: { code: 422, says: /cannot change roleRef/ },
  },
  {
    name: "a Role in a ClusterRoleBinding",
    rule: "RBAC: roleRef of a ClusterRoleBinding",
    as: "admin",
    attempt: post(`${RBAC}/clusterrolebindings`, {
      metadata: { name: "x" },
      roleRef: refTo("Role", "clerk"),
      subjects,
    }),
    want: { code: 422, says: /Unsupported value: \\"Role\\"/ },
  },
  {
    name: "nonResourceURLs in a Role",
    rule: "RBAC: nonResourceURLs",
    as: "admin",
    attempt: post(`${RBAC}/namespaces/shop/roles`, {
      metadata: { name: "x" },
      rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }],
    }),
    want: { code: 422, says: /namespaced rules cannot apply to non-resource URLs/ },
  },
  refused("a Role applied with every right", ESCALATE, "owner", {
    method: "PATCH",
    path: `${RBAC}/namespaces/shop/roles/x?fieldManager=m`,
    type: "application/apply-patch+yaml",
    body: { apiVersion: `${GROUP}/v1`, kind: "Role", metadata: { name: "x", namespace: "shop" }, rules: wildcard },
  }),
  refused("every right in a JSON patch", ESCALATE, "rbac-writer", {
    method: "PATCH",
    path: `${RBAC}/clusterroles/rbac-writer`,
    type: "application/json-patch+json",
    body: [{ op: "add", path: "/rules/-", value: wildcard[0] }],
  }),
  refused(
    "a dry run of every right",
    ESCALATE,
    "rbac-writer",
    post(`${RBAC}/clusterroles?dryRun=All`, { metadata: { name: "x" }, rules: wildcard }),
  ),
  refused(
    "the owner of a namespace writes ClusterRoles",
    "RBAC: roles and ClusterRoles",
    "owner",
    post(`${RBAC}/clusterroles`, { metadata: { name: "x" }, rules: [] }),
    /cannot create/,
  ),
  refused(
    "jane asks what others may do",
    "Kubernetes: SubjectAccessReview",
    "jane",
    post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      spec: { user: "owner", resourceAttributes: { verb: "get", resource: "pods" } },
    }),
    /cannot create/,
  ),
  refused(
    "jane has tokens reviewed",
    "Kubernetes: TokenReview",
    "jane",
    post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "x" } }),
    /cannot create/,
  ),
];
