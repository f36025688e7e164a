import type { Infer } from "../../../schema.ts";
import { field, inlined, list, map, oneOf, struct, t } from "../../../schema.ts";
import { envFromSourceSchema, envVarSchema } from "./env.ts";
import { lifecycleSchema, probeSchema } from "./probe.ts";
import { securityContextSchema } from "./security-context.ts";

export const containerPortSchema = struct("io.k8s.api.core.v1.ContainerPort", "A port that a container listens on.", {
  name: field(1, t.string, "Name by which Services and probes may refer to the port."),
  hostPort: field(2, t.int32, "Port of the node that leads here."),
  containerPort: field(3, t.int32, "Port number in the pod.", { required: true }),
  protocol: field(4, oneOf("TCP", "UDP", "SCTP"), "TCP, UDP or SCTP.", { default: "TCP" }),
  hostIP: field(5, t.string, "Address of the node to which hostPort is bound."),
});
export type ContainerPort = Infer<typeof containerPortSchema>;

export const containerResizePolicySchema = struct(
  "io.k8s.api.core.v1.ContainerResizePolicy",
  "What a change of a resource means for the container.",
  {
    resourceName: field(1, t.string, "cpu or memory.", { required: true }),
    restartPolicy: field(2, t.string, "NotRequired or RestartContainer.", { required: true }),
  },
);
export type ContainerResizePolicy = Infer<typeof containerResizePolicySchema>;

export const containerRestartRuleOnExitCodesSchema = struct(
  "io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes",
  "Exit codes that a rule is about.",
  {
    operator: field(1, t.string, "In or NotIn.", { required: true }),
    values: field(2, list(t.int32, { listType: "set" }), "The exit codes."),
  },
);
export type ContainerRestartRuleOnExitCodes = Infer<typeof containerRestartRuleOnExitCodesSchema>;

export const containerRestartRuleSchema = struct(
  "io.k8s.api.core.v1.ContainerRestartRule",
  "What to do when a container ends in a certain way.",
  {
    action: field(1, t.string, "Restart, or RestartAllContainers.", { required: true }),
    exitCodes: field(2, containerRestartRuleOnExitCodesSchema, "Exit codes that the rule is about."),
  },
);
export type ContainerRestartRule = Infer<typeof containerRestartRuleSchema>;

export const resourceClaimSchema = struct(
  "io.k8s.api.core.v1.ResourceClaim",
  "A claim of the pod that a container uses.",
  {
    name: field(1, t.string, "Name of the claim in the pod.", { required: true }),
    request: field(2, t.string, "Which request of the claim; all when empty."),
  },
);
export type ResourceClaim = Infer<typeof resourceClaimSchema>;

export const resourceRequirementsSchema = struct(
  "io.k8s.api.core.v1.ResourceRequirements",
  "How much of each resource is needed and allowed.",
  {
    limits: field(1, map(t.quantity), "The most that may be used, by resource."),
    requests: field(2, map(t.quantity), "What is set aside at least, by resource."),
    claims: field(
      3,
      list(resourceClaimSchema, { listType: "map", mapKeys: ["name"] }),
      "Claims of the pod that are used.",
    ),
  },
);
export type ResourceRequirements = Infer<typeof resourceRequirementsSchema>;

export const volumeDeviceSchema = struct("io.k8s.api.core.v1.VolumeDevice", "A block device in a container.", {
  name: field(1, t.string, "Name of the volume.", { required: true }),
  devicePath: field(2, t.string, "Path of the device in the container.", { required: true }),
});
export type VolumeDevice = Infer<typeof volumeDeviceSchema>;

export const volumeMountSchema = struct("io.k8s.api.core.v1.VolumeMount", "A volume in a container.", {
  name: field(1, t.string, "Name of the volume.", { required: true }),
  readOnly: field(2, t.bool, "Mount it so that it cannot be written to."),
  recursiveReadOnly: field(7, t.string, "Whether mounts below are read-only too: Disabled, IfPossible or Enabled.", {
    keepEmpty: true,
  }),
  mountPath: field(3, t.string, "Path in the container.", { required: true }),
  subPath: field(4, t.string, "Path in the volume; its root otherwise."),
  mountPropagation: field(
    5,
    t.string,
    "Whether later mounts are seen across: None, HostToContainer or Bidirectional.",
    { keepEmpty: true },
  ),
  subPathExpr: field(6, t.string, "As subPath, with $(NAME) standing for environment variables."),
});
export type VolumeMount = Infer<typeof volumeMountSchema>;

