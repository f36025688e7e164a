import type { ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { GrpcError } from "../../grpc/grpc-error.ts";
import type { ContainerConfig, PodRuntime, SandboxConfig, StreamRequest } from "../pod-runtime.ts";
import { ExecTimeoutError, ImagePullError, isRuntimeNotFound, RuntimeError } from "../runtime-error.ts";
import type { CriContainer, CriContainerStats, CriContainerStatus, CriImage, CriSandbox } from "./answers.ts";
import { watchChanges } from "./changes.ts";
import type { CriConnection } from "./connection.ts";
import { connectCri } from "./connection.ts";
import { containerOf, imageOf, listedContainer, sandboxOf, statusOf } from "./decode.ts";
import { linuxResources } from "./linux-resources.ts";
import { operationMetrics } from "./operation-metrics.ts";
import type { CriMachine } from "./pod-config.ts";
import { criContainerConfig, podSandboxConfig } from "./pod-config.ts";

/** Where the runtime listens, and what it needs to know of the machine. */
export interface CriRuntimeOptions {
  /** Absolute path of the runtime's Unix socket. */
  readonly socketPath: string;
  readonly machine: CriMachine;
  readonly clock: Clock;
  readonly log: Logger;
  /** Poll interval for containers of a runtime that sends no events, in milliseconds. Default 500. */
  readonly pollIntervalMs?: number;
  /** Where calls are counted. Default: nowhere. */
  readonly metrics?: Metrics;
}

/** Room for the runtime to answer after its own timeout has run out, in milliseconds. */
const MARGIN_MS = 30_000;
/** Images may be large and lines slow: a pull has no deadline of its own. */
const NO_DEADLINE = 0;

/** Runs pods on a runtime that speaks CRI v1: containerd from 1.6, CRI-O. */
export function createCriRuntime({
  socketPath,
  machine,
  clock,
  log,
  pollIntervalMs = 500,
  metrics,
}: CriRuntimeOptions): PodRuntime {
  const cri = connectCri(socketPath, metrics && operationMetrics(metrics));
  const changes = watchChanges({ cri, clock, log, pollIntervalMs });
  return {
    ...sandboxes(cri),
    ...containers(cri, machine),
    ...streams(cri),
    ...images(cri),

    async version() {
      const { runtimeName, runtimeVersion } = await cri.call<{ runtimeName: string; runtimeVersion: string }>(
        "Version",
        {},
      );
      return { runtimeName, runtimeVersion };
    },

    async status() {
      const { status } = await cri.call<{ status: { conditions: Parameters<typeof statusOf>[0] } }>(
        "Status",
        {},
        5_000,
      );
      return statusOf(status.conditions);
    },

    onChange: changes.subscribe,

    async [Symbol.asyncDispose]() {
      await changes.stop();
      cri.close();
    },
  };
}

function sandboxes(cri: CriConnection) {
  return {
    async listSandboxes() {
      const { items } = await cri.call<{ items: CriSandbox[] }>("ListPodSandbox", {});
      return items.map(sandboxOf);
    },

    async runSandbox(config: SandboxConfig) {
      const { podSandboxId } = await cri.call<{ podSandboxId: string }>(
        "RunPodSandbox",
        { config: podSandboxConfig(config) },
        4 * 60_000,
      );
      return podSandboxId;
    },

    async sandboxStatus(podSandboxId: string) {
      const { status } = await cri.call<{ status: CriSandbox | null }>("PodSandboxStatus", { podSandboxId });
      if (status === null) throw new RuntimeError("NotFound", `sandbox ${podSandboxId} has no status`);
      return sandboxOf(status);
    },

    async stopSandbox(podSandboxId: string) {
      await unlessGone(cri.call("StopPodSandbox", { podSandboxId }));
    },

    async removeSandbox(podSandboxId: string) {
      await unlessGone(cri.call("RemovePodSandbox", { podSandboxId }));
    },
  };
}

function containers(cri: CriConnection, machine: CriMachine) {
  /** CRI's status does not say in which sandbox a container is; its list does, and that never changes. */
  const sandboxOfContainer = new Map<string, string>();

  const list = async () => {
    const { containers: listed } = await cri.call<{ containers: CriContainer[] }>("ListContainers", {});
    for (const { id, podSandboxId } of listed) sandboxOfContainer.set(id, podSandboxId);
    return listed.map(listedContainer);
  };

  return {
    listContainers: list,

    async containerStatus(containerId: string) {
      const { status } = await cri.call<{ status: CriContainerStatus | null }>("ContainerStatus", { containerId });
      if (status === null) throw new RuntimeError("NotFound", `container ${containerId} has no status`);
      if (!sandboxOfContainer.has(containerId)) await list();
      return containerOf(status, sandboxOfContainer.get(containerId) ?? "");
    },

    async createContainer(podSandboxId: string, config: ContainerConfig, sandbox: SandboxConfig) {
      const { pod } = sandbox;
      const target = pod.spec.ephemeralContainers?.find((c) => c.name === config.name)?.targetContainerName;
      const targetId = target === undefined ? undefined : await runningContainerId(list, pod.metadata.uid, target);
      const { containerId } = await cri.call<{ containerId: string }>("CreateContainer", {
        podSandboxId,
        config: criContainerConfig(config, pod, machine, targetId),
        sandboxConfig: podSandboxConfig(sandbox),
      });
      sandboxOfContainer.set(containerId, podSandboxId);
      return containerId;
    },

    async startContainer(containerId: string) {
      await cri.call("StartContainer", { containerId });
    },

    async stopContainer(containerId: string, graceSeconds: number) {
      await unlessGone(
        cri.call("StopContainer", { containerId, timeout: graceSeconds }, graceSeconds * 1000 + MARGIN_MS),
      );
    },

    async removeContainer(containerId: string) {
      await unlessGone(cri.call("RemoveContainer", { containerId }));
      sandboxOfContainer.delete(containerId);
    },

    async updateContainer(containerId: string, resources: ResourceRequirements) {
      // A zero stands for no change: the score stays.
      await cri.call("UpdateContainerResources", { containerId, linux: linuxResources(resources, 0) });
    },

    async memoryUsage(containerId: string) {
      const { stats } = await cri.call<{ stats: CriContainerStats | null }>("ContainerStats", { containerId });
      const { usageBytes, workingSetBytes } = stats?.memory ?? {};
      return (usageBytes ?? workingSetBytes)?.value;
    },

    async reopenContainerLog(containerId: string) {
      await cri.call("ReopenContainerLog", { containerId });
    },
  };
}

async function runningContainerId(
  list: () => Promise<readonly { id: string; podUid: string; name: string; state: string }[]>,
  podUid: string,
  name: string,
): Promise<string> {
  const target = (await list()).find((c) => c.podUid === podUid && c.name === name && c.state === "running");
  if (target === undefined) throw new RuntimeError("Failed", `unable to find target container ${name}`);
  return target.id;
}

function streams(cri: CriConnection) {
  return {
    async execSync(containerId: string, command: readonly string[], timeoutSeconds: number) {
      const request = { containerId, cmd: command, timeout: timeoutSeconds };
      const deadlineMs = timeoutSeconds === 0 ? NO_DEADLINE : timeoutSeconds * 1000 + MARGIN_MS;
      try {
        return await cri.call<{ exitCode: number; stdout: Uint8Array; stderr: Uint8Array }>(
          "ExecSync",
          request,
          deadlineMs,
        );
      } catch (error) {
        if (!(error instanceof RuntimeError) || error.code !== "DeadlineExceeded") throw error;
        throw new ExecTimeoutError(`command ${JSON.stringify(command.join(" "))} timed out`, { cause: error });
      }
    },

    async execUrl({
      containerId,
      stdin,
      stdout,
      stderr,
      tty,
      command,
    }: StreamRequest & { readonly command: readonly string[] }) {
      const { url } = await cri.call<{ url: string }>("Exec", {
        containerId,
        cmd: command,
        stdin,
        stdout,
        stderr,
        tty,
      });
      return url;
    },

    async attachUrl({ containerId, stdin, stdout, stderr, tty }: StreamRequest) {
      const { url } = await cri.call<{ url: string }>("Attach", { containerId, stdin, stdout, stderr, tty });
      return url;
    },

    async portForwardUrl(podSandboxId: string, ports: readonly number[]) {
      const { url } = await cri.call<{ url: string }>("PortForward", { podSandboxId, port: ports });
      return url;
    },
  };
}

function images(cri: CriConnection): Pick<PodRuntime, "imageStatus" | "listImages" | "pullImage" | "removeImage"> {
  return {
    async imageStatus(image) {
      const answer = await cri.call<{ image: CriImage | null }>("ImageStatus", { image: { image } });
      return answer.image === null || answer.image.id === "" ? undefined : imageOf(answer.image);
    },

    async listImages() {
      const { images: listed } = await cri.call<{ images: CriImage[] }>("ListImages", {});
      return listed.map(imageOf);
    },

    async pullImage(image, auth, signal) {
      try {
        const { imageRef } = await cri.call<{ imageRef: string }>(
          "PullImage",
          { image: { image }, ...(auth !== undefined && { auth }) },
          NO_DEADLINE,
          signal,
        );
        return imageRef;
      } catch (error) {
        throw new ImagePullError(error instanceof Error ? withStatus(error) : String(error), { cause: error });
      }
    },

    async removeImage(image) {
      await unlessGone(cri.call("RemoveImage", { image: { image } }));
    },
  };
}

/** As upstream's kubelet reports it: with gRPC's status, unless that is empty. */
function withStatus({ message, cause }: Error): string {
  if (!(cause instanceof GrpcError) || cause.code === "Unknown") return message;
  return `rpc error: code = ${cause.code} desc = ${message}`;
}

/** Ending what has ended already is no failure. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isRuntimeNotFound(error)) throw error;
  }
}
