import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";

export const configMapNodeConfigSourceSchema = struct(
  "io.k8s.api.core.v1.ConfigMapNodeConfigSource",
  "A ConfigMap with kubelet settings. No longer used.",
  {
    namespace: field(1, t.string, "Namespace of the ConfigMap.", { required: true }),
    name: field(2, t.string, "Name of the ConfigMap.", { required: true }),
    uid: field(3, t.string, "Unique identity of the ConfigMap."),
    resourceVersion: field(4, t.string, "Version of the ConfigMap."),
    kubeletConfigKey: field(5, t.string, "Key under which the settings are.", { required: true }),
  },
);
export type ConfigMapNodeConfigSource = Infer<typeof configMapNodeConfigSourceSchema>;

export const nodeConfigSourceSchema = struct(
  "io.k8s.api.core.v1.NodeConfigSource",
  "Where a kubelet's settings come from. No longer used.",
  {
    configMap: field(2, configMapNodeConfigSourceSchema, "ConfigMap with the settings."),
  },
);
export type NodeConfigSource = Infer<typeof nodeConfigSourceSchema>;

export const taintSchema = struct("io.k8s.api.core.v1.Taint", "Keeps pods away that do not tolerate it.", {
  key: field(1, t.string, "Name of the taint.", { required: true }),
  value: field(2, t.string, "Value of the taint."),
  effect: field(
    3,
    oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"),
    "What happens to pods that do not tolerate it: NoSchedule, PreferNoSchedule or NoExecute.",
    { required: true },
  ),
  timeAdded: field(4, t.time, "When the taint was put on the node."),
});
export type Taint = Infer<typeof taintSchema>;

export const nodeSpecSchema = struct("io.k8s.api.core.v1.NodeSpec", "What is wanted of a node.", {
  podCIDR: field(1, t.string, "Range that the node's pods get their addresses from."),
  podCIDRs: field(7, list(t.string, { listType: "set", patchStrategy: "merge" }), "The same for each address family."),
  providerID: field(3, t.string, "Identity of the machine at its provider."),
  unschedulable: field(4, t.bool, "Whether new pods stay away."),
  taints: field(5, list(taintSchema), "What keeps pods away."),
  configSource: field(6, nodeConfigSourceSchema, "Where the kubelet's settings come from. No longer used."),
  externalID: field(2, t.string, "Identity outside the cluster. No longer used."),
});
export type NodeSpec = Infer<typeof nodeSpecSchema>;

export const attachedVolumeSchema = struct(
  "io.k8s.api.core.v1.AttachedVolume",
  "A volume that is attached to a node.",
  {
    name: field(1, t.string, "Name of the volume.", { required: true }),
    devicePath: field(2, t.string, "Device under which the node has it.", { required: true }),
  },
);
export type AttachedVolume = Infer<typeof attachedVolumeSchema>;

export const containerImageSchema = struct("io.k8s.api.core.v1.ContainerImage", "An image that a node has.", {
  names: field(1, list(t.string), "All names of the image.", { filled: true }),
  sizeBytes: field(2, t.int64, "Size of the image."),
});
export type ContainerImage = Infer<typeof containerImageSchema>;

export const nodeAddressSchema = struct("io.k8s.api.core.v1.NodeAddress", "An address of a node.", {
  type: field(
    1,
    oneOf("Hostname", "InternalIP", "ExternalIP", "InternalDNS", "ExternalDNS"),
    "Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.",
    { required: true },
  ),
  address: field(2, t.string, "The address itself.", { required: true }),
});
export type NodeAddress = Infer<typeof nodeAddressSchema>;

export const nodeConditionSchema = struct("io.k8s.api.core.v1.NodeCondition", "Something that holds of a node.", {
  type: field(1, t.string, "What the condition is about, for example Ready.", { required: true }),
  status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
  lastHeartbeatTime: field(3, t.time, "When the node last said so."),
  lastTransitionTime: field(4, t.time, "When the status last changed."),
  reason: field(5, t.string, "One word, in CamelCase, for programs."),
  message: field(6, t.string, "A sentence for people."),
});
export type NodeCondition = Infer<typeof nodeConditionSchema>;

export const nodeConfigStatusSchema = struct(
  "io.k8s.api.core.v1.NodeConfigStatus",
  "Which settings the kubelet uses. No longer used.",
  {
    assigned: field(1, nodeConfigSourceSchema, "Settings it should use."),
    active: field(2, nodeConfigSourceSchema, "Settings it uses."),
    lastKnownGood: field(3, nodeConfigSourceSchema, "Settings it falls back to."),
    error: field(4, t.string, "What went wrong with the assigned ones."),
  },
);
export type NodeConfigStatus = Infer<typeof nodeConfigStatusSchema>;

export const daemonEndpointSchema = struct(
  "io.k8s.api.core.v1.DaemonEndpoint",
  "A port that a program on the node listens on.",
  {
    Port: field(1, t.int32, "Port number.", { required: true }),
  },
);
export type DaemonEndpoint = Infer<typeof daemonEndpointSchema>;

