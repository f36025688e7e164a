import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";
import { resourceRequirementsSchema } from "./container.ts";

export const containerStateRunningSchema = struct(
  "io.k8s.api.core.v1.ContainerStateRunning",
  "A container that runs.",
  {
    startedAt: field(1, t.time, "When it started."),
  },
);
export type ContainerStateRunning = Infer<typeof containerStateRunningSchema>;

export const containerStateTerminatedSchema = struct(
  "io.k8s.api.core.v1.ContainerStateTerminated",
  "A container that ended.",
  {
    exitCode: field(1, t.int32, "What it ended with.", { required: true }),
    signal: field(2, t.int32, "Signal that ended it."),
    reason: field(3, t.string, "One word, in CamelCase, for programs."),
    message: field(4, t.string, "A sentence for people."),
    startedAt: field(5, t.time, "When it started."),
    finishedAt: field(6, t.time, "When it ended."),
    containerID: field(7, t.string, "Identity at the container runtime."),
  },
);
export type ContainerStateTerminated = Infer<typeof containerStateTerminatedSchema>;

export const containerStateWaitingSchema = struct(
  "io.k8s.api.core.v1.ContainerStateWaiting",
  "A container that does not run yet.",
  {
    reason: field(1, t.string, "One word, in CamelCase, for programs."),
    message: field(2, t.string, "A sentence for people."),
  },
);
export type ContainerStateWaiting = Infer<typeof containerStateWaitingSchema>;

export const containerStateSchema = struct(
  "io.k8s.api.core.v1.ContainerState",
  "What a container is doing. One is set.",
  {
    waiting: field(1, containerStateWaitingSchema, "It waits."),
    running: field(2, containerStateRunningSchema, "It runs."),
    terminated: field(3, containerStateTerminatedSchema, "It has ended."),
  },
);
export type ContainerState = Infer<typeof containerStateSchema>;

export const linuxContainerUserSchema = struct(
  "io.k8s.api.core.v1.LinuxContainerUser",
  "Who a container's first process was started as.",
  {
    uid: field(1, t.int64, "User id.", { required: true }),
    gid: field(2, t.int64, "Group id.", { required: true }),
    supplementalGroups: field(3, list(t.int64), "Further group ids."),
  },
);
export type LinuxContainerUser = Infer<typeof linuxContainerUserSchema>;

export const containerUserSchema = struct("io.k8s.api.core.v1.ContainerUser", "Who a container runs as.", {
  linux: field(1, linuxContainerUserSchema, "On Linux."),
});
export type ContainerUser = Infer<typeof containerUserSchema>;

export const resourceHealthSchema = struct("io.k8s.api.core.v1.ResourceHealth", "The health of one device.", {
  resourceID: field(1, t.string, "Identity of the device.", { required: true }),
  health: field(2, t.string, "Healthy, Unhealthy or Unknown."),
});
export type ResourceHealth = Infer<typeof resourceHealthSchema>;

export const resourceStatusSchema = struct(
  "io.k8s.api.core.v1.ResourceStatus",
  "The health of the devices of one resource.",
  {
    name: field(1, t.string, "Resource in question.", { required: true }),
    resources: field(2, list(resourceHealthSchema, { listType: "map", mapKeys: ["resourceID"] }), "Its devices."),
  },
);
export type ResourceStatus = Infer<typeof resourceStatusSchema>;

export const volumeMountStatusSchema = struct("io.k8s.api.core.v1.VolumeMountStatus", "How a volume was mounted.", {
  name: field(1, t.string, "Name of the volume.", { required: true }),
  mountPath: field(2, t.string, "Path in the container.", { required: true }),
  readOnly: field(3, t.bool, "Whether it is read-only."),
  recursiveReadOnly: field(4, t.string, "Whether mounts below are read-only too.", { keepEmpty: true }),
});
export type VolumeMountStatus = Infer<typeof volumeMountStatusSchema>;

