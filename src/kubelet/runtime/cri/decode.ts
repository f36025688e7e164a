import type { ImageInfo, RuntimeContainer, RuntimeStatus, Sandbox } from "../pod-runtime.ts";
import type { CriContainer, CriContainerState, CriContainerStatus, CriImage, CriSandbox } from "./answers.ts";
import { LABEL } from "./labels.ts";

/** A sandbox as the kubelet speaks of it. */
export function sandboxOf(cri: CriSandbox): Sandbox {
  const network = cri.network;
  const ips = network == null ? [] : [network.ip, ...network.additionalIps.map((a) => a.ip)].filter((ip) => ip !== "");
  return {
    id: cri.id,
    podName: cri.metadata?.name ?? "",
    podNamespace: cri.metadata?.namespace ?? "",
    podUid: cri.metadata?.uid ?? "",
    attempt: cri.metadata?.attempt ?? 0,
    ready: cri.state === "SANDBOX_READY",
    createdAt: milliseconds(cri.createdAt),
    ips,
    annotations: cri.annotations,
    labels: cri.labels,
  };
}

const states: Record<CriContainerState, RuntimeContainer["state"]> = {
  CONTAINER_CREATED: "created",
  CONTAINER_RUNNING: "running",
  CONTAINER_EXITED: "exited",
  CONTAINER_UNKNOWN: "unknown",
};

/** A container of a list: fields that only its status has are empty. */
export function listedContainer(cri: CriContainer): RuntimeContainer {
  return {
    id: cri.id,
    sandboxId: cri.podSandboxId,
    podUid: cri.labels[LABEL.podUid] ?? "",
    name: cri.metadata?.name ?? "",
    attempt: cri.metadata?.attempt ?? 0,
    state: states[cri.state],
    createdAt: milliseconds(cri.createdAt),
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    reason: "",
    message: "",
    image: cri.image?.image ?? "",
    imageRef: cri.imageRef,
    logPath: "",
    annotations: cri.annotations,
    labels: cri.labels,
  };
}

/** A container with all fields of its status. CRI's status does not name the sandbox: it is given. */
export function containerOf(cri: CriContainerStatus, sandboxId: string): RuntimeContainer {
  return {
    ...listedContainer({ ...cri, podSandboxId: sandboxId }),
    startedAt: milliseconds(cri.startedAt),
    finishedAt: milliseconds(cri.finishedAt),
    exitCode: cri.exitCode,
    reason: cri.reason,
    message: cri.message,
    logPath: cri.logPath,
  };
}

/** An image as the kubelet speaks of it. */
export function imageOf(cri: CriImage): ImageInfo {
  return {
    id: cri.id,
    tags: cri.repoTags,
    digests: cri.repoDigests,
    sizeBytes: cri.size,
    uid: cri.uid?.value ?? (cri.username === "" ? 0 : undefined),
    username: cri.username,
  };
}

/** The runtime's readiness out of its conditions `RuntimeReady` and `NetworkReady`. */
export function statusOf(
  conditions: readonly {
    readonly type: string;
    readonly status: boolean;
    readonly reason: string;
    readonly message: string;
  }[],
): RuntimeStatus {
  const failed = ["RuntimeReady", "NetworkReady"].flatMap((type) => {
    const condition = conditions.find((c) => c.type === type);
    if (condition === undefined) return [{ type, reason: "Unknown", message: `the runtime does not report ${type}` }];
    return condition.status ? [] : [condition];
  });
  return {
    ready: !failed.some((c) => c.type === "RuntimeReady"),
    networkReady: !failed.some((c) => c.type === "NetworkReady"),
    reason: failed[0]?.reason ?? "",
    message: failed.map((c) => c.message).join("; "),
  };
}

function milliseconds(nanoseconds: number): number {
  return nanoseconds <= 0 ? 0 : Math.floor(nanoseconds / 1e6);
}
