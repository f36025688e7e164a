import type { Pod } from "../../../api/core/v1/pod/pod.ts";
import type { PodStatus } from "../../../api/core/v1/pod/pod-status.ts";
import type { WaitingReason } from "../../status/container-status.ts";
import type { PodFailure } from "../../status/pod-status.ts";
import type { MountedVolumes } from "../../volumes/mounted-volume.ts";
import type { PodPulls } from "./pod-pulls.ts";
import { NO_PULLS, withoutPull } from "./pod-pulls.ts";
import { retryMs, START_RETRY_MS, volumesRetryMs } from "./retry.ts";

/**
 * What the kubelet knows of one pod besides its object and what the runtime has. A value: each decision and each outcome
 * of a step makes a new one.
 *
 * Times are milliseconds of the monotonic clock, unless said otherwise. See {@link WrittenRecord} for the part that
 * outlives the kubelet's process.
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

  /** Counts changes of what the pod waits for or is made from: its object, ConfigMaps, Secrets. */
  readonly changes: number;
  /** Why containers are not running, by name. */
  readonly reasons: ReadonlyMap<string, WaitingReason>;
  /** Until when containers are not started, by name. */
  readonly startWaits: ReadonlyMap<string, Wait>;
  readonly pulls: PodPulls;
  readonly sandbox: Failures;
  readonly volumes: Failures & { readonly made: MadeVolumes | undefined };

  readonly stop: PodStop | undefined;
  /** Ids of sandboxes that were stopped: one that died by itself keeps its address until then. */
  readonly stoppedSandboxes: ReadonlySet<string>;
  readonly cleared: ReadonlySet<Clearing>;
}

/** A pause. It is over at once when something that the pod waits for changes. */
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

/** The end of a pod's containers. A pod of which this has begun is never run again. */
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

/** What remains to be cleared away once no container of a pod runs. */
export type Clearing = "holds" | "status" | "files" | "object" | "logs";

/** Pause after containers could not be stopped, in milliseconds. */
const STOP_RETRY_MS = 1_000;
const NO_FAILURES: Failures = { count: 0, wait: undefined };

/** Of a pod that the kubelet has just been given. */
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

/** The API has no such pod any more. */
export function withRemoval(record: PodRecord): PodRecord {
  return { ...record, removed: true };
}

/** Something has changed that the pod waits for or is made from. */
export function withChange(record: PodRecord): PodRecord {
  return { ...record, changes: record.changes + 1 };
}

/** The node's network may have become ready. */
export function withNetworkChange(record: PodRecord): PodRecord {
  return { ...record, sandbox: { ...record.sandbox, wait: undefined } };
}

/** The status was given to the API. */
export function withReport(record: PodRecord, status: PodStatus): PodRecord {
  return { ...record, reported: status };
}

/** A container is shown as waiting, for this reason. */
export function withReason(record: PodRecord, name: string, why: WaitingReason): PodRecord {
  return { ...record, reasons: new Map(record.reasons).set(name, why) };
}

/** A container was started. */
export function withStart(record: PodRecord, name: string): PodRecord {
  const { reasons, startWaits, pulls } = record;
  return {
    ...record,
    reasons: withoutKey(reasons, name),
    startWaits: withoutKey(startWaits, name),
    pulls: withoutPull(pulls, name),
  };
}

/** Image pulls went on. A container that waits for something else may be waiting for the same image. */
export function withPulls(record: PodRecord, pulls: PodPulls): PodRecord {
  return { ...record, pulls, startWaits: new Map() };
}

/** Why a container could not be started, and how long it waits: by default the usual pause. */
export interface FailedStart extends AttemptTimes {
  readonly why: WaitingReason;
  readonly retryInMs: number | undefined;
}

/** A container could not be started. */
export function withFailedStart(
  record: PodRecord,
  name: string,
  { why, retryInMs = START_RETRY_MS, nowMs, asOf }: FailedStart,
): PodRecord {
  const startWaits = new Map(record.startWaits).set(name, { untilMs: nowMs + retryInMs, asOf });
  return withReason({ ...record, startWaits, pulls: withoutPull(record.pulls, name) }, name, why);
}

/** The pod has a new sandbox. Starts that failed in the one before do not hold containers back. */
export function withSandbox(record: PodRecord): PodRecord {
  return { ...record, sandbox: NO_FAILURES, startWaits: new Map() };
}

/** The pod's sandbox could not be made. */
export function withFailedSandbox(record: PodRecord, { nowMs, asOf }: AttemptTimes): PodRecord {
  const count = record.sandbox.count + 1;
  return { ...record, sandbox: { count, wait: { untilMs: nowMs + retryMs(count), asOf } } };
}

/** The pod's volumes were made. */
export function withVolumes(record: PodRecord, mounted: MountedVolumes, { nowMs, asOf }: AttemptTimes): PodRecord {
  return { ...record, volumes: { ...NO_FAILURES, made: { mounted, asOf, atMs: nowMs } } };
}

/** The pod's volumes could not be made. They are what they were: a pod goes on with the files of a ConfigMap that is gone. */
export function withFailedVolumes(record: PodRecord, pod: Pod, { nowMs, asOf }: AttemptTimes): PodRecord {
  const count = record.volumes.count + 1;
  const wait = { untilMs: nowMs + volumesRetryMs(pod, count), asOf };
  return { ...record, volumes: { ...record.volumes, count, wait } };
}

/** The containers' end has come to a stop: all of them have ended, or it failed. */
export function withEndedStop(record: PodRecord, { failedAtMs }: { readonly failedAtMs?: number } = {}): PodRecord {
  const { stop } = record;
  if (stop === undefined) return record;
  const retryAtMs = failedAtMs === undefined ? stop.retryAtMs : failedAtMs + STOP_RETRY_MS;
  return { ...record, stop: { ...stop, underWay: false, retryAtMs } };
}

/** A sandbox was stopped. */
export function withStoppedSandbox(record: PodRecord, sandboxId: string): PodRecord {
  return { ...record, stoppedSandboxes: new Set(record.stoppedSandboxes).add(sandboxId) };
}

/** A part of what remains of the pod was cleared away. */
export function withCleared(record: PodRecord, part: Clearing): PodRecord {
  return { ...record, cleared: new Set(record.cleared).add(part) };
}

function withoutKey<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  return new Map([...map].filter(([name]) => name !== key));
}
