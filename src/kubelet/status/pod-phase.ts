import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { restartsAfter } from "../sync/containers/restart-policy.ts";
import { isSidecar } from "../sync/pod-state.ts";

/** The phases that a kubelet gives. */
export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

/** What the phase is counted from. */
export interface PhaseInput {
  readonly statuses: readonly ContainerStatus[];
  readonly initStatuses: readonly ContainerStatus[];
  /** Nothing will be started any more. */
  readonly ended: boolean;
  /** Whether a regular container of this pod is running or made. */
  readonly initialized: boolean;
}

/** How a pod is doing on the whole, as upstream counts it. */
export function podPhase(pod: Pod, { statuses, initStatuses, ended, initialized }: PhaseInput): PodPhase {
  const init = initProgress(pod, initStatuses);
  if (init === "failed") return "Failed";

  const regular = pod.spec.containers.map((c) => {
    const status = statuses.find((s) => s.name === c.name);
    const terminated = endOf(status);
    const isNext = status?.state?.waiting !== undefined;
    const restarts = terminated !== undefined && (isNext || restartsAfter(pod, c, terminated.exitCode));
    return { status, terminated, restarts };
  });
  const sidecars = (pod.spec.initContainers ?? [])
    .filter(isSidecar)
    .map((c) => initStatuses.find((s) => s.name === c.name));
  const stopped = regular.filter((c) => c.terminated !== undefined);
  const running = [...regular.map((c) => c.status), ...sidecars].filter((s) => s?.state?.running !== undefined).length;
  const waiting = [...regular.map((c) => c.status), ...sidecars].some((s) => isWaiting(s));
  const sidecarPending = sidecars.some((s) => isWaiting(s) || (s?.state?.running !== undefined && s.started !== true));

  if (init === "pending" || (sidecarPending && !initialized) || waiting) return "Pending";
  if (running > 0) return "Running";
  if (stopped.length < regular.length) return "Pending";
  if (!ended && stopped.some((c) => c.restarts)) return "Running";
  return stopped.every((c) => c.terminated?.exitCode === 0) ? "Succeeded" : "Failed";
}

/** Where the init containers that are no sidecars have got to. */
function initProgress(pod: Pod, statuses: readonly ContainerStatus[]): "pending" | "failed" | "past" {
  let progress: "pending" | "past" = "past";
  for (const container of (pod.spec.initContainers ?? []).filter((c) => !isSidecar(c))) {
    const status = statuses.find((s) => s.name === container.name);
    const terminated = endOf(status);
    if (terminated === undefined) progress = "pending";
    else if (terminated.exitCode !== 0) {
      const policy = pod.spec.restartPolicy === "Never" ? "Never" : "OnFailure";
      if (!restartsAfter(pod, { restartPolicy: policy }, terminated.exitCode)) return "failed";
      progress = "pending";
    }
  }
  return progress;
}

/** How the container ended, also when it is waiting to be restarted. */
function endOf(status: ContainerStatus | undefined) {
  if (status?.state?.running !== undefined) return undefined;
  return status?.state?.terminated ?? status?.lastState?.terminated;
}

function isWaiting(status: ContainerStatus | undefined): boolean {
  return status?.state?.waiting !== undefined && status.lastState?.terminated === undefined;
}
