import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { WaitingReason } from "../../status/container-status.ts";
import type { PodFailure } from "../../status/pod-status.ts";
import type { MountedVolumes } from "../../volumes/mounted-volume.ts";
import type { PodState } from "../pod-state.ts";
import { NO_RESIZE, type PodResize } from "../resize/pod-resize.ts";
import type { PodPulls } from "./pod-pulls.ts";
import { NO_PULLS, withoutPull } from "./pod-pulls.ts";
import { retryMs, START_RETRY_MS, volumesRetryMs } from "./retry.ts";

/**
 * The kubelet's knowledge of one pod that is neither in the pod's object nor in the runtime. An immutable value: each
 * decision and each outcome of a step makes a new one.
 *
 * Times are milliseconds of the monotonic clock, unless a field's comment names another. `WrittenRecord` is the part that survives a restart
 * of the kubelet.
 */
export interface PodRecord {
  /** The API has no such pod any more. */
  readonly removed: boolean;
  /** Whether the kubelet has decided that this node takes the pod, or that it does not. */
  readonly judged: boolean;
  /** Why the pod as a whole has failed. */
  readonly failure: PodFailure | undefined;
  /** The status that was reported last. */
  readonly reported: PodStatus | undefined;

  /** Counts changes of the pod's object and of the ConfigMaps and Secrets that it refers to. */
  readonly changes: number;
  /** Why containers are not running, by name. */
  readonly reasons: ReadonlyMap<string, WaitingReason>;
  /** Until when containers are not started, by name. */
  readonly startWaits: ReadonlyMap<string, Wait>;
  readonly pulls: PodPulls;
  readonly sandbox: Failures;
  readonly volumes: Failures & { readonly made: MadeVolumes | undefined };

  readonly resize: PodResize;
  /** Ids of containers that were stopped to start them again. */
  readonly restarting: ReadonlySet<string>;

  readonly stop: PodStop | undefined;
  /** Ids of sandboxes that were stopped: one that died by itself keeps its address until then. */
  readonly stoppedSandboxes: ReadonlySet<string>;
  readonly cleared: ReadonlySet<Clearing>;
}

/** A pause before the next attempt. A change counted by the record ends it early. */
export interface Wait {
  readonly untilMs: number;
  /** The record's `changes` when the attempt began that led to this pause. */
  readonly asOf: number;
}

/** Failures in a row, and the pause before the next attempt. */
export interface Failures {
  readonly count: number;
  readonly wait: Wait | undefined;
}

/** A pod's volumes, as they were made last. */
export interface MadeVolumes {
  readonly mounted: MountedVolumes;
  /** The record's `changes` when what they are made from was read. */
  readonly asOf: number;
  readonly atMs: number;
}

/** The stop of all containers of a pod. A pod with a stop is never run again. */
export interface PodStop {
  readonly graceSeconds: number;
  /** When the grace period is over. */
  readonly deadlineMs: number;
  readonly underWay: boolean;
  /** When to try again after a failure. */
  readonly retryAtMs: number;
  /** When the record must be written, if the stop still lasts; infinite when it was. */
  readonly writeAtMs: number;
}

/** A part of the remains of a pod without running containers. */
export type Clearing = "holds" | "status" | "files" | "object" | "logs";

/** Pause after containers could not be stopped, in milliseconds. */
const STOP_RETRY_MS = 1_000;
const NO_FAILURES: Failures = { count: 0, wait: undefined };

/** Record of a pod that is new to the kubelet. */
export const NEW_RECORD: PodRecord = {
  removed: false,
  judged: false,
  failure: undefined,
  reported: undefined,
  changes: 0,
  reasons: new Map(),
  startWaits: new Map(),
  pulls: NO_PULLS,
  sandbox: NO_FAILURES,
  volumes: { ...NO_FAILURES, made: undefined },
  resize: NO_RESIZE,
  restarting: new Set(),
  stop: undefined,
  stoppedSandboxes: new Set(),
  cleared: new Set(),
};

/** The time at which an attempt ended, and the record's `changes` when it began. */
export interface AttemptTimes {
  readonly nowMs: number;
  readonly asOf: number;
}

/** Returns how long a pause still lasts, in milliseconds; 0 when it is over. */
export function waitMs({ changes }: PodRecord, wait: Wait | undefined, nowMs: number): number {
  return wait === undefined || wait.asOf !== changes ? 0 : Math.max(0, wait.untilMs - nowMs);
}

/** Notes that the API has no such pod any more. */
export function withRemoval(record: PodRecord): PodRecord {
  return { ...record, removed: true };
}

/** Notes a change of the pod's object, or of a ConfigMap or Secret that it refers to. */
export function withChange(record: PodRecord): PodRecord {
  return { ...record, changes: record.changes + 1 };
}

