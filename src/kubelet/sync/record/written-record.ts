import type { ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { PodFailure } from "../../status/pod-status.ts";
import type { PlanTime } from "../plan-pod.ts";
import { parseResources } from "../resize/container-resources.ts";
import type { PodResize } from "../resize/pod-resize.ts";
import type { PodRecord, PodStop } from "./pod-record.ts";

/** The part of a pod's record that must survive a restart of the kubelet and is in neither the runtime nor the API. */
export interface WrittenRecord {
  readonly stop?: WrittenStop;
  /** Absent for a pod whose containers have the resources that they were made with. */
  readonly resize?: WrittenResize;
}

/** What the node has set aside for containers, by their names, and what those were given that run, by their ids. */
export interface WrittenResize {
  readonly allocated: Readonly<Record<string, ResourceRequirements>>;
  readonly given: Readonly<Record<string, ResourceRequirements>>;
  /** Of the change that is under way. */
  readonly generation?: number;
}

/** That the pod is being stopped, why, and until when. */
export interface WrittenStop {
  readonly failure: PodFailure | undefined;
  /** The grace period that the containers were given, in seconds. */
  readonly graceSeconds: number;
  /** When it is over, in milliseconds since the epoch. */
  readonly deadlineAt: number;
}

/** Returns the text of the part of a record that is written; undefined where there is nothing to write. */
export function recordText(record: PodRecord, now: PlanTime): string | undefined {
  const [stop, resize] = [writtenStop(record, now), writtenResize(record.resize)];
  return stop === undefined && resize === undefined ? undefined : JSON.stringify({ ...stop, resize });
}

function writtenStop({ stop, failure }: PodRecord, now: PlanTime): WrittenStop | undefined {
  if (stop === undefined) return undefined;
  const { graceSeconds, deadlineMs } = stop;
  return { failure, graceSeconds, deadlineAt: now.wallMs + deadlineMs - now.monotonicMs };
}

function writtenResize({ allocated, given, inProgress }: PodResize): WrittenResize | undefined {
  if (allocated === undefined) return undefined;
  return {
    allocated: Object.fromEntries(allocated),
    given: Object.fromEntries(given),
    ...(inProgress?.generation !== undefined && { generation: Number(inProgress.generation) }),
  };
}

/** Returns the record of a restarted kubelet. The grace period goes on, and is never longer than it was. */
export function recallRecord(record: PodRecord, { stop, resize }: WrittenRecord, now: PlanTime): PodRecord {
  const resized = resize === undefined ? record : { ...record, resize: recalledResize(record.resize, resize) };
  if (stop === undefined) return resized;
  const { failure, graceSeconds, deadlineAt } = stop;
  const leftMs = Math.min(graceSeconds * 1000, Math.max(0, deadlineAt - now.wallMs));
  const recalled: PodStop = {
    graceSeconds,
    deadlineMs: now.monotonicMs + leftMs,
    underWay: false,
    retryAtMs: now.monotonicMs,
    writeAtMs: Number.POSITIVE_INFINITY,
  };
  return { ...resized, judged: true, failure, stop: recalled };
}

function recalledResize(resize: PodResize, { allocated, given, generation }: WrittenResize): PodResize {
  return {
    ...resize,
    allocated: new Map(Object.entries(allocated)),
    given: new Map(Object.entries(given)),
    inProgress: generation === undefined ? undefined : { generation, error: undefined },
  };
}

/** Parses a written record. Leaves out what is no part of one. */
export function parseWrittenRecord(text: string): WrittenRecord {
  const { graceSeconds, deadlineAt, failure, resize } = parsedObject(text);
  const hasStop = typeof graceSeconds === "number" && typeof deadlineAt === "number";
  const written = parseResize(resize);
  return {
    ...(hasStop && { stop: { graceSeconds, deadlineAt, failure: parseFailure(failure) } }),
    ...(written !== undefined && { resize: written }),
  };
}

function parseResize(value: unknown): WrittenResize | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { allocated, given, generation }: { allocated?: unknown; given?: unknown; generation?: unknown } = value;
  if (typeof allocated !== "object" || allocated === null) return undefined;
  return {
    allocated: parseAll(allocated),
    given: parseAll(given),
    ...(typeof generation === "number" && { generation }),
  };
}

function parseAll(value: unknown): Readonly<Record<string, ResourceRequirements>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const resources = parseResources(inner);
      return resources === undefined ? [] : [[name, resources]];
    }),
  );
}

function parseFailure(value: unknown): PodFailure | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { reason, message, isRejection }: { reason?: unknown; message?: unknown; isRejection?: unknown } = value;
  if (typeof reason !== "string" || typeof message !== "string") return undefined;
  return { reason, message, ...(isRejection === true && { isRejection }) };
}

function parsedObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
