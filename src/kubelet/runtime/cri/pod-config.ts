import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { normalizeSysctl } from "@fairlead/api/core/v1/pod/sysctl-namespace";
import { oomScoreAdj } from "../../resources/oom-score.ts";
import type { ContainerConfig, Mount, SandboxConfig } from "../pod-runtime.ts";
import { containerLabels, sandboxLabels } from "./labels.ts";
import { linuxResources } from "./linux-resources.ts";
import { containerSecurityContext, sandboxSecurityContext } from "./security-context.ts";

/** What of the machine goes into a container's settings. */
export interface CriMachine {
  readonly memoryBytes: number;
  /** The lowest `oom_score_adj` this process may give. */
  readonly oomScoreAdjLowest: number;
  /** Folder of `Localhost` seccomp profiles. */
  readonly seccompFolder: string;
  /** Folders below `/sys` with counters of thermal throttling: masked in containers. */
  readonly thermalThrottlePaths: readonly string[];
}

/** CRI's `PodSandboxConfig`. */
export function podSandboxConfig({ pod, attempt, hostname, logDirectory, dns, cgroupParent }: SandboxConfig) {
  return {
    metadata: {
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      namespace: pod.metadata.namespace ?? "",
      attempt,
    },
    ...(pod.spec.hostNetwork !== true && { hostname }),
    logDirectory,
    ...(dns !== undefined && { dnsConfig: dns }),
    portMappings: portMappings(pod),
    labels: sandboxLabels(pod),
    annotations: pod.metadata.annotations ?? {},
    linux: {
      cgroupParent,
      securityContext: sandboxSecurityContext(pod),
      // runc knows the namespaces of names with dots only.
      sysctls: Object.fromEntries(
        (pod.spec.securityContext.sysctls ?? []).map(({ name, value }) => [normalizeSysctl(name), value]),
      ),
    },
  };
}

/** CRI's `ContainerConfig`, out of the kubelet's and the container's spec in the pod. */
export function criContainerConfig(config: ContainerConfig, pod: Pod, machine: CriMachine, targetId?: string) {
  const spec = containerSpec(pod, config.name);
  const score = oomScoreAdj(pod, spec, { memoryBytes: machine.memoryBytes, lowest: machine.oomScoreAdjLowest });
  return {
    metadata: { name: config.name, attempt: config.attempt },
    image: { image: config.imageRef },
    command: config.command,
    args: config.args,
    workingDir: config.workingDir,
    envs: config.env.map(({ name, value }) => ({ key: name, value: Buffer.from(value) })),
    mounts: config.mounts.map(criMount),
    labels: containerLabels(pod, config.name),
    annotations: config.annotations,
    logPath: config.logPath,
    stdin: config.stdin,
    stdinOnce: config.stdinOnce,
    tty: config.tty,
    linux: {
      resources: linuxResources(spec.resources, score),
      securityContext: containerSecurityContext(pod, spec, { ...machine, imageUser: config.imageUser, targetId }),
    },
  };
}

/** The ports that are to be reachable at the node's address. */
function portMappings(pod: Pod) {
  if (pod.spec.hostNetwork === true) return [];
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return containers
    .flatMap((c) => c.ports ?? [])
    .filter((port) => (port.hostPort ?? 0) !== 0)
    .map(({ protocol, containerPort, hostPort, hostIP = "" }) => ({
      protocol,
      containerPort,
      hostPort,
      hostIp: hostIP,
    }));
}

function containerSpec(pod: Pod, name: string): Pick<Container, "resources" | "securityContext"> {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const found = [...containers, ...initContainers, ...ephemeralContainers].find((c) => c.name === name);
  if (found === undefined) throw new Error(`pod ${pod.metadata.name} has no container ${name}`);
  return { ...found, resources: found.resources ?? {} };
}

const propagation = {
  None: "PROPAGATION_PRIVATE",
  HostToContainer: "PROPAGATION_HOST_TO_CONTAINER",
  Bidirectional: "PROPAGATION_BIDIRECTIONAL",
} as const;

function criMount(mount: Mount) {
  return {
    containerPath: mount.containerPath,
    hostPath: mount.hostPath,
    readonly: mount.readonly,
    propagation: propagation[mount.propagation],
  };
}
