import type { Subresource } from "../../../kind.ts";
import { defineKind } from "../../../kind.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema } from "../references.ts";
import { affinitySchema, tolerationSchema, topologySpreadConstraintSchema } from "./affinity.ts";
import { containerSchema, ephemeralContainerSchema, resourceRequirementsSchema } from "./container.ts";
import { podColumns } from "./pod-columns.ts";
import { withPodDefaults } from "./pod-defaults.ts";
import { podStatusSchema } from "./pod-status.ts";
import { podSecurityContextSchema } from "./security-context.ts";
import { podNameProblems, validatePod } from "./validation/validate-pod.ts";
import { volumeSchema } from "./volume.ts";

export const hostAliasSchema = struct("io.k8s.api.core.v1.HostAlias", "", {
  ip: field(1, t.string, "", { required: true }),
  hostnames: field(2, list(t.string), ""),
});
export type HostAlias = Infer<typeof hostAliasSchema>;

export const podDNSConfigOptionSchema = struct("io.k8s.api.core.v1.PodDNSConfigOption", "", {
  name: field(1, t.string, ""),
  value: field(2, t.string, "", { keepEmpty: true }),
});
export type PodDNSConfigOption = Infer<typeof podDNSConfigOptionSchema>;

export const podDNSConfigSchema = struct("io.k8s.api.core.v1.PodDNSConfig", "", {
  nameservers: field(1, list(t.string), ""),
  searches: field(2, list(t.string), ""),
  options: field(3, list(podDNSConfigOptionSchema), ""),
});
export type PodDNSConfig = Infer<typeof podDNSConfigSchema>;

export const podOSSchema = struct("io.k8s.api.core.v1.PodOS", "", {
  name: field(1, t.string, "", { required: true }),
});
export type PodOS = Infer<typeof podOSSchema>;

export const podReadinessGateSchema = struct("io.k8s.api.core.v1.PodReadinessGate", "", {
  conditionType: field(1, t.string, "", { required: true }),
});
export type PodReadinessGate = Infer<typeof podReadinessGateSchema>;

export const podResourceClaimSchema = struct("io.k8s.api.core.v1.PodResourceClaim", "", {
  name: field(1, t.string, "", { required: true }),
  resourceClaimName: field(3, t.string, "", { keepEmpty: true }),
  resourceClaimTemplateName: field(4, t.string, "", { keepEmpty: true }),
});
export type PodResourceClaim = Infer<typeof podResourceClaimSchema>;

export const podSchedulingGateSchema = struct("io.k8s.api.core.v1.PodSchedulingGate", "", {
  name: field(1, t.string, "", { required: true }),
});
export type PodSchedulingGate = Infer<typeof podSchedulingGateSchema>;

export const workloadReferenceSchema = struct("io.k8s.api.core.v1.WorkloadReference", "", {
  name: field(1, t.string, "", { required: true }),
  podGroup: field(2, t.string, "", { required: true }),
  podGroupReplicaKey: field(3, t.string, ""),
});
export type WorkloadReference = Infer<typeof workloadReferenceSchema>;

