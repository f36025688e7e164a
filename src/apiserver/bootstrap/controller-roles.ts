import { eventsRule, READ, rule } from "./policy-rule.ts";
import type { DefaultRole } from "./user-roles.ts";

/** What the name of each controller's role starts with; the rest is the name of its service account in kube-system. */
export const CONTROLLER_ROLE_PREFIX = "system:controller:";

const WRITE_ENDPOINT_SLICES = rule("create delete get list update watch", "discovery.k8s.io", "endpointslices");

/**
 * The roles of the controllers that Fairlead runs, as upstream ships them.
 *
 * Reading is not in all of them: what controllers watch is read once for all, by `system:kube-controller-manager`.
 */
export const controllerRoles: readonly DefaultRole[] = [
  {
    name: "system:controller:clusterrole-aggregation-controller",
    rules: [rule("escalate get list patch update watch", "rbac.authorization.k8s.io", "clusterroles")],
  },
  {
    name: "system:controller:deployment-controller",
    rules: [
      rule("get list update watch", "apps extensions", "deployments"),
      rule("update", "apps extensions", "deployments/status"),
      rule("update", "apps extensions", "deployments/finalizers"),
      rule("create delete get list patch update watch", "apps extensions", "replicasets"),
      rule("get list update watch", "core", "pods"),
      eventsRule,
    ],
  },
  {
    name: "system:controller:endpoint-controller",
    rules: [
      rule(READ, "core", "pods services"),
      rule("create delete get list update watch", "core", "endpoints"),
      rule("create", "core", "endpoints/restricted"),
      eventsRule,
    ],
  },
  {
    name: "system:controller:endpointslice-controller",
    rules: [
      rule(READ, "core", "nodes pods services"),
      rule("update", "core", "services/finalizers"),
      WRITE_ENDPOINT_SLICES,
      eventsRule,
    ],
  },
  {
    name: "system:controller:endpointslicemirroring-controller",
    rules: [
      rule(READ, "core", "endpoints services"),
      rule("update", "core", "services/finalizers"),
      rule("update", "core", "endpoints/finalizers"),
      WRITE_ENDPOINT_SLICES,
      eventsRule,
    ],
  },
  {
    name: "system:controller:ephemeral-volume-controller",
    rules: [
      rule(READ, "core", "pods"),
      rule("update", "core", "pods/finalizers"),
      rule("create get list watch", "core", "persistentvolumeclaims"),
      eventsRule,
    ],
  },
  {
    name: "system:controller:generic-garbage-collector",
    rules: [rule("delete get list patch update watch", "*", "*"), eventsRule],
  },
  {
    name: "system:controller:namespace-controller",
    rules: [
      rule("delete get list watch", "core", "namespaces"),
      rule("update", "core", "namespaces/finalize namespaces/status"),
      rule("delete deletecollection get list watch", "*", "*"),
    ],
  },
  {
    // Life cycle, taints and pod ranges of nodes are all upstream's node-controller.
    name: "system:controller:node-controller",
    rules: [
      rule("delete get list patch update watch", "core", "nodes"),
      rule("patch update", "core", "nodes/status"),
      rule("patch update", "core", "pods/status"),
      rule("delete get list watch", "core", "pods"),
      eventsRule,
    ],
  },
  {
    name: "system:controller:persistent-volume-binder",
    rules: [
      rule("create delete get list update watch", "core", "persistentvolumes"),
      rule("update", "core", "persistentvolumes/status"),
      rule("get list update watch", "core", "persistentvolumeclaims"),
      rule("update", "core", "persistentvolumeclaims/status"),
      rule("create delete get list watch", "core", "pods"),
      rule(READ, "storage.k8s.io", "storageclasses"),
      rule("list watch", "core", "nodes"),
      eventsRule,
      rule("watch", "core", "events"),
      rule("get", "core", "services"),
    ],
  },
  {
    name: "system:controller:pod-garbage-collector",
    rules: [
      rule("delete list watch", "core", "pods"),
      rule(READ, "core", "nodes"),
      rule("patch", "core", "pods/status"),
    ],
  },
  {
    name: "system:controller:pv-protection-controller",
    rules: [rule("get list update watch", "core", "persistentvolumes"), eventsRule],
  },
  {
    name: "system:controller:pvc-protection-controller",
    rules: [rule("get list update watch", "core", "persistentvolumeclaims"), rule(READ, "core", "pods"), eventsRule],
  },
  {
    name: "system:controller:replicaset-controller",
    rules: [
      rule("get list update watch", "apps extensions", "replicasets"),
      rule("update", "apps extensions", "replicasets/status"),
      rule("update", "apps extensions", "replicasets/finalizers"),
      rule("create delete list patch watch", "core", "pods"),
      eventsRule,
    ],
  },
  {
    name: "system:controller:replication-controller",
    rules: [
      rule("get list update watch", "core", "replicationcontrollers"),
      rule("update", "core", "replicationcontrollers/status"),
      rule("update", "core", "replicationcontrollers/finalizers"),
      rule("create delete list patch watch", "core", "pods"),
      eventsRule,
    ],
  },
  {
    name: "system:controller:root-ca-cert-publisher",
    rules: [rule("create update", "core", "configmaps"), eventsRule],
  },
  {
    name: "system:controller:service-account-controller",
    rules: [rule("create", "core", "serviceaccounts"), eventsRule],
  },
  {
    name: "system:controller:service-controller",
    rules: [
      rule(READ, "core", "services"),
      rule("patch update", "core", "services/status"),
      rule("list watch", "core", "nodes"),
      eventsRule,
    ],
  },
  {
    name: "system:controller:legacy-service-account-token-cleaner",
    rules: [
      rule("get", "core", "configmaps", "kube-apiserver-legacy-service-account-token-tracking"),
      rule("delete patch", "core", "secrets"),
    ],
  },
];
