import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";
import { resourceRequirementsSchema } from "./container.ts";

export const containerStateRunningSchema = struct("io.k8s.api.core.v1.ContainerStateRunning", "", {
  startedAt: field(1, t.time, ""),
});
export type ContainerStateRunning = Infer<typeof containerStateRunningSchema>;

export const containerStateTerminatedSchema = struct("io.k8s.api.core.v1.ContainerStateTerminated", "", {
  exitCode: field(1, t.int32, "", { required: true }),
  signal: field(2, t.int32, ""),
  reason: field(3, t.string, ""),
  message: field(4, t.string, ""),
  startedAt: field(5, t.time, ""),
  finishedAt: field(6, t.time, ""),
  containerID: field(7, t.string, ""),
});
export type ContainerStateTerminated = Infer<typeof containerStateTerminatedSchema>;

export const containerStateWaitingSchema = struct("io.k8s.api.core.v1.ContainerStateWaiting", "", {
  reason: field(1, t.string, ""),
  message: field(2, t.string, ""),
});
export type ContainerStateWaiting = Infer<typeof containerStateWaitingSchema>;

export const containerStateSchema = struct("io.k8s.api.core.v1.ContainerState", "", {
  waiting: field(1, containerStateWaitingSchema, ""),
  running: field(2, containerStateRunningSchema, ""),
  terminated: field(3, containerStateTerminatedSchema, ""),
});
export type ContainerState = Infer<typeof containerStateSchema>;

export const linuxContainerUserSchema = struct("io.k8s.api.core.v1.LinuxContainerUser", "", {
  uid: field(1, t.int64, "", { required: true }),
  gid: field(2, t.int64, "", { required: true }),
  supplementalGroups: field(3, list(t.int64), ""),
});
export type LinuxContainerUser = Infer<typeof linuxContainerUserSchema>;

export const containerUserSchema = struct("io.k8s.api.core.v1.ContainerUser", "", {
  linux: field(1, linuxContainerUserSchema, ""),
});
export type ContainerUser = Infer<typeof containerUserSchema>;

export const resourceHealthSchema = struct("io.k8s.api.core.v1.ResourceHealth", "", {
  resourceID: field(1, t.string, "", { required: true }),
  health: field(2, t.string, ""),
});
export type ResourceHealth = Infer<typeof resourceHealthSchema>;

export const resourceStatusSchema = struct("io.k8s.api.core.v1.ResourceStatus", "", {
  name: field(1, t.string, "", { required: true }),
  resources: field(2, list(resourceHealthSchema, { listType: "map", mapKeys: ["resourceID"] }), ""),
});
export type ResourceStatus = Infer<typeof resourceStatusSchema>;

export const volumeMountStatusSchema = struct("io.k8s.api.core.v1.VolumeMountStatus", "", {
  name: field(1, t.string, "", { required: true }),
  mountPath: field(2, t.string, "", { required: true }),
  readOnly: field(3, t.bool, ""),
  recursiveReadOnly: field(4, t.string, "", { keepEmpty: true }),
});
export type VolumeMountStatus = Infer<typeof volumeMountStatusSchema>;

