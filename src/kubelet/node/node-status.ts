import { apiTime } from "@fairlead/api/api-time";
import { conditionOf } from "@fairlead/api/condition-of";
import type { NodeCondition, NodeStatus } from "@fairlead/api/core/v1/node/node";
import { transitionTime } from "@fairlead/api/transition-time";
import type { ImageInfo, RuntimeStatus } from "../runtime/pod-runtime.ts";
import type { Machine, MachineRoom } from "./machine.ts";

/** What a node knows of itself. */
export interface NodeStatusInput {
  readonly nodeName: string;
  readonly nodeIPs: readonly string[];
  readonly machine: Machine;
  readonly room: MachineRoom;
  readonly runtime: RuntimeStatus | { readonly unreachable: string };
  /** `containerd://1.6.20`. */
  readonly runtimeVersion: string;
  readonly kubeletVersion: string;
  readonly serverPort: number;
  readonly maxPods: number;
  readonly images: readonly ImageInfo[];
  readonly previous: readonly NodeCondition[];
  readonly now: number;
}

const KIB = 1024;
/** Kept free for the machine itself: upstream's default threshold for evictions. */
const MEMORY_RESERVED_BYTES = 100 * KIB * KIB;
const DISK_RESERVED_SHARE = 0.1;
const LOW_SHARE = 0.01;
const IMAGES_MAX = 50;

/** What the node says of itself, whole. */
export function nodeStatus(input: NodeStatusInput): NodeStatus {
  const { machine, maxPods, nodeName, nodeIPs, runtimeVersion, kubeletVersion, serverPort } = input;
  const base = { cpu: String(machine.cpus), "hugepages-1Gi": "0", "hugepages-2Mi": "0", pods: String(maxPods) };
  const kib = (bytes: number) => `${Math.floor(bytes / KIB)}Ki`;
  return {
    capacity: { ...base, memory: kib(machine.memoryBytes), "ephemeral-storage": kib(machine.diskBytes) },
    allocatable: {
      ...base,
      memory: kib(Math.max(0, machine.memoryBytes - MEMORY_RESERVED_BYTES)),
      "ephemeral-storage": String(Math.floor(machine.diskBytes * (1 - DISK_RESERVED_SHARE))),
    },
    conditions: conditions(input),
    addresses: [
      ...nodeIPs.map((address) => ({ type: "InternalIP" as const, address })),
      { type: "Hostname" as const, address: nodeName },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: serverPort } },
    nodeInfo: { ...machine.info, containerRuntimeVersion: runtimeVersion, kubeletVersion, kubeProxyVersion: "" },
    images: imageList(input.images),
  };
}

function imageList(images: readonly ImageInfo[]) {
  return images
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, IMAGES_MAX)
    .map(({ digests, tags, sizeBytes }) => ({ names: [...digests, ...tags].slice(0, 5), sizeBytes }));
}

type Verdict = Pick<NodeCondition, "status" | "reason" | "message">;

function conditions({ room, runtime, previous, now }: NodeStatusInput): readonly NodeCondition[] {
  const lowMemory = room.memoryAvailableBytes < MEMORY_RESERVED_BYTES;
  const lowDisk = room.diskAvailableShare < LOW_SHARE;
  const lowPids = room.pidsAvailableShare < LOW_SHARE;
  const verdicts: readonly (readonly [string, Verdict])[] = [
    [
      "MemoryPressure",
      lowMemory
        ? {
            status: "True",
            reason: "KubeletHasInsufficientMemory",
            message: "kubelet has insufficient memory available",
          }
        : { status: "False", reason: "KubeletHasSufficientMemory", message: "kubelet has sufficient memory available" },
    ],
    [
      "DiskPressure",
      lowDisk
        ? { status: "True", reason: "KubeletHasDiskPressure", message: "kubelet has disk pressure" }
        : { status: "False", reason: "KubeletHasNoDiskPressure", message: "kubelet has no disk pressure" },
    ],
    [
      "PIDPressure",
      lowPids
        ? { status: "True", reason: "KubeletHasInsufficientPID", message: "kubelet has insufficient PID available" }
        : { status: "False", reason: "KubeletHasSufficientPID", message: "kubelet has sufficient PID available" },
    ],
    ["Ready", readyVerdict(runtime)],
  ];
  return verdicts.map(([type, verdict]) => {
    const time = apiTime(now);
    const lastTransitionTime = transitionTime(conditionOf(previous, type), verdict.status, time);
    return { type, ...verdict, lastHeartbeatTime: time, lastTransitionTime };
  });
}

function readyVerdict(runtime: NodeStatusInput["runtime"]): Verdict {
  const notReady = (message: string): Verdict => ({ status: "False", reason: "KubeletNotReady", message });
  if ("unreachable" in runtime) return notReady(`[container runtime is down: ${runtime.unreachable}]`);
  const { ready, networkReady, reason, message } = runtime;
  if (!ready) return notReady(`container runtime not ready: RuntimeReady=false reason:${reason} message:${message}`);
  if (!networkReady)
    return notReady(`container runtime network not ready: NetworkReady=false reason:${reason} message:${message}`);
  return { status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" };
}

/** What changes at every look without saying anything. */
export function withoutHeartbeats(status: NodeStatus): string {
  const conditions = (status.conditions ?? []).map(({ lastHeartbeatTime: _, ...rest }) => rest);
  return JSON.stringify({ ...status, conditions });
}
