import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { Subject } from "@fairlead/api/rbac/v1/rules";
import type { Draft } from "@fairlead/api/schema";
import { DNS_SERVERS_GROUP } from "../authz/dns-identity.ts";
import { componentRoles } from "./component-roles.ts";
import { CONTROLLER_ROLE_PREFIX, controllerRoles } from "./controller-roles.ts";
import { type DefaultRole, userRoles } from "./user-roles.ts";

/** With the value `"false"` the API server does not repair a default role or binding. */
export const AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";
const SYSTEM_NAMESPACE = "kube-system";
const API_GROUP = "rbac.authorization.k8s.io";
const AGGREGATE_TO = "rbac.authorization.k8s.io/aggregate-to-";
const LABELS = { "kubernetes.io/bootstrapping": "rbac-defaults" };
const ANNOTATIONS = { [AUTOUPDATE]: "true" };

/** Every ClusterRole that a cluster starts with. */
export function defaultClusterRoles(): readonly Draft<ClusterRole>[] {
  return [...userRoles, ...componentRoles, ...controllerRoles].map(clusterRole);
}

function clusterRole({ name, rules, aggregateTo, aggregates }: DefaultRole): Draft<ClusterRole> {
  const labels = { ...LABELS, ...(aggregateTo !== undefined && { [`${AGGREGATE_TO}${aggregateTo}`]: "true" }) };
  const metadata = { name, labels, annotations: ANNOTATIONS };
  if (aggregates === undefined) return { metadata, rules };
  const matchLabels = { [`${AGGREGATE_TO}${aggregates}`]: "true" };
  return { metadata, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
}

/** Every ClusterRoleBinding that a cluster starts with. */
export function defaultClusterRoleBindings(): readonly Draft<ClusterRoleBinding>[] {
  return [
    binding("cluster-admin", group("system:masters")),
    binding("system:monitoring", group("system:monitoring")),
    binding("system:discovery", group("system:authenticated")),
    binding("system:basic-user", group("system:authenticated")),
    binding("system:public-info-viewer", group("system:authenticated"), group("system:unauthenticated")),
    binding("system:service-account-issuer-discovery", group("system:serviceaccounts")),
    binding("system:node-proxier", user("system:kube-proxy")),
    binding("system:kube-controller-manager", user("system:kube-controller-manager")),
    binding("system:kube-dns", serviceAccount("kube-dns")),
    binding("system:kube-scheduler", user("system:kube-scheduler")),
    binding("system:fairlead:dns", group(DNS_SERVERS_GROUP)),
    binding("system:fairlead:announcer", user("system:fairlead:podnetwork")),
    binding("system:fairlead:loadbalancer", user("system:fairlead:loadbalancer")),
    binding("system:kubelet-api-admin", user("kube-apiserver-kubelet-client")),
    binding("system:fairlead:podnetwork", user("system:fairlead:podnetwork")),
    // No subjects: the Node authorizer decides about kubelets.
    binding("system:node"),
    ...controllerRoles.map(({ name }) => binding(name, serviceAccount(name.slice(CONTROLLER_ROLE_PREFIX.length)))),
  ];
}

/** A binding has the name of its role. */
function binding(name: string, ...subjects: readonly Subject[]): Draft<ClusterRoleBinding> {
  return {
    metadata: { name, labels: LABELS, annotations: ANNOTATIONS },
    roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name },
    ...(subjects.length > 0 && { subjects }),
  };
}

function user(name: string): Subject {
  return { kind: "User", apiGroup: API_GROUP, name };
}

function group(name: string): Subject {
  return { kind: "Group", apiGroup: API_GROUP, name };
}

function serviceAccount(name: string): Subject {
  return { kind: "ServiceAccount", name, namespace: SYSTEM_NAMESPACE };
}
