import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { pathRule, READ, READ_WRITE, rule, WRITE } from "./policy-rule.ts";

/** A ClusterRole as the system ships it. */
export interface DefaultRole {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** Which aggregated role takes up these rules: `rbac.authorization.k8s.io/aggregate-to-<this>`. */
  readonly aggregateTo?: "admin" | "edit" | "view";
  /** The rules are those of the roles with `aggregateTo` of this. `rules` is empty then. */
  readonly aggregates?: "admin" | "edit" | "view";
}

const HEALTH = "/healthz /livez /readyz";

const editRules: readonly PolicyRule[] = [
  rule(READ, "core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
  rule("impersonate", "core", "serviceaccounts"),
  rule(WRITE, "core", "pods pods/attach pods/exec pods/portforward pods/proxy"),
  rule("create", "core", "pods/eviction"),
  rule(
    WRITE,
    "core",
    "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
  ),
  rule("create", "core", "serviceaccounts/token"),
  rule(WRITE, "core events.k8s.io", "events"),
  rule(
    WRITE,
    "apps",
    "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
  ),
  rule(WRITE, "autoscaling", "horizontalpodautoscalers"),
  rule(WRITE, "batch", "cronjobs jobs"),
  rule(
    WRITE,
    "extensions",
    "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale",
  ),
  rule(WRITE, "policy", "poddisruptionbudgets"),
  rule(WRITE, "networking.k8s.io", "ingresses networkpolicies"),
  rule(READ_WRITE, "coordination.k8s.io", "leases"),
  rule(WRITE, "resource.k8s.io", "resourceclaims resourceclaimtemplates"),
];

const viewRules: readonly PolicyRule[] = [
  rule(
    READ,
    "core",
    "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
  ),
  rule(
    READ,
    "core",
    "bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
  ),
  // In a namespace this means that namespace.
  rule(READ, "core", "namespaces"),
  rule(READ, "core events.k8s.io", "events"),
  rule(READ, "discovery.k8s.io", "endpointslices"),
  rule(
    READ,
    "apps",
    "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
  ),
  rule(READ, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
  rule(READ, "batch", "cronjobs cronjobs/status jobs jobs/status"),
  rule(
    READ,
    "extensions",
    "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale",
  ),
  rule(READ, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
  rule(READ, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
  rule(READ, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates"),
];

/** The roles for people and for what they run, as upstream ships them. */
export const userRoles: readonly DefaultRole[] = [
  { name: "cluster-admin", rules: [rule("*", "*", "*"), pathRule("*", "*")] },
  { name: "admin", rules: [], aggregates: "admin" },
  { name: "edit", rules: [], aggregates: "edit", aggregateTo: "admin" },
  { name: "view", rules: [], aggregates: "view", aggregateTo: "edit" },
  {
    name: "system:aggregate-to-admin",
    aggregateTo: "admin",
    rules: [
      rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
      rule(READ_WRITE, "rbac.authorization.k8s.io", "rolebindings roles"),
    ],
  },
  { name: "system:aggregate-to-edit", aggregateTo: "edit", rules: editRules },
  { name: "system:aggregate-to-view", aggregateTo: "view", rules: viewRules },
  {
    name: "system:discovery",
    rules: [pathRule("get", `/api /api/* /apis /apis/* ${HEALTH} /openapi /openapi/* /version /version/`)],
  },
  {
    name: "system:basic-user",
    rules: [
      rule("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
      rule("create", "authentication.k8s.io", "selfsubjectreviews"),
    ],
  },
  { name: "system:public-info-viewer", rules: [pathRule("get", `${HEALTH} /version /version/`)] },
  {
    name: "system:monitoring",
    rules: [
      pathRule("get", "/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz"),
      rule("get", "core", "nodes/metrics"),
    ],
  },
  {
    name: "system:service-account-issuer-discovery",
    rules: [
      pathRule(
        "get",
        "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/",
      ),
    ],
  },
  {
    name: "system:auth-delegator",
    rules: [
      rule("create", "authentication.k8s.io", "tokenreviews"),
      rule("create", "authorization.k8s.io", "subjectaccessreviews"),
    ],
  },
];
