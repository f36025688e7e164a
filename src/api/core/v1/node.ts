import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../schema.ts";
import { nodeColumns } from "./node/node-columns.ts";
import { validateNode, withNodeDefaults } from "./node/validate-node.ts";

export const configMapNodeConfigSourceSchema = struct("io.k8s.api.core.v1.ConfigMapNodeConfigSource", "", {
  namespace: field(1, t.string, "", { required: true }),
  name: field(2, t.string, "", { required: true }),
  uid: field(3, t.string, ""),
  resourceVersion: field(4, t.string, ""),
  kubeletConfigKey: field(5, t.string, "", { required: true }),
});
export type ConfigMapNodeConfigSource = Infer<typeof configMapNodeConfigSourceSchema>;

export const nodeConfigSourceSchema = struct("io.k8s.api.core.v1.NodeConfigSource", "", {
  configMap: field(2, configMapNodeConfigSourceSchema, ""),
});
export type NodeConfigSource = Infer<typeof nodeConfigSourceSchema>;

export const taintSchema = struct("io.k8s.api.core.v1.Taint", "", {
  key: field(1, t.string, "", { required: true }),
  value: field(2, t.string, ""),
  effect: field(3, oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"), "", { required: true }),
  timeAdded: field(4, t.time, ""),
});
export type Taint = Infer<typeof taintSchema>;

export const nodeSpecSchema = struct("io.k8s.api.core.v1.NodeSpec", "", {
  podCIDR: field(1, t.string, ""),
  podCIDRs: field(7, list(t.string, { listType: "set", patchStrategy: "merge" }), ""),
  providerID: field(3, t.string, ""),
  unschedulable: field(4, t.bool, ""),
  taints: field(5, list(taintSchema), ""),
  configSource: field(6, nodeConfigSourceSchema, ""),
  externalID: field(2, t.string, ""),
});
export type NodeSpec = Infer<typeof nodeSpecSchema>;

export const attachedVolumeSchema = struct("io.k8s.api.core.v1.AttachedVolume", "", {
  name: field(1, t.string, "", { required: true }),
  devicePath: field(2, t.string, "", { required: true }),
});
export type AttachedVolume = Infer<typeof attachedVolumeSchema>;

export const containerImageSchema = struct("io.k8s.api.core.v1.ContainerImage", "", {
  names: field(1, list(t.string), ""),
  sizeBytes: field(2, t.int64, ""),
});
export type ContainerImage = Infer<typeof containerImageSchema>;

export const nodeAddressSchema = struct("io.k8s.api.core.v1.NodeAddress", "", {
  type: field(1, oneOf("Hostname", "InternalIP", "ExternalIP", "InternalDNS", "ExternalDNS"), "", { required: true }),
  address: field(2, t.string, "", { required: true }),
});
export type NodeAddress = Infer<typeof nodeAddressSchema>;

export const nodeConditionSchema = struct("io.k8s.api.core.v1.NodeCondition", "", {
  type: field(1, t.string, "", { required: true }),
  status: field(2, oneOf("True", "False", "Unknown"), "", { required: true }),
  lastHeartbeatTime: field(3, t.time, ""),
  lastTransitionTime: field(4, t.time, ""),
  reason: field(5, t.string, ""),
  message: field(6, t.string, ""),
});
export type NodeCondition = Infer<typeof nodeConditionSchema>;

export const nodeConfigStatusSchema = struct("io.k8s.api.core.v1.NodeConfigStatus", "", {
  assigned: field(1, nodeConfigSourceSchema, ""),
  active: field(2, nodeConfigSourceSchema, ""),
  lastKnownGood: field(3, nodeConfigSourceSchema, ""),
  error: field(4, t.string, ""),
});
export type NodeConfigStatus = Infer<typeof nodeConfigStatusSchema>;

export const daemonEndpointSchema = struct("io.k8s.api.core.v1.DaemonEndpoint", "", {
  Port: field(1, t.int32, "", { required: true }),
});
export type DaemonEndpoint = Infer<typeof daemonEndpointSchema>;

export const nodeDaemonEndpointsSchema = struct("io.k8s.api.core.v1.NodeDaemonEndpoints", "", {
  kubeletEndpoint: field(1, daemonEndpointSchema, ""),
});
export type NodeDaemonEndpoints = Infer<typeof nodeDaemonEndpointsSchema>;

export const nodeFeaturesSchema = struct("io.k8s.api.core.v1.NodeFeatures", "", {
  supplementalGroupsPolicy: field(1, t.bool, "", { keepEmpty: true }),
});
export type NodeFeatures = Infer<typeof nodeFeaturesSchema>;

export const nodeRuntimeHandlerFeaturesSchema = struct("io.k8s.api.core.v1.NodeRuntimeHandlerFeatures", "", {
  recursiveReadOnlyMounts: field(1, t.bool, "", { keepEmpty: true }),
  userNamespaces: field(2, t.bool, "", { keepEmpty: true }),
});
export type NodeRuntimeHandlerFeatures = Infer<typeof nodeRuntimeHandlerFeaturesSchema>;

export const nodeRuntimeHandlerSchema = struct("io.k8s.api.core.v1.NodeRuntimeHandler", "", {
  name: field(1, t.string, "", { keepEmpty: true }),
  features: field(2, nodeRuntimeHandlerFeaturesSchema, ""),
});
export type NodeRuntimeHandler = Infer<typeof nodeRuntimeHandlerSchema>;

export const nodeSwapStatusSchema = struct("io.k8s.api.core.v1.NodeSwapStatus", "", {
  capacity: field(1, t.int64, "", { keepEmpty: true }),
});
export type NodeSwapStatus = Infer<typeof nodeSwapStatusSchema>;

export const nodeSystemInfoSchema = struct("io.k8s.api.core.v1.NodeSystemInfo", "", {
  machineID: field(1, t.string, "", { required: true }),
  systemUUID: field(2, t.string, "", { required: true }),
  bootID: field(3, t.string, "", { required: true }),
  kernelVersion: field(4, t.string, "", { required: true }),
  osImage: field(5, t.string, "", { required: true }),
  containerRuntimeVersion: field(6, t.string, "", { required: true }),
  kubeletVersion: field(7, t.string, "", { required: true }),
  kubeProxyVersion: field(8, t.string, "", { required: true }),
  operatingSystem: field(9, t.string, "", { required: true }),
  architecture: field(10, t.string, "", { required: true }),
  swap: field(11, nodeSwapStatusSchema, ""),
});
export type NodeSystemInfo = Infer<typeof nodeSystemInfoSchema>;

export const nodeStatusSchema = struct("io.k8s.api.core.v1.NodeStatus", "", {
  capacity: field(1, map(t.quantity), ""),
  allocatable: field(2, map(t.quantity), ""),
  phase: field(3, t.string, ""),
  conditions: field(
    4,
    list(nodeConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "",
  ),
  addresses: field(
    5,
    list(nodeAddressSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "",
  ),
  daemonEndpoints: field(6, nodeDaemonEndpointsSchema, ""),
  nodeInfo: field(7, nodeSystemInfoSchema, ""),
  images: field(8, list(containerImageSchema), ""),
  volumesInUse: field(9, list(t.string), ""),
  volumesAttached: field(10, list(attachedVolumeSchema), ""),
  config: field(11, nodeConfigStatusSchema, ""),
  runtimeHandlers: field(12, list(nodeRuntimeHandlerSchema), ""),
  features: field(13, nodeFeaturesSchema, ""),
  declaredFeatures: field(14, list(t.string), ""),
});
export type NodeStatus = Infer<typeof nodeStatusSchema>;

export const nodeSchema = struct("io.k8s.api.core.v1.Node", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, nodeSpecSchema, "", { present: true }),
  status: field(3, nodeStatusSchema, "", { present: true }),
});
export type Node = Infer<typeof nodeSchema>;

export const nodeKind = defineKind<Node>({
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  schema: nodeSchema,
  subresources: [{ name: "proxy", kind: "NodeProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  columns: nodeColumns,
  withDefaults: withNodeDefaults,
  validate: validateNode,
  validateName: dnsSubdomainProblems,
  selectableFields: ({ spec }) => ({ "spec.unschedulable": String(spec.unschedulable ?? false) }),
});