export const nodeDaemonEndpointsSchema = struct(
  "io.k8s.api.core.v1.NodeDaemonEndpoints",
  "Where programs on the node listen.",
  {
    kubeletEndpoint: field(1, daemonEndpointSchema, "Where the kubelet listens.", { filled: true }),
  },
);
export type NodeDaemonEndpoints = Infer<typeof nodeDaemonEndpointsSchema>;

export const nodeFeaturesSchema = struct(
  "io.k8s.api.core.v1.NodeFeatures",
  "What the container runtime as a whole can do.",
  {
    supplementalGroupsPolicy: field(1, t.bool, "Whether supplementalGroupsPolicy is obeyed.", { keepEmpty: true }),
  },
);
export type NodeFeatures = Infer<typeof nodeFeaturesSchema>;

export const nodeRuntimeHandlerFeaturesSchema = struct(
  "io.k8s.api.core.v1.NodeRuntimeHandlerFeatures",
  "What one runtime handler can do.",
  {
    recursiveReadOnlyMounts: field(1, t.bool, "Whether mounts can be read-only all the way down.", { keepEmpty: true }),
    userNamespaces: field(2, t.bool, "Whether pods can have user ids of their own.", { keepEmpty: true }),
  },
);
export type NodeRuntimeHandlerFeatures = Infer<typeof nodeRuntimeHandlerFeaturesSchema>;

export const nodeRuntimeHandlerSchema = struct(
  "io.k8s.api.core.v1.NodeRuntimeHandler",
  "A way of running containers.",
  {
    name: field(1, t.string, "Name of the handler; empty for the default.", { filled: true }),
    features: field(2, nodeRuntimeHandlerFeaturesSchema, "What the handler can do."),
  },
);
export type NodeRuntimeHandler = Infer<typeof nodeRuntimeHandlerSchema>;

export const nodeSwapStatusSchema = struct("io.k8s.api.core.v1.NodeSwapStatus", "Swap space of a node.", {
  capacity: field(1, t.int64, "Size in bytes.", { keepEmpty: true }),
});
export type NodeSwapStatus = Infer<typeof nodeSwapStatusSchema>;

export const nodeSystemInfoSchema = struct("io.k8s.api.core.v1.NodeSystemInfo", "What a node runs on.", {
  machineID: field(1, t.string, "Identity of the machine, from machine-id.", { required: true }),
  systemUUID: field(2, t.string, "Identity of the machine, from its firmware.", { required: true }),
  bootID: field(3, t.string, "Identity of this boot.", { required: true }),
  kernelVersion: field(4, t.string, "Version of the kernel.", { required: true }),
  osImage: field(5, t.string, "Name of the operating system.", { required: true }),
  containerRuntimeVersion: field(6, t.string, "Container runtime and its version.", { required: true }),
  kubeletVersion: field(7, t.string, "Version of the kubelet.", { required: true }),
  kubeProxyVersion: field(8, t.string, "Version of the service proxy. No longer filled in upstream.", {
    required: true,
  }),
  operatingSystem: field(9, t.string, "Sort of operating system, for example linux.", { required: true }),
  architecture: field(10, t.string, "Sort of processor, for example amd64.", { required: true }),
  swap: field(11, nodeSwapStatusSchema, "Swap space."),
});
export type NodeSystemInfo = Infer<typeof nodeSystemInfoSchema>;

export const nodeStatusSchema = struct("io.k8s.api.core.v1.NodeStatus", "What was observed of a node.", {
  capacity: field(1, map(t.quantity), "What there is of each resource."),
  allocatable: field(2, map(t.quantity), "What pods may use of each resource."),
  phase: field(3, t.string, "State of the node. No longer used."),
  conditions: field(
    4,
    list(nodeConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "The latest observations of the object's state. Each condition is True, False or Unknown.",
  ),
  addresses: field(
    5,
    list(nodeAddressSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "Where the node is reached.",
  ),
  daemonEndpoints: field(6, nodeDaemonEndpointsSchema, "Where programs on the node listen.", { filled: true }),
  nodeInfo: field(7, nodeSystemInfoSchema, "What the node runs on.", { filled: true }),
  images: field(8, list(containerImageSchema), "Images that the node has."),
  volumesInUse: field(9, list(t.string), "Volumes that pods on the node use."),
  volumesAttached: field(10, list(attachedVolumeSchema), "Volumes that are attached to the node."),
  config: field(11, nodeConfigStatusSchema, "Which settings the kubelet uses. No longer used."),
  runtimeHandlers: field(12, list(nodeRuntimeHandlerSchema), "Ways of running containers that the node has."),
  features: field(13, nodeFeaturesSchema, "What the container runtime can do."),
  declaredFeatures: field(14, list(t.string), "Features that the kubelet says it has."),
});
export type NodeStatus = Infer<typeof nodeStatusSchema>;

export const nodeSchema = struct("io.k8s.api.core.v1.Node", "A machine that runs pods.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  spec: field(2, nodeSpecSchema, "What is wanted.", { present: true }),
  status: field(3, nodeStatusSchema, "What was observed. Written by the system.", { present: true }),
});
export type Node = Infer<typeof nodeSchema>;
