import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema } from "../references.ts";
import { affinitySchema, tolerationSchema, topologySpreadConstraintSchema } from "./affinity.ts";
import { containerSchema, ephemeralContainerSchema, resourceRequirementsSchema } from "./container.ts";
import { podStatusSchema } from "./pod-status.ts";
import { podSecurityContextSchema } from "./security-context.ts";
import { volumeSchema } from "./volume.ts";

export const hostAliasSchema = struct("io.k8s.api.core.v1.HostAlias", "A line of the pod's hosts file.", {
  ip: field(1, t.string, "Address.", { required: true }),
  hostnames: field(2, list(t.string), "Names of the address."),
});
export type HostAlias = Infer<typeof hostAliasSchema>;

export const podDNSConfigOptionSchema = struct("io.k8s.api.core.v1.PodDNSConfigOption", "An option of the resolver.", {
  name: field(1, t.string, "Name of the option."),
  value: field(2, t.string, "Value of the option.", { keepEmpty: true }),
});
export type PodDNSConfigOption = Infer<typeof podDNSConfigOptionSchema>;

export const podDNSConfigSchema = struct(
  "io.k8s.api.core.v1.PodDNSConfig",
  "Settings of the resolver, added to those of the policy.",
  {
    nameservers: field(1, list(t.string), "Name servers."),
    searches: field(2, list(t.string), "Domains in which short names are looked up."),
    options: field(3, list(podDNSConfigOptionSchema), "Options."),
  },
);
export type PodDNSConfig = Infer<typeof podDNSConfigSchema>;

export const podOSSchema = struct("io.k8s.api.core.v1.PodOS", "The operating system a pod is for.", {
  name: field(1, t.string, "linux or windows.", { required: true }),
});
export type PodOS = Infer<typeof podOSSchema>;

export const podReadinessGateSchema = struct(
  "io.k8s.api.core.v1.PodReadinessGate",
  "A further condition of being ready.",
  {
    conditionType: field(1, t.string, "Condition that must be true.", { required: true }),
  },
);
export type PodReadinessGate = Infer<typeof podReadinessGateSchema>;

export const podResourceClaimSchema = struct(
  "io.k8s.api.core.v1.PodResourceClaim",
  "A claim that containers of the pod may use. Set one of the two names.",
  {
    name: field(1, t.string, "Name of the claim in the pod.", { required: true }),
    resourceClaimName: field(3, t.string, "Claim that is there already.", { keepEmpty: true }),
    resourceClaimTemplateName: field(4, t.string, "Template from which a claim is made.", { keepEmpty: true }),
  },
);
export type PodResourceClaim = Infer<typeof podResourceClaimSchema>;

export const podSchedulingGateSchema = struct(
  "io.k8s.api.core.v1.PodSchedulingGate",
  "Keeps a pod from being scheduled.",
  {
    name: field(1, t.string, "Name of the gate.", { required: true }),
  },
);
export type PodSchedulingGate = Infer<typeof podSchedulingGateSchema>;

export const workloadReferenceSchema = struct(
  "io.k8s.api.core.v1.WorkloadReference",
  "The Workload a pod belongs to.",
  {
    name: field(1, t.string, "Name of the Workload.", { required: true }),
    podGroup: field(2, t.string, "Group in the Workload.", { required: true }),
    podGroupReplicaKey: field(3, t.string, "Which replica of the group."),
  },
);
export type WorkloadReference = Infer<typeof workloadReferenceSchema>;