/** What every sort of container has. Defaults are those of temporary ones: none. */
const containerFields = {
  name: field(1, t.string, "Name of the container, unique in the pod.", { required: true }),
  image: field(2, t.string, "Image to run."),
  command: field(
    3,
    list(t.string),
    "Program to run instead of the image's entry point. $(NAME) stands for environment variables.",
  ),
  args: field(4, list(t.string), "Arguments instead of the image's."),
  workingDir: field(5, t.string, "Directory to start in; the image's otherwise."),
  ports: field(
    6,
    list(containerPortSchema, {
      listType: "map",
      mapKeys: ["containerPort", "protocol"],
      mergeKey: "containerPort",
      patchStrategy: "merge",
    }),
    "Ports that the container listens on, for information.",
  ),
  envFrom: field(19, list(envFromSourceSchema), "Sources of environment variables in bulk."),
  env: field(
    7,
    list(envVarSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "Environment variables. They win over those in bulk.",
  ),
  resources: field(8, resourceRequirementsSchema, "How much of each resource is needed and allowed.", { filled: true }),
  resizePolicy: field(23, list(containerResizePolicySchema), "What a change of resources means for the container."),
  restartPolicy: field(24, t.string, "Always for an init container that goes on running beside the others.", {
    keepEmpty: true,
  }),
  restartPolicyRules: field(25, list(containerRestartRuleSchema), "What to do when it ends in certain ways."),
  volumeMounts: field(
    9,
    list(volumeMountSchema, {
      listType: "map",
      mapKeys: ["mountPath"],
      mergeKey: "mountPath",
      patchStrategy: "merge",
    }),
    "Volumes in the container.",
  ),
  volumeDevices: field(
    21,
    list(volumeDeviceSchema, {
      listType: "map",
      mapKeys: ["devicePath"],
      mergeKey: "devicePath",
      patchStrategy: "merge",
    }),
    "Block devices in the container.",
  ),
  livenessProbe: field(10, probeSchema, "Asks whether the container is alive; it is restarted when not."),
  readinessProbe: field(11, probeSchema, "Asks whether the container can be used; it gets no traffic while not."),
  startupProbe: field(22, probeSchema, "Asks whether the container has started; the other probes wait until then."),
  lifecycle: field(12, lifecycleSchema, "What is done when the container starts and ends."),
  terminationMessagePath: field(13, t.string, "File from which the last message is read."),
  terminationMessagePolicy: field(20, t.string, "Where the last message comes from: File or FallbackToLogsOnError."),
  imagePullPolicy: field(14, t.string, "When the image is pulled: Always, IfNotPresent or Never."),
  securityContext: field(15, securityContextSchema, "What the container may do."),
  stdin: field(16, t.bool, "Keep standard input open."),
  stdinOnce: field(17, t.bool, "Close standard input after the first client."),
  tty: field(18, t.bool, "Give the container a terminal."),
};

export const containerSchema = struct("io.k8s.api.core.v1.Container", "A program of a pod, in an image of its own.", {
  ...containerFields,
  image: field(2, t.string, "Image to run.", { present: true }),
  resources: field(8, resourceRequirementsSchema, "How much of each resource is needed and allowed.", {
    present: true,
  }),
  terminationMessagePath: field(13, t.string, "File from which the last message is read.", {
    default: "/dev/termination-log",
  }),
  terminationMessagePolicy: field(
    20,
    oneOf("File", "FallbackToLogsOnError"),
    "Where the last message comes from: File or FallbackToLogsOnError.",
    { default: "File" },
  ),
  imagePullPolicy: field(
    14,
    oneOf("Always", "IfNotPresent", "Never"),
    "When the image is pulled: Always, IfNotPresent or Never.",
    { present: true },
  ),
});
export type Container = Infer<typeof containerSchema>;

export const ephemeralContainerCommonSchema = struct(
  "io.k8s.api.core.v1.EphemeralContainerCommon",
  "What a temporary container has in common with others.",
  containerFields,
);
export type EphemeralContainerCommon = Infer<typeof ephemeralContainerCommonSchema>;

export const ephemeralContainerSchema = struct(
  "io.k8s.api.core.v1.EphemeralContainer",
  "A container that is added to a running pod to look at it.",
  {
    ...inlined(1, ephemeralContainerCommonSchema),
    targetContainerName: field(2, t.string, "Container whose processes it can see."),
  },
);
export type EphemeralContainer = Infer<typeof ephemeralContainerSchema>;