/** Notes that the node's network may have become ready: a failed sandbox is tried again at once. */
export function withNetworkChange(record: PodRecord): PodRecord {
  return { ...record, sandbox: { ...record.sandbox, wait: undefined } };
}

/** Notes the status that was reported. */
export function withReport(record: PodRecord, status: PodStatus): PodRecord {
  return { ...record, reported: status };
}

/** Notes why a container waits, for its status. */
export function withReason(record: PodRecord, name: string, why: WaitingReason): PodRecord {
  return { ...record, reasons: new Map(record.reasons).set(name, why) };
}

/** Notes that a container was started. */
export function withStart(record: PodRecord, name: string): PodRecord {
  const { reasons, startWaits, pulls } = record;
  return {
    ...record,
    reasons: withoutKey(reasons, name),
    startWaits: withoutKey(startWaits, name),
    pulls: withoutPull(pulls, name),
  };
}

/** Notes the end of an image pull. Ends the pauses of all containers: others may need the same image. */
export function withPulls(record: PodRecord, pulls: PodPulls): PodRecord {
  return { ...record, pulls, startWaits: new Map() };
}

/** Why a container could not be started, and how long it waits: by default the usual pause. */
export interface FailedStart extends AttemptTimes {
  readonly why: WaitingReason;
  readonly retryInMs: number | undefined;
}

/** Notes that a container could not be started. */
export function withFailedStart(
  record: PodRecord,
  name: string,
  { why, retryInMs = START_RETRY_MS, nowMs, asOf }: FailedStart,
): PodRecord {
  const startWaits = new Map(record.startWaits).set(name, { untilMs: nowMs + retryInMs, asOf });
  return withReason({ ...record, startWaits, pulls: withoutPull(record.pulls, name) }, name, why);
}

/** Notes a new sandbox. Ends the pauses after starts that failed in the previous one. */
export function withSandbox(record: PodRecord): PodRecord {
  return { ...record, sandbox: NO_FAILURES, startWaits: new Map() };
}

/** Notes that the sandbox could not be made. */
export function withFailedSandbox(record: PodRecord, { nowMs, asOf }: AttemptTimes): PodRecord {
  const count = record.sandbox.count + 1;
  return { ...record, sandbox: { count, wait: { untilMs: nowMs + retryMs(count), asOf } } };
}

/** Notes that the volumes were made. */
export function withVolumes(record: PodRecord, mounted: MountedVolumes, { nowMs, asOf }: AttemptTimes): PodRecord {
  return { ...record, volumes: { ...NO_FAILURES, made: { mounted, asOf, atMs: nowMs } } };
}

/** Notes that the volumes could not be made. The pod keeps those that were made before: a deleted ConfigMap takes no files away. */
export function withFailedVolumes(record: PodRecord, pod: Pod, { nowMs, asOf }: AttemptTimes): PodRecord {
  const count = record.volumes.count + 1;
  const wait = { untilMs: nowMs + volumesRetryMs(pod, count), asOf };
  return { ...record, volumes: { ...record.volumes, count, wait } };
}

/** Notes containers that are stopped to start them again. Forgets those that the runtime does not have any more. */
export function withRestarting(record: PodRecord, ids: readonly string[], { containers }: PodState): PodRecord {
  if (ids.length === 0) return record;
  const there = containers.map(({ id }) => id).filter((id) => record.restarting.has(id));
  return { ...record, restarting: new Set([...there, ...ids]) };
}

/** Notes a change of the containers' resources. */
export function withResize(record: PodRecord, resize: PodResize): PodRecord {
  return { ...record, resize };
}

/** Notes that a stop is over: all containers have ended, or one could not be stopped. */
export function withEndedStop(record: PodRecord, { failedAtMs }: { readonly failedAtMs?: number } = {}): PodRecord {
  const { stop } = record;
  if (stop === undefined) return record;
  const retryAtMs = failedAtMs === undefined ? stop.retryAtMs : failedAtMs + STOP_RETRY_MS;
  return { ...record, stop: { ...stop, underWay: false, retryAtMs } };
}

/** Notes that a sandbox was stopped. */
export function withStoppedSandbox(record: PodRecord, sandboxId: string): PodRecord {
  return { ...record, stoppedSandboxes: new Set(record.stoppedSandboxes).add(sandboxId) };
}

/** Notes that a part of the pod's remains was removed. */
export function withCleared(record: PodRecord, part: Clearing): PodRecord {
  return { ...record, cleared: new Set(record.cleared).add(part) };
}

function withoutKey<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  return new Map([...map].filter(([name]) => name !== key));
}