export const containerStatusSchema = struct("io.k8s.api.core.v1.ContainerStatus", "What was observed of a container.", {
  name: field(1, t.string, "Name of the container.", { required: true }),
  state: field(2, containerStateSchema, "What it is doing.", { filled: true }),
  lastState: field(3, containerStateSchema, "What it was doing before it was last restarted.", { filled: true }),
  ready: field(4, t.bool, "Whether it can be used.", { required: true }),
  restartCount: field(5, t.int32, "How often it was restarted.", { required: true }),
  image: field(6, t.string, "Image it runs.", { required: true }),
  imageID: field(7, t.string, "Exact identity of the image.", { required: true }),
  containerID: field(8, t.string, "Identity at the container runtime."),
  started: field(9, t.bool, "Whether its startup probe has succeeded.", { keepEmpty: true }),
  allocatedResources: field(10, map(t.quantity), "What the node has set aside for it."),
  resources: field(11, resourceRequirementsSchema, "What it was started with."),
  volumeMounts: field(
    12,
    list(volumeMountStatusSchema, {
      listType: "map",
      mapKeys: ["mountPath"],
      mergeKey: "mountPath",
      patchStrategy: "merge",
    }),
    "How its volumes were mounted.",
  ),
  user: field(13, containerUserSchema, "Who it runs as."),
  allocatedResourcesStatus: field(
    14,
    list(resourceStatusSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "Health of its devices.",
  ),
  stopSignal: field(15, t.string, "Signal that ends it.", { keepEmpty: true }),
});
export type ContainerStatus = Infer<typeof containerStatusSchema>;

export const hostIPSchema = struct("io.k8s.api.core.v1.HostIP", "An address of the node.", {
  ip: field(1, t.string, "The address.", { required: true }),
});
export type HostIP = Infer<typeof hostIPSchema>;

export const podConditionSchema = struct("io.k8s.api.core.v1.PodCondition", "Something that holds of a pod.", {
  type: field(1, t.string, "What the condition is about, for example Ready.", { required: true }),
  observedGeneration: field(7, t.int64, "Generation of the pod that it is about."),
  status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
  lastProbeTime: field(3, t.time, "When it was last looked at."),
  lastTransitionTime: field(4, t.time, "When the status last changed."),
  reason: field(5, t.string, "One word, in CamelCase, for programs."),
  message: field(6, t.string, "A sentence for people."),
});
export type PodCondition = Infer<typeof podConditionSchema>;

export const containerExtendedResourceRequestSchema = struct(
  "io.k8s.api.core.v1.ContainerExtendedResourceRequest",
  "Which request of a claim stands for a resource of a container.",
  {
    containerName: field(1, t.string, "Container in question.", { required: true }),
    resourceName: field(2, t.string, "Resource in question.", { required: true }),
    requestName: field(3, t.string, "Request of the claim.", { required: true }),
  },
);
export type ContainerExtendedResourceRequest = Infer<typeof containerExtendedResourceRequestSchema>;

export const podExtendedResourceClaimStatusSchema = struct(
  "io.k8s.api.core.v1.PodExtendedResourceClaimStatus",
  "The claim made for a pod's extended resources.",
  {
    requestMappings: field(1, list(containerExtendedResourceRequestSchema), "Which request stands for what.", {
      required: true,
    }),
    resourceClaimName: field(2, t.string, "Name of the claim.", { required: true }),
  },
);
export type PodExtendedResourceClaimStatus = Infer<typeof podExtendedResourceClaimStatusSchema>;

export const podIPSchema = struct("io.k8s.api.core.v1.PodIP", "An address of the pod.", {
  ip: field(1, t.string, "The address.", { required: true }),
});
export type PodIP = Infer<typeof podIPSchema>;

export const podResourceClaimStatusSchema = struct(
  "io.k8s.api.core.v1.PodResourceClaimStatus",
  "The claim made for one of the pod's.",
  {
    name: field(1, t.string, "Name of the claim in the pod.", { required: true }),
    resourceClaimName: field(2, t.string, "Name of the object that was made.", { keepEmpty: true }),
  },
);
export type PodResourceClaimStatus = Infer<typeof podResourceClaimStatusSchema>;

export const podStatusSchema = struct("io.k8s.api.core.v1.PodStatus", "What was observed of a pod.", {
  observedGeneration: field(17, t.int64, "Generation of the pod that this is about."),
  phase: field(
    1,
    oneOf("Pending", "Running", "Succeeded", "Failed", "Unknown"),
    "Pending, Running, Succeeded, Failed or Unknown.",
  ),
  conditions: field(
    2,
    list(podConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "The latest observations of the object's state. Each condition is True, False or Unknown.",
  ),
  message: field(3, t.string, "A sentence for people."),
  reason: field(4, t.string, "One word, in CamelCase, for programs."),
  nominatedNodeName: field(11, t.string, "Node that is being cleared for the pod."),
  hostIP: field(5, t.string, "Address of the node."),
  hostIPs: field(
    16,
    list(hostIPSchema, { mergeKey: "ip", patchStrategy: "merge" }),
    "Addresses of the node, one of each family.",
  ),
  podIP: field(6, t.string, "Address of the pod."),
  podIPs: field(
    12,
    list(podIPSchema, { listType: "map", mapKeys: ["ip"], mergeKey: "ip", patchStrategy: "merge" }),
    "Addresses of the pod, one of each family.",
  ),
  startTime: field(7, t.time, "When the kubelet took the pod over."),
  initContainerStatuses: field(10, list(containerStatusSchema), "What was observed of the init containers."),
  containerStatuses: field(8, list(containerStatusSchema), "What was observed of the containers."),
  qosClass: field(9, t.string, "Who has to go first when memory is short: BestEffort, Burstable or Guaranteed."),
  ephemeralContainerStatuses: field(13, list(containerStatusSchema), "What was observed of the temporary containers."),
  resize: field(14, t.string, "State of a change of resources. Conditions have taken its place."),
  resourceClaimStatuses: field(
    15,
    list(podResourceClaimStatusSchema, {
      listType: "map",
      mapKeys: ["name"],
      mergeKey: "name",
      patchStrategy: "merge,retainKeys",
    }),
    "Claims that were made for the pod.",
  ),
  extendedResourceClaimStatus: field(
    18,
    podExtendedResourceClaimStatusSchema,
    "Claim that was made for extended resources.",
  ),
  allocatedResources: field(19, map(t.quantity), "What the node has set aside for the pod."),
  resources: field(20, resourceRequirementsSchema, "What the pod as a whole needs and may use."),
});
export type PodStatus = Infer<typeof podStatusSchema>;
