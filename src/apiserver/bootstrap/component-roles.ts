import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { eventsRule, READ, rule } from "./policy-rule.ts";
import type { DefaultRole } from "./user-roles.ts";

const createReviews = [
  rule("create", "authentication.k8s.io", "tokenreviews"),
  rule("create", "authorization.k8s.io", "subjectaccessreviews"),
];

/** What every kubelet may do; the Node authorizer narrows it to the objects that are the kubelet's business. */
export const nodeRules: readonly PolicyRule[] = [
  rule("create", "authentication.k8s.io", "tokenreviews"),
  rule("create", "authorization.k8s.io", "localsubjectaccessreviews subjectaccessreviews"),
  rule(READ, "core", "services"),
  rule("create get list watch", "core", "nodes"),
  rule("patch update", "core", "nodes/status"),
  rule("patch update", "core", "nodes"),
  eventsRule,
  rule(READ, "core", "pods"),
  rule("create delete", "core", "pods"),
  rule("patch update", "core", "pods/status"),
  rule("create", "core", "pods/eviction"),
  rule(READ, "core", "configmaps secrets"),
  rule("get", "core", "persistentvolumeclaims persistentvolumes"),
  rule("get", "core", "endpoints"),
  rule("create get list watch", "certificates.k8s.io", "certificatesigningrequests"),
  rule("create delete get patch update", "coordination.k8s.io", "leases"),
  rule("get", "storage.k8s.io", "volumeattachments"),
  rule("create", "core", "serviceaccounts/token"),
  rule("get patch update", "core", "persistentvolumeclaims/status"),
  rule(READ, "storage.k8s.io", "csidrivers"),
  rule("create delete get patch update", "storage.k8s.io", "csinodes"),
  rule(READ, "node.k8s.io", "runtimeclasses"),
  rule("get", "resource.k8s.io", "resourceclaims"),
  rule("deletecollection", "resource.k8s.io", "resourceslices"),
  rule("get", "core", "serviceaccounts"),
];

const schedulerRules: readonly PolicyRule[] = [
  eventsRule,
  rule("create", "coordination.k8s.io", "leases"),
  rule("get list update watch", "coordination.k8s.io", "leases", "kube-scheduler"),
  rule("create delete deletecollection get list patch update watch", "coordination.k8s.io", "leasecandidates"),
  rule(READ, "core", "nodes"),
  rule("delete get list watch", "core", "pods"),
  rule("create", "core", "bindings pods/binding"),
  rule("patch update", "core", "pods/status"),
  rule(READ, "core", "replicationcontrollers services"),
  rule(READ, "apps extensions", "replicasets"),
  rule(READ, "apps", "statefulsets"),
  rule(READ, "policy", "poddisruptionbudgets"),
  rule(READ, "core", "persistentvolumeclaims persistentvolumes"),
  ...createReviews,
  rule(READ, "storage.k8s.io", "csinodes"),
  rule(READ, "storage.k8s.io", "volumeattachments"),
  rule(READ, "core", "namespaces"),
  rule(READ, "storage.k8s.io", "csidrivers"),
  rule(READ, "storage.k8s.io", "csistoragecapacities"),
  rule(READ, "resource.k8s.io", "deviceclasses"),
  rule("get list patch update watch", "resource.k8s.io", "resourceclaims"),
  rule("get list patch update watch", "resource.k8s.io", "resourceclaims/status"),
  rule("update", "core", "pods/finalizers"),
  rule(READ, "resource.k8s.io", "resourceslices"),
  rule("create delete", "resource.k8s.io", "resourceclaims"),
];

const controllerManagerRules: readonly PolicyRule[] = [
  eventsRule,
  rule("create", "coordination.k8s.io", "leases"),
  rule("get update", "coordination.k8s.io", "leases", "kube-controller-manager"),
  rule("create", "core", "secrets serviceaccounts"),
  rule("delete", "core", "secrets"),
  rule("get", "core", "configmaps namespaces secrets serviceaccounts"),
  rule("update", "core", "secrets serviceaccounts"),
  ...createReviews,
  rule("list watch", "*", "*"),
  rule("create", "core", "serviceaccounts/token"),
];

/** The roles of the parts of a cluster, as upstream ships them, and of Fairlead's own parts. */
export const componentRoles: readonly DefaultRole[] = [
  { name: "system:node", rules: nodeRules },
  {
    name: "system:node-proxier",
    rules: [
      rule("list watch", "core", "endpoints services"),
      rule(READ, "core", "nodes"),
      eventsRule,
      rule("list watch", "networking.k8s.io", "servicecidrs"),
      rule("list watch", "discovery.k8s.io", "endpointslices"),
    ],
  },
  { name: "system:kube-scheduler", rules: schedulerRules },
  { name: "system:kube-controller-manager", rules: controllerManagerRules },
  { name: "system:kube-dns", rules: [rule("list watch", "core", "endpoints services")] },
  {
    name: "system:kubelet-api-admin",
    rules: [
      rule(READ, "core", "nodes"),
      rule("proxy", "core", "nodes"),
      rule("*", "core", "nodes/log nodes/metrics nodes/proxy nodes/stats"),
      rule("*", "core", "nodes/configz nodes/healthz nodes/pods"),
    ],
  },
  {
    // The DNS server of each node answers for Services. What it may write is the DNS authorizer's to say.
    name: "system:fairlead:dns",
    rules: [
      rule("list watch", "core", "namespaces services"),
      rule("list watch", "discovery.k8s.io", "endpointslices"),
    ],
  },
  {
    // Gives Services addresses of pools.
    name: "system:fairlead:loadbalancer",
    rules: [
      rule("list watch", "core", "configmaps namespaces"),
      rule(READ, "core", "services"),
      rule("patch", "core", "services/status"),
      rule("create delete list patch watch", "metallb.io", "ipaddresspools l2advertisements"),
      rule("create list watch", "metallb.io", "configurationstates"),
      rule("patch", "metallb.io", "configurationstates/status ipaddresspools/status"),
      eventsRule,
    ],
  },
  {
    // Each node answers for the addresses that it is elected for, and says so.
    name: "system:fairlead:announcer",
    rules: [
      rule("list watch", "metallb.io", "ipaddresspools l2advertisements"),
      rule("list watch", "metallb.io", "bfdprofiles bgpadvertisements bgppeers communities"),
      rule("create delete list watch", "metallb.io", "servicebgpstatuses servicel2statuses"),
      rule("patch", "metallb.io", "servicebgpstatuses/status servicel2statuses/status"),
      eventsRule,
    ],
  },
  // Routes to the pods of the other nodes.
  { name: "system:fairlead:podnetwork", rules: [rule("list watch", "core", "nodes")] },
];
