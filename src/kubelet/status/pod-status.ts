import { apiTime } from "@fairlead/api/api-time";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStatus, PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { qosClassOf } from "@fairlead/api/core/v1/pod/qos-class";
import { isIPv6 } from "@fairlead/lib/ip-family";
import type { ProbeResults } from "../probes/probe-results.ts";
import type { ContainerRole, PodState } from "../sync/pod-state.ts";
import { allContainers, newest } from "../sync/pod-state.ts";
import type { PodResize } from "../sync/resize/pod-resize.ts";
import { podConditions } from "./conditions.ts";
import type { WaitingReason } from "./container-status.ts";
import { containerStatus } from "./container-status.ts";
import { limitMessages } from "./limit-messages.ts";
import { podPhase } from "./pod-phase.ts";
import { startTimeOf } from "./start-time.ts";

/** Why a pod as a whole has failed: `DeadlineExceeded`, `SysctlForbidden`, ... */
export interface PodFailure extends WaitingReason {
  /** The kubelet has refused the pod before any of its containers was made. */
  readonly isRejection?: boolean;
}

/** What a status is made from. */
export interface PodStatusInput {
  /** With the resources that the node has set aside for its containers. */
  readonly pod: Pod;
  readonly state: PodState;
  /** The status that this kubelet wrote last, or the one in the API. */
  readonly previous: PodStatus;
  readonly probes: ProbeResults;
  readonly reasons: ReadonlyMap<string, WaitingReason>;
  readonly resize: PodResize;
  readonly nodeIPs: readonly string[];
  readonly runtimeName: string;
  /** Nothing of the pod will be started any more, and nothing of it runs. */
  readonly ended: boolean;
  readonly failure?: PodFailure | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Returns the status to report for a pod, whole. */
export function podStatus(input: PodStatusInput): PodStatus {
  const { pod, previous, failure, now, state } = input;
  if (failure?.isRejection === true && state.containers.length === 0) return rejectedStatus(input, failure);
  const statuses = statusesOf("container", previous.containerStatuses, input);
  const initStatuses = statusesOf("init", previous.initContainerStatuses, input);
  const ephemeralStatuses = statusesOf("ephemeral", previous.ephemeralContainerStatuses, input);
  const phase = failure === undefined ? phaseOf(input, statuses, initStatuses) : "Failed";
  const conditions = podConditions({ ...input, phase, statuses, initStatuses, previous: previous.conditions ?? [] });
  const kept =
    phase === previous.phase ? { reason: previous.reason ?? "", message: previous.message ?? "" } : undefined;
  const why = failure ?? kept;
  return {
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    phase,
    conditions,
    ...(why !== undefined && why.message !== "" && { message: why.message }),
    ...(why !== undefined && why.reason !== "" && { reason: why.reason }),
    ...addresses(input),
    startTime: startTimeOf(previous, state) ?? apiTime(now),
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    ...(ephemeralStatuses.length > 0 && { ephemeralContainerStatuses: ephemeralStatuses }),
    qosClass: qosClassOf(pod.spec),
  };
}

/** As upstream: a refused pod has no container statuses. */
function rejectedStatus({ pod, previous, now }: PodStatusInput, { reason, message }: PodFailure): PodStatus {
  return {
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    phase: "Failed",
    ...(pod.status.conditions !== undefined && { conditions: pod.status.conditions }),
    message,
    reason,
    startTime: previous.startTime ?? apiTime(now),
    qosClass: qosClassOf(pod.spec),
  };
}

function statusesOf(
  role: ContainerRole,
  previous: readonly ContainerStatus[] = [],
  input: PodStatusInput,
): readonly ContainerStatus[] {
  const containers = allContainers(input.pod);
  const statuses = containers
    .filter((c) => c.role === role)
    .map(({ container }) => {
      const before = previous.find((s) => s.name === container.name);
      return limitMessages(containerStatus(container, before, { ...input, role }), containers.length);
    });
  // Upstream sorts them by name, but for init containers.
  return role === "init" ? statuses : statuses.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A pod that has ended stays so. */
function phaseOf(
  { pod, state, previous, ended }: PodStatusInput,
  statuses: readonly ContainerStatus[],
  initStatuses: readonly ContainerStatus[],
) {
  for (const phase of [pod.status.phase, previous.phase]) {
    if (phase === "Succeeded" || phase === "Failed") return phase;
  }
  const initialized = pod.spec.containers.some((c) => {
    const instance = newest(state, c.name);
    return instance?.state === "running" || instance?.state === "created";
  });
  return podPhase(pod, { statuses, initStatuses, ended, initialized });
}

function addresses({ pod, state, previous, nodeIPs, ended }: PodStatusInput) {
  const [hostIP] = nodeIPs;
  const sandboxIPs = state.ips.length > 0 || !ended ? state.ips : (previous.podIPs ?? []).map((p) => p.ip);
  const podIPs = sortedLike(hostIP, pod.spec.hostNetwork === true ? nodeIPs : sandboxIPs);
  return {
    ...(hostIP !== undefined && { hostIP, hostIPs: nodeIPs.map((ip) => ({ ip })) }),
    ...(podIPs[0] !== undefined && { podIP: podIPs[0], podIPs: podIPs.map((ip) => ({ ip })) }),
  };
}

/** One address per family, that of the node's first address first. */
function sortedLike(hostIP: string | undefined, ips: readonly string[]): readonly string[] {
  const isV6 = (ip: string) => isIPv6(ip);
  const first = ips.find((ip) => isV6(ip) === isV6(hostIP ?? ""));
  const second = ips.find((ip) => isV6(ip) !== isV6(hostIP ?? ""));
  return [first, second].filter((ip) => ip !== undefined);
}