export const podSpecSchema = struct("io.k8s.api.core.v1.PodSpec", "What a pod is to be.", {
  volumes: field(
    1,
    list(volumeSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge,retainKeys" }),
    "Volumes that containers can mount.",
  ),
  initContainers: field(
    20,
    list(containerSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "Containers that run one after the other, before the rest.",
  ),
  containers: field(
    2,
    list(containerSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "Containers of the pod; at least one.",
    { required: true },
  ),
  ephemeralContainers: field(
    34,
    list(ephemeralContainerSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "Containers that were added to look at the pod.",
  ),
  restartPolicy: field(
    3,
    oneOf("Always", "OnFailure", "Never"),
    "When containers are restarted: Always, OnFailure or Never.",
    { default: "Always" },
  ),
  terminationGracePeriodSeconds: field(4, t.int64, "How long the pod may take to end, in seconds.", {
    default: 30,
    keepEmpty: true,
  }),
  activeDeadlineSeconds: field(5, t.int64, "How long the pod may run, in seconds.", { keepEmpty: true }),
  dnsPolicy: field(
    6,
    oneOf("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "Which resolver the pod uses: ClusterFirst, ClusterFirstWithHostNet, Default or None.",
    {
      default: "ClusterFirst",
    },
  ),
  nodeSelector: field(7, map(t.string, { atomic: true }), "Labels that the node must have."),
  serviceAccountName: field(8, t.string, "Identity under which the pod talks to the API."),
  serviceAccount: field(9, t.string, "The old name of serviceAccountName."),
  automountServiceAccountToken: field(21, t.bool, "Whether the pod gets a token of its service account.", {
    keepEmpty: true,
  }),
  nodeName: field(10, t.string, "Node that the pod is on."),
  hostNetwork: field(11, t.bool, "Use the node's network."),
  hostPID: field(12, t.bool, "See the node's processes."),
  hostIPC: field(13, t.bool, "Share the node's memory segments."),
  shareProcessNamespace: field(27, t.bool, "Let the containers see each other's processes.", { keepEmpty: true }),
  securityContext: field(14, podSecurityContextSchema, "What holds for all containers.", {
    present: true,
    keepEmpty: true,
  }),
  imagePullSecrets: field(
    15,
    list(localObjectReferenceSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "Secrets with which images are pulled.",
  ),
  hostname: field(16, t.string, "Host name of the pod; its own name otherwise."),
  subdomain: field(17, t.string, "Service below whose name the pod is found by its host name."),
  affinity: field(18, affinitySchema, "Where the pod wants to be."),
  schedulerName: field(19, t.string, "Who places the pod.", { default: "default-scheduler" }),
  tolerations: field(22, list(tolerationSchema), "Taints that do not keep the pod away."),
  hostAliases: field(
    23,
    list(hostAliasSchema, { listType: "map", mapKeys: ["ip"], mergeKey: "ip", patchStrategy: "merge" }),
    "Lines for the pod's hosts file.",
  ),
  priorityClassName: field(24, t.string, "Sort of importance."),
  priority: field(25, t.int32, "How important the pod is; the higher, the more.", { keepEmpty: true }),
  dnsConfig: field(26, podDNSConfigSchema, "Settings of the resolver."),
  readinessGates: field(28, list(podReadinessGateSchema), "Further conditions of being ready."),
  runtimeClassName: field(29, t.string, "Sort of container runtime.", { keepEmpty: true }),
  enableServiceLinks: field(30, t.bool, "Whether Services become environment variables.", { keepEmpty: true }),
  preemptionPolicy: field(
    31,
    t.string,
    "Whether less important pods may be removed for it: PreemptLowerPriority or Never.",
    { keepEmpty: true },
  ),
  overhead: field(32, map(t.quantity), "What the runtime itself needs for the pod."),
  topologySpreadConstraints: field(
    33,
    list(topologySpreadConstraintSchema, {
      listType: "map",
      mapKeys: ["topologyKey", "whenUnsatisfiable"],
      mergeKey: "topologyKey",
      patchStrategy: "merge",
    }),
    "How evenly pods like this one are spread.",
  ),
  setHostnameAsFQDN: field(35, t.bool, "Use the full name as host name.", { keepEmpty: true }),
  os: field(36, podOSSchema, "Operating system the pod is for."),
  hostUsers: field(37, t.bool, "Use the node's user ids. Default true.", { keepEmpty: true }),
  schedulingGates: field(
    38,
    list(podSchedulingGateSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "What keeps the pod from being scheduled.",
  ),
  resourceClaims: field(
    39,
    list(podResourceClaimSchema, {
      listType: "map",
      mapKeys: ["name"],
      mergeKey: "name",
      patchStrategy: "merge,retainKeys",
    }),
    "Claims that containers may use.",
  ),
  resources: field(40, resourceRequirementsSchema, "What the pod as a whole needs and may use."),
  hostnameOverride: field(41, t.string, "Host name in place of any other.", { keepEmpty: true }),
  workloadRef: field(42, workloadReferenceSchema, "Workload that the pod belongs to."),
});
export type PodSpec = Infer<typeof podSpecSchema>;

export const podSchema = struct(
  "io.k8s.api.core.v1.Pod",
  "Containers that run together on one node and share its network.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, podSpecSchema, "What is wanted.", { present: true }),
    status: field(3, podStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type Pod = Infer<typeof podSchema>;
