import { ageOf } from "../../../human-duration.ts";
import type { Container } from "./container.ts";
import type { Pod } from "./pod-schema.ts";
import type { ContainerStateTerminated, ContainerStatus } from "./pod-status.ts";

/** A pod in the few words that `kubectl get pods` has for it. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  /** `Running`, `CrashLoopBackOff`, `Init:0/1`, `Completed`, `Terminating`, ... */
  readonly status: string;
  readonly restarts: number;
  /** `3 (5m ago)`. `now` is in milliseconds since the epoch. */
  restartsText(now: number): string;
}

/** What the containers of one sort add to the summary. */
interface Part {
  readonly ready: number;
  readonly restarts: number;
  /** When a container last ended before it was restarted; empty when none was. */
  readonly lastRestart: string;
  /** Why the pod is in the state it is in, where these containers say so. */
  readonly reason: string | undefined;
}

const UNREACHABLE = "NodeLost";

/** Sums a pod up. */
export function summarizePod(pod: Pod): PodSummary {
  const { spec, status, metadata } = pod;
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const init = initPart(pod, sidecars);
  const isInitialized = init.reason === undefined || hasCondition(pod, "Initialized");
  const main = isInitialized ? mainPart(pod, init.reason ?? baseReason(pod)) : undefined;
  const before = isInitialized ? sidecarPart(status.initContainerStatuses ?? [], sidecars) : init;

  const restarts = before.restarts + (main?.restarts ?? 0);
  const lastRestart = latest([before.lastRestart, main?.lastRestart ?? ""]);
  const reason = main?.reason ?? init.reason ?? baseReason(pod);
  return {
    ready: init.ready + (main?.ready ?? 0),
    total: spec.containers.length + sidecars.size,
    status: metadata.deletionTimestamp === undefined ? reason : deletionReason(pod, reason),
    restarts,
    restartsText: (now) =>
      restarts === 0 || lastRestart === "" ? `${restarts}` : `${restarts} (${ageOf(lastRestart, now)} ago)`,
  };
}

/** Whether an init container goes on running beside the others. */
export function isSidecar({ restartPolicy }: Pick<Container, "restartPolicy">): boolean {
  return restartPolicy === "Always";
}

function baseReason({ status }: Pod): string {
  const isGated = (status.conditions ?? []).some((c) => c.type === "PodScheduled" && c.reason === "SchedulingGated");
  if (isGated) return "SchedulingGated";
  return (status.reason ?? "") === "" ? (status.phase ?? "") : (status.reason ?? "");
}

function deletionReason({ status }: Pod, reason: string): string {
  if (status.reason === UNREACHABLE) return "Unknown";
  return status.phase === "Succeeded" || status.phase === "Failed" ? reason : "Terminating";
}

/** The init containers up to the first that is still to do its work. */
function initPart(pod: Pod, sidecars: ReadonlySet<string>): Part {
  const statuses = pod.status.initContainerStatuses ?? [];
  const isDone = (s: ContainerStatus) =>
    s.state?.terminated?.exitCode === 0 ||
    (sidecars.has(s.name) && s.started === true && s.state?.terminated === undefined);
  const pending = statuses.findIndex((s) => !isDone(s));
  const seen = pending === -1 ? statuses : statuses.slice(0, pending + 1);
  const current = statuses[pending];
  return {
    ready: seen.filter((s) => s !== current && s.state?.terminated === undefined && s.ready).length,
    restarts: sum(seen),
    lastRestart: latest(seen.map(endedBefore)),
    reason: current === undefined ? undefined : initReason(current, pending, pod.spec.initContainers?.length ?? 0),
  };
}

function initReason({ state = {} }: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = state;
  if (terminated !== undefined) return `Init:${terminatedReason(terminated)}`;
  const reason = waiting?.reason ?? "";
  return reason === "" || reason === "PodInitializing" ? `Init:${index}/${total}` : `Init:${reason}`;
}

function sidecarPart(statuses: readonly ContainerStatus[], sidecars: ReadonlySet<string>): Part {
  const own = statuses.filter(({ name }) => sidecars.has(name));
  return { ready: 0, restarts: sum(own), lastRestart: latest(own.map(endedBefore)), reason: undefined };
}

/** The first container that has something to say gives the reason. */
function mainPart(pod: Pod, otherwise: string): Part {
  const statuses = pod.status.containerStatuses ?? [];
  const isReady = (s: ContainerStatus) => s.ready && s.state?.running !== undefined && containerReason(s) === undefined;
  const reason = statuses.map(containerReason).find((r) => r !== undefined) ?? otherwise;
  const backToRunning = reason === "Completed" && statuses.some(isReady);
  return {
    ready: statuses.filter(isReady).length,
    restarts: sum(statuses),
    lastRestart: latest(statuses.map(endedBefore)),
    reason: backToRunning ? (hasCondition(pod, "Ready") ? "Running" : "NotReady") : reason,
  };
}

function containerReason({ state = {} }: ContainerStatus): string | undefined {
  const waiting = state.waiting?.reason ?? "";
  if (waiting !== "") return waiting;
  return state.terminated === undefined ? undefined : terminatedReason(state.terminated);
}

function terminatedReason({ reason = "", signal = 0, exitCode }: ContainerStateTerminated): string {
  if (reason !== "") return reason;
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

function hasCondition({ status }: Pod, wanted: string): boolean {
  return (status.conditions ?? []).some(({ type, status: state }) => type === wanted && state === "True");
}

function sum(statuses: readonly ContainerStatus[]): number {
  return statuses.reduce((total, { restartCount }) => total + restartCount, 0);
}

function endedBefore({ lastState }: ContainerStatus): string {
  return lastState?.terminated?.finishedAt ?? "";
}

/** Timestamps of one format compare as text. */
function latest(timestamps: readonly string[]): string {
  return timestamps.toSorted().at(-1) ?? "";
}
