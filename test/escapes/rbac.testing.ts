import { merge, post, row } from "./attempts.testing.ts";
import type { Escape, RequestAttempt } from "./escape.testing.ts";
import { denied, deniedPath, EVERY_PATH, EVERY_RIGHT, escalates, invalid } from "./says.testing.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const GROUP = "rbac.authorization.k8s.io";
const wildcard = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
const subjects = [{ kind: "User", name: "rbac-writer", apiGroup: GROUP }];
const refTo = (kind: string, name: string) => ({ apiGroup: GROUP, kind, name });

function refused(name: string, rule: string, as: Escape["as"], attempt: RequestAttempt, says: string | RegExp): Escape {
  return row(name, rule, as, attempt, 403, says);
}

const ESCALATE = "RBAC: escalate";
const BIND = "RBAC: bind";

/** Rights that a user grants itself. */
export const rbacEscapes: readonly Escape[] = [
  refused(
    "a ClusterRole with every right",
    ESCALATE,
    "rbac-writer",
    post(`${RBAC}/clusterroles`, { metadata: { name: "x" }, rules: wildcard }),
    escalates("rbac-writer", 'clusterroles "x"', EVERY_RIGHT),
  ),
  refused(
    "a Role with every right in one namespace",
    ESCALATE,
    "owner",
    post(`${RBAC}/namespaces/shop/roles`, { metadata: { name: "x" }, rules: wildcard }),
    escalates("owner", 'roles "x"', EVERY_RIGHT),
  ),
  refused(
    "the own ClusterRole patched to every right",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, { rules: wildcard }),
    escalates("rbac-writer", 'clusterroles "rbac-writer"', EVERY_RIGHT),
  ),
  refused(
    "the own ClusterRole with the verb escalate",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, {
      rules: [{ apiGroups: [GROUP], resources: ["clusterroles"], verbs: ["escalate"] }],
    }),
    escalates(
      "rbac-writer",
      'clusterroles "rbac-writer"',
      '{APIGroups:["rbac.authorization.k8s.io"], Resources:["clusterroles"], Verbs:["escalate"]}',
    ),
  ),
  refused(
    "the own ClusterRole with the verb bind",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, {
      rules: [{ apiGroups: [GROUP], resources: ["clusterroles"], verbs: ["bind"] }],
    }),
    escalates(
      "rbac-writer",
      'clusterroles "rbac-writer"',
      '{APIGroups:["rbac.authorization.k8s.io"], Resources:["clusterroles"], Verbs:["bind"]}',
    ),
  ),
  refused(
    "the own ClusterRole with the verb impersonate",
    ESCALATE,
    "rbac-writer",
    merge(`${RBAC}/clusterroles/rbac-writer`, {
      rules: [{ apiGroups: [""], resources: ["users"], verbs: ["impersonate"] }],
    }),
    escalates(
      "rbac-writer",
      'clusterroles "rbac-writer"',
      '{APIGroups:[""], Resources:["users"], Verbs:["impersonate"]}',
    ),
  ),
  refused(
    "every path that is no resource",
    "RBAC: nonResourceURLs",
    "rbac-writer",
    post(`${RBAC}/clusterroles`, { metadata: { name: "x" }, rules: [{ nonResourceURLs: ["*"], verbs: ["*"] }] }),
    escalates("rbac-writer", 'clusterroles "x"', EVERY_PATH),
  ),
  refused(
    "a longer path than the one that is held",
    "RBAC: nonResourceURLs",
    "path-reader",
    { path: "/metrics/slis" },
    deniedPath("path-reader", "get", "/metrics/slis"),
  ),
  refused(
    "another method at the path that is held",
    "RBAC: nonResourceURLs",
    "path-reader",
    { method: "POST", path: "/metrics" },
    deniedPath("path-reader", "post", "/metrics"),
  ),
  refused(
    "a path that starts with the one that is held",
    "RBAC: nonResourceURLs",
    "path-reader",
    { path: "/metrics2" },
    deniedPath("path-reader", "get", "/metrics2"),
  ),
  refused(
    "a role of subresources wider than the one held",
    ESCALATE,
    "owner",
    post(`${RBAC}/namespaces/shop/roles`, {
      metadata: { name: "x" },
      rules: [{ apiGroups: [""], resources: ["*/*"], verbs: ["get"] }],
    }),
    escalates("owner", 'roles "x"', '{APIGroups:[""], Resources:["*/*"], Verbs:["get"]}'),
  ),
  refused(
    "a rule without names by who holds one name",
    ESCALATE,
    "rbac-writer",
    post(`${RBAC}/namespaces/shop/roles`, {
      metadata: { name: "x" },
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    }),
    escalates("rbac-writer", 'roles "x"', '{APIGroups:[""], Resources:["configmaps"], Verbs:["get"]}'),
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
    escalates("rbac-writer", 'clusterrolebindings "x"', EVERY_RIGHT, EVERY_PATH),
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
    escalates("owner", 'rolebindings "x"', EVERY_RIGHT, EVERY_PATH),
  ),
  refused(
    "all users bound to admin",
    BIND,
    "rbac-writer",
    post(`${RBAC}/clusterrolebindings`, {
      metadata: { name: "x" },
      roleRef: refTo("ClusterRole", "admin"),
      subjects: [{ kind: "Group", name: "system:authenticated", apiGroup: GROUP }],
    }),
    /^Forbidden: clusterrolebindings\.rbac\.authorization\.k8s\.io "x" is forbidden: user "rbac-writer" \(groups=\["system:authenticated"\]\) is attempting to grant RBAC permissions not currently held:/,
  ),
  refused(
    "a subject added to the binding of cluster-admin",
    BIND,
    "rbac-writer",
    merge(`${RBAC}/clusterrolebindings/cluster-admin`, { subjects }),
    escalates("rbac-writer", 'clusterrolebindings "cluster-admin"', EVERY_RIGHT, EVERY_PATH),
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
    want: { code: 404, says: 'NotFound: clusterrole.rbac.authorization.k8s.io "later" not found' },
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
    escalates("rbac-writer", 'clusterroles "x"', EVERY_RIGHT, EVERY_PATH),
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
    escalates("rbac-writer", 'clusterroles "rbac-writer"', EVERY_RIGHT, EVERY_PATH),
  ),
  refused(
    "a role that is aggregated into all users' roles",
    "RBAC: aggregationRule",
    "rbac-writer",
    post(`${RBAC}/clusterroles`, {
      metadata: { name: "x", labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
      rules: wildcard,
    }),
    escalates("rbac-writer", 'clusterroles "x"', EVERY_RIGHT),
  ),
  {
    name: "another roleRef in an existing binding",
    rule: "RBAC: roleRef is immutable",
    as: "admin",
    attempt: merge(`${RBAC}/namespaces/shop/rolebindings/owner`, { roleRef: refTo("ClusterRole", "cluster-admin") }),
    want: {
      code: 422,
      says: invalid(
        "RoleBinding.rbac.authorization.k8s.io",
        "owner",
        'roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"}: cannot change roleRef',
      ),
    },
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
    want: {
      code: 422,
      says: invalid(
        "ClusterRoleBinding.rbac.authorization.k8s.io",
        "x",
        'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
      ),
    },
  },
  {
    name: "nonResourceURLs in a Role",
    rule: "RBAC: nonResourceURLs",
    as: "admin",
    attempt: post(`${RBAC}/namespaces/shop/roles`, {
      metadata: { name: "x" },
      rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }],
    }),
    want: {
      code: 422,
      says: invalid(
        "Role.rbac.authorization.k8s.io",
        "x",
        'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: namespaced rules cannot apply to non-resource URLs',
      ),
    },
  },
  refused(
    "a Role applied with every right",
    ESCALATE,
    "owner",
    {
      method: "PATCH",
      path: `${RBAC}/namespaces/shop/roles/x?fieldManager=m`,
      type: "application/apply-patch+yaml",
      body: { apiVersion: `${GROUP}/v1`, kind: "Role", metadata: { name: "x", namespace: "shop" }, rules: wildcard },
    },
    escalates("owner", 'roles "x"', EVERY_RIGHT),
  ),
  refused(
    "every right in a JSON patch",
    ESCALATE,
    "rbac-writer",
    {
      method: "PATCH",
      path: `${RBAC}/clusterroles/rbac-writer`,
      type: "application/json-patch+json",
      body: [{ op: "add", path: "/rules/-", value: wildcard[0] }],
    },
    escalates("rbac-writer", 'clusterroles "rbac-writer"', EVERY_RIGHT),
  ),
  refused(
    "a dry run of every right",
    ESCALATE,
    "rbac-writer",
    post(`${RBAC}/clusterroles?dryRun=All`, { metadata: { name: "x" }, rules: wildcard }),
    escalates("rbac-writer", 'clusterroles "x"', EVERY_RIGHT),
  ),
  refused(
    "the owner of a namespace writes ClusterRoles",
    "RBAC: roles and ClusterRoles",
    "owner",
    post(`${RBAC}/clusterroles`, { metadata: { name: "x" }, rules: [] }),
    denied("owner", "create", "clusterroles", { group: "rbac.authorization.k8s.io" }),
  ),
  refused(
    "jane asks what others may do",
    "Kubernetes: SubjectAccessReview",
    "jane",
    post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      spec: { user: "owner", resourceAttributes: { verb: "get", resource: "pods" } },
    }),
    denied("jane", "create", "subjectaccessreviews", { group: "authorization.k8s.io" }),
  ),
  refused(
    "jane has tokens reviewed",
    "Kubernetes: TokenReview",
    "jane",
    post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: "x" } }),
    denied("jane", "create", "tokenreviews", { group: "authentication.k8s.io" }),
  ),
];
