import type { Infer } from "../../../schema.ts";
import { field, inlined, list, map, oneOf, struct, t } from "../../../schema.ts";
import { envFromSourceSchema, envVarSchema } from "./env.ts";
import { lifecycleSchema, probeSchema } from "./probe.ts";
import { securityContextSchema } from "./security-context.ts";

export const containerPortSchema = struct("io.k8s.api.core.v1.ContainerPort", "", {
  name: field(1, t.string, ""),
  hostPort: field(2, t.int32, ""),
  containerPort: field(3, t.int32, "", { required: true }),
  protocol: field(4, oneOf("TCP", "UDP", "SCTP"), "", { default: "TCP" }),
  hostIP: field(5, t.string, ""),
});
export type ContainerPort = Infer<typeof containerPortSchema>;

export const containerResizePolicySchema = struct("io.k8s.api.core.v1.ContainerResizePolicy", "", {
  resourceName: field(1, t.string, "", { required: true }),
  restartPolicy: field(2, t.string, "", { required: true }),
});
export type ContainerResizePolicy = Infer<typeof containerResizePolicySchema>;

export const containerRestartRuleOnExitCodesSchema = struct("io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes", "", {
  operator: field(1, t.string, "", { required: true }),
  values: field(2, list(t.int32, { listType: "set" }), ""),
});
export type ContainerRestartRuleOnExitCodes = Infer<typeof containerRestartRuleOnExitCodesSchema>;

export const containerRestartRuleSchema = struct("io.k8s.api.core.v1.ContainerRestartRule", "", {
  action: field(1, t.string, "", { required: true }),
  exitCodes: field(2, containerRestartRuleOnExitCodesSchema, ""),
});
export type ContainerRestartRule = Infer<typeof containerRestartRuleSchema>;

export const resourceClaimSchema = struct("io.k8s.api.core.v1.ResourceClaim", "", {
  name: field(1, t.string, "", { required: true }),
  request: field(2, t.string, ""),
});
export type ResourceClaim = Infer<typeof resourceClaimSchema>;

export const resourceRequirementsSchema = struct("io.k8s.api.core.v1.ResourceRequirements", "", {
  limits: field(1, map(t.quantity), ""),
  requests: field(2, map(t.quantity), ""),
  claims: field(3, list(resourceClaimSchema, { listType: "map", mapKeys: ["name"] }), ""),
});
export type ResourceRequirements = Infer<typeof resourceRequirementsSchema>;

export const volumeDeviceSchema = struct("io.k8s.api.core.v1.VolumeDevice", "", {
  name: field(1, t.string, "", { required: true }),
  devicePath: field(2, t.string, "", { required: true }),
});
export type VolumeDevice = Infer<typeof volumeDeviceSchema>;

export const volumeMountSchema = struct("io.k8s.api.core.v1.VolumeMount", "", {
  name: field(1, t.string, "", { required: true }),
  readOnly: field(2, t.bool, ""),
  recursiveReadOnly: field(7, t.string, "", { keepEmpty: true }),
  mountPath: field(3, t.string, "", { required: true }),
  subPath: field(4, t.string, ""),
  mountPropagation: field(5, t.string, "", { keepEmpty: true }),
  subPathExpr: field(6, t.string, ""),
});
export type VolumeMount = Infer<typeof volumeMountSchema>;