export const podSpecSchema = struct("io.k8s.api.core.v1.PodSpec", "", {
  volumes: field(
    1,
    list(volumeSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge,retainKeys" }),
    "",
  ),
  initContainers: field(
    20,
    list(containerSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
  ),
  containers: field(
    2,
    list(containerSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
    { required: true },
  ),
  ephemeralContainers: field(
    34,
    list(ephemeralContainerSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
  ),
  restartPolicy: field(3, oneOf("Always", "OnFailure", "Never"), "", { default: "Always" }),
  terminationGracePeriodSeconds: field(4, t.int64, "", { default: 30 }),
  activeDeadlineSeconds: field(5, t.int64, "", { keepEmpty: true }),
  dnsPolicy: field(6, oneOf("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"), "", {
    default: "ClusterFirst",
  }),
  nodeSelector: field(7, map(t.string, { atomic: true }), ""),
  serviceAccountName: field(8, t.string, ""),
  serviceAccount: field(9, t.string, ""),
  automountServiceAccountToken: field(21, t.bool, "", { keepEmpty: true }),
  nodeName: field(10, t.string, ""),
  hostNetwork: field(11, t.bool, ""),
  hostPID: field(12, t.bool, ""),
  hostIPC: field(13, t.bool, ""),
  shareProcessNamespace: field(27, t.bool, "", { keepEmpty: true }),
  securityContext: field(14, podSecurityContextSchema, "", { present: true }),
  imagePullSecrets: field(
    15,
    list(localObjectReferenceSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
  ),
  hostname: field(16, t.string, ""),
  subdomain: field(17, t.string, ""),
  affinity: field(18, affinitySchema, ""),
  schedulerName: field(19, t.string, "", { default: "default-scheduler" }),
  tolerations: field(22, list(tolerationSchema), ""),
  hostAliases: field(
    23,
    list(hostAliasSchema, { listType: "map", mapKeys: ["ip"], mergeKey: "ip", patchStrategy: "merge" }),
    "",
  ),
  priorityClassName: field(24, t.string, ""),
  priority: field(25, t.int32, "", { keepEmpty: true }),
  dnsConfig: field(26, podDNSConfigSchema, ""),
  readinessGates: field(28, list(podReadinessGateSchema), ""),
  runtimeClassName: field(29, t.string, "", { keepEmpty: true }),
  enableServiceLinks: field(30, t.bool, "", { default: true }),
  preemptionPolicy: field(31, t.string, "", { keepEmpty: true }),
  overhead: field(32, map(t.quantity), ""),
  topologySpreadConstraints: field(
    33,
    list(topologySpreadConstraintSchema, {
      listType: "map",
      mapKeys: ["topologyKey", "whenUnsatisfiable"],
      mergeKey: "topologyKey",
      patchStrategy: "merge",
    }),
    "",
  ),
  setHostnameAsFQDN: field(35, t.bool, "", { keepEmpty: true }),
  os: field(36, podOSSchema, ""),
  hostUsers: field(37, t.bool, "", { keepEmpty: true }),
  schedulingGates: field(
    38,
    list(podSchedulingGateSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
  ),
  resourceClaims: field(
    39,
    list(podResourceClaimSchema, {
      listType: "map",
      mapKeys: ["name"],
      mergeKey: "name",
      patchStrategy: "merge,retainKeys",
    }),
    "",
  ),
  resources: field(40, resourceRequirementsSchema, ""),
  hostnameOverride: field(41, t.string, "", { keepEmpty: true }),
  workloadRef: field(42, workloadReferenceSchema, ""),
});
export type PodSpec = Infer<typeof podSpecSchema>;

export const podSchema = struct("io.k8s.api.core.v1.Pod", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, podSpecSchema, "", { present: true }),
  status: field(3, podStatusSchema, "", { present: true }),
});
export type Pod = Infer<typeof podSchema>;

const podSubresources: readonly Subresource[] = [
  { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
  { name: "binding", kind: "Binding", verbs: ["create"] },
  { name: "ephemeralcontainers", kind: "Pod", verbs: ["get", "patch", "update"] },
  { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
  { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
  { name: "log", kind: "Pod", verbs: ["get"] },
  { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
  { name: "proxy", kind: "PodProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] },
];

export const podKind = defineKind<Pod>({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  schema: podSchema,
  hasGeneration: true,
  subresources: podSubresources,
  columns: podColumns,
  withDefaults: withPodDefaults,
  validate: validatePod,
  validateName: podNameProblems,
  selectableFields: ({ spec, status }) => ({
    "spec.nodeName": spec.nodeName ?? "",
    "spec.restartPolicy": spec.restartPolicy,
    "spec.schedulerName": spec.schedulerName,
    "spec.serviceAccountName": spec.serviceAccountName ?? "",
    "spec.hostNetwork": String(spec.hostNetwork ?? false),
    "status.phase": status.phase ?? "",
    "status.podIP": status.podIP ?? "",
    "status.nominatedNodeName": status.nominatedNodeName ?? "",
  }),
});