export const containerStatusSchema = struct("io.k8s.api.core.v1.ContainerStatus", "", {
  name: field(1, t.string, "", { required: true }),
  state: field(2, containerStateSchema, ""),
  lastState: field(3, containerStateSchema, ""),
  ready: field(4, t.bool, "", { required: true }),
  restartCount: field(5, t.int32, "", { required: true }),
  image: field(6, t.string, "", { required: true }),
  imageID: field(7, t.string, "", { required: true }),
  containerID: field(8, t.string, ""),
  started: field(9, t.bool, "", { keepEmpty: true }),
  allocatedResources: field(10, map(t.quantity), ""),
  resources: field(11, resourceRequirementsSchema, ""),
  volumeMounts: field(
    12,
    list(volumeMountStatusSchema, {
      listType: "map",
      mapKeys: ["mountPath"],
      mergeKey: "mountPath",
      patchStrategy: "merge",
    }),
    "",
  ),
  user: field(13, containerUserSchema, ""),
  allocatedResourcesStatus: field(
    14,
    list(resourceStatusSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
  ),
  stopSignal: field(15, t.string, "", { keepEmpty: true }),
});
export type ContainerStatus = Infer<typeof containerStatusSchema>;

export const hostIPSchema = struct("io.k8s.api.core.v1.HostIP", "", {
  ip: field(1, t.string, "", { required: true }),
});
export type HostIP = Infer<typeof hostIPSchema>;

export const podConditionSchema = struct("io.k8s.api.core.v1.PodCondition", "", {
  type: field(1, t.string, "", { required: true }),
  observedGeneration: field(7, t.int64, ""),
  status: field(2, oneOf("True", "False", "Unknown"), "", { required: true }),
  lastProbeTime: field(3, t.time, ""),
  lastTransitionTime: field(4, t.time, ""),
  reason: field(5, t.string, ""),
  message: field(6, t.string, ""),
});
export type PodCondition = Infer<typeof podConditionSchema>;

export const containerExtendedResourceRequestSchema = struct(
  "io.k8s.api.core.v1.ContainerExtendedResourceRequest",
  "",
  {
    containerName: field(1, t.string, "", { required: true }),
    resourceName: field(2, t.string, "", { required: true }),
    requestName: field(3, t.string, "", { required: true }),
  },
);
export type ContainerExtendedResourceRequest = Infer<typeof containerExtendedResourceRequestSchema>;

export const podExtendedResourceClaimStatusSchema = struct("io.k8s.api.core.v1.PodExtendedResourceClaimStatus", "", {
  requestMappings: field(1, list(containerExtendedResourceRequestSchema), "", { required: true }),
  resourceClaimName: field(2, t.string, "", { required: true }),
});
export type PodExtendedResourceClaimStatus = Infer<typeof podExtendedResourceClaimStatusSchema>;

export const podIPSchema = struct("io.k8s.api.core.v1.PodIP", "", {
  ip: field(1, t.string, "", { required: true }),
});
export type PodIP = Infer<typeof podIPSchema>;

export const podResourceClaimStatusSchema = struct("io.k8s.api.core.v1.PodResourceClaimStatus", "", {
  name: field(1, t.string, "", { required: true }),
  resourceClaimName: field(2, t.string, "", { keepEmpty: true }),
});
export type PodResourceClaimStatus = Infer<typeof podResourceClaimStatusSchema>;

export const podStatusSchema = struct("io.k8s.api.core.v1.PodStatus", "", {
  observedGeneration: field(17, t.int64, ""),
  phase: field(1, oneOf("Pending", "Running", "Succeeded", "Failed", "Unknown"), ""),
  conditions: field(
    2,
    list(podConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "",
  ),
  message: field(3, t.string, ""),
  reason: field(4, t.string, ""),
  nominatedNodeName: field(11, t.string, ""),
  hostIP: field(5, t.string, ""),
  hostIPs: field(16, list(hostIPSchema, { mergeKey: "ip", patchStrategy: "merge" }), ""),
  podIP: field(6, t.string, ""),
  podIPs: field(
    12,
    list(podIPSchema, { listType: "map", mapKeys: ["ip"], mergeKey: "ip", patchStrategy: "merge" }),
    "",
  ),
  startTime: field(7, t.time, ""),
  initContainerStatuses: field(10, list(containerStatusSchema), ""),
  containerStatuses: field(8, list(containerStatusSchema), ""),
  qosClass: field(9, t.string, ""),
  ephemeralContainerStatuses: field(13, list(containerStatusSchema), ""),
  resize: field(14, t.string, ""),
  resourceClaimStatuses: field(
    15,
    list(podResourceClaimStatusSchema, {
      listType: "map",
      mapKeys: ["name"],
      mergeKey: "name",
      patchStrategy: "merge,retainKeys",
    }),
    "",
  ),
  extendedResourceClaimStatus: field(18, podExtendedResourceClaimStatusSchema, ""),
  allocatedResources: field(19, map(t.quantity), ""),
  resources: field(20, resourceRequirementsSchema, ""),
});
export type PodStatus = Infer<typeof podStatusSchema>;