export const containerSchema = struct("io.k8s.api.core.v1.Container", "", {
  name: field(1, t.string, "", { required: true }),
  image: field(2, t.string, "", { present: true }),
  command: field(3, list(t.string), ""),
  args: field(4, list(t.string), ""),
  workingDir: field(5, t.string, ""),
  ports: field(
    6,
    list(containerPortSchema, {
      listType: "map",
      mapKeys: ["containerPort", "protocol"],
      mergeKey: "containerPort",
      patchStrategy: "merge",
    }),
    "",
  ),
  envFrom: field(19, list(envFromSourceSchema), ""),
  env: field(
    7,
    list(envVarSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
  ),
  resources: field(8, resourceRequirementsSchema, "", { present: true }),
  resizePolicy: field(23, list(containerResizePolicySchema), ""),
  restartPolicy: field(24, t.string, "", { keepEmpty: true }),
  restartPolicyRules: field(25, list(containerRestartRuleSchema), ""),
  volumeMounts: field(
    9,
    list(volumeMountSchema, { listType: "map", mapKeys: ["mountPath"], mergeKey: "mountPath", patchStrategy: "merge" }),
    "",
  ),
  volumeDevices: field(
    21,
    list(volumeDeviceSchema, {
      listType: "map",
      mapKeys: ["devicePath"],
      mergeKey: "devicePath",
      patchStrategy: "merge",
    }),
    "",
  ),
  livenessProbe: field(10, probeSchema, ""),
  readinessProbe: field(11, probeSchema, ""),
  startupProbe: field(22, probeSchema, ""),
  lifecycle: field(12, lifecycleSchema, ""),
  terminationMessagePath: field(13, t.string, "", { default: "/dev/termination-log" }),
  terminationMessagePolicy: field(20, oneOf("File", "FallbackToLogsOnError"), "", { default: "File" }),
  imagePullPolicy: field(14, oneOf("Always", "IfNotPresent", "Never"), "", { present: true }),
  securityContext: field(15, securityContextSchema, ""),
  stdin: field(16, t.bool, ""),
  stdinOnce: field(17, t.bool, ""),
  tty: field(18, t.bool, ""),
});
export type Container = Infer<typeof containerSchema>;

export const ephemeralContainerCommonSchema = struct("io.k8s.api.core.v1.EphemeralContainerCommon", "", {
  name: field(1, t.string, "", { keepEmpty: true }),
  image: field(2, t.string, ""),
  command: field(3, list(t.string), ""),
  args: field(4, list(t.string), ""),
  workingDir: field(5, t.string, ""),
  ports: field(
    6,
    list(containerPortSchema, {
      listType: "map",
      mapKeys: ["containerPort", "protocol"],
      mergeKey: "containerPort",
      patchStrategy: "merge",
    }),
    "",
  ),
  envFrom: field(19, list(envFromSourceSchema), ""),
  env: field(
    7,
    list(envVarSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "",
  ),
  resources: field(8, resourceRequirementsSchema, ""),
  resizePolicy: field(23, list(containerResizePolicySchema), ""),
  restartPolicy: field(24, t.string, "", { keepEmpty: true }),
  restartPolicyRules: field(25, list(containerRestartRuleSchema), ""),
  volumeMounts: field(
    9,
    list(volumeMountSchema, { listType: "map", mapKeys: ["mountPath"], mergeKey: "mountPath", patchStrategy: "merge" }),
    "",
  ),
  volumeDevices: field(
    21,
    list(volumeDeviceSchema, {
      listType: "map",
      mapKeys: ["devicePath"],
      mergeKey: "devicePath",
      patchStrategy: "merge",
    }),
    "",
  ),
  livenessProbe: field(10, probeSchema, ""),
  readinessProbe: field(11, probeSchema, ""),
  startupProbe: field(22, probeSchema, ""),
  lifecycle: field(12, lifecycleSchema, ""),
  terminationMessagePath: field(13, t.string, ""),
  terminationMessagePolicy: field(20, t.string, ""),
  imagePullPolicy: field(14, t.string, ""),
  securityContext: field(15, securityContextSchema, ""),
  stdin: field(16, t.bool, ""),
  stdinOnce: field(17, t.bool, ""),
  tty: field(18, t.bool, ""),
});
export type EphemeralContainerCommon = Infer<typeof ephemeralContainerCommonSchema>;

export const ephemeralContainerSchema = struct("io.k8s.api.core.v1.EphemeralContainer", "", {
  ...inlined(1, ephemeralContainerCommonSchema),
  targetContainerName: field(2, t.string, ""),
});
export type EphemeralContainer = Infer<typeof ephemeralContainerSchema>;
