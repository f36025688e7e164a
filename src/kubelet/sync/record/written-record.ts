import type { PodFailure } from "../../status/pod-status.ts";
import type { PlanTime } from "../plan-pod.ts";
import type { PodRecord, PodStop } from "./pod-record.ts";

/**
 * The part of a pod's record that must survive a restart of the kubelet and is in neither the runtime nor the API: that the
 * pod is being stopped, why, and until when.
 */
export interface WrittenRecord {
  readonly failure: PodFailure | undefined;
  /** The grace period that the containers were given, in seconds. */
  readonly graceSeconds: number;
  /** When it is over, in milliseconds since the epoch. */
  readonly deadlineAt: number;
}

/** Returns the part of a record that is written; undefined for a pod that is not being stopped. */
export function writtenRecord({ stop, failure }: PodRecord, now: PlanTime): WrittenRecord | undefined {
  if (stop === undefined) return undefined;
  const { graceSeconds, deadlineMs } = stop;
  return { failure, graceSeconds, deadlineAt: now.wallMs + deadlineMs - now.monotonicMs };
}

/** Returns the record of a restarted kubelet. The grace period goes on, and is never longer than it was. */
export function recallRecord(record: PodRecord, written: WrittenRecord, now: PlanTime): PodRecord {
  const { failure, graceSeconds, deadlineAt } = written;
  const leftMs = Math.min(graceSeconds * 1000, Math.max(0, deadlineAt - now.wallMs));
  const stop: PodStop = {
    graceSeconds,
    deadlineMs: now.monotonicMs + leftMs,
    underWay: false,
    retryAtMs: now.monotonicMs,
    writeAtMs: Number.POSITIVE_INFINITY,
  };
  return { ...record, judged: true, failure, stop };
}

/** Parses a written record; undefined when the text is not one. */
export function parseWrittenRecord(text: string): WrittenRecord | undefined {
  const { graceSeconds, deadlineAt, failure } = parsedObject(text);
  if (typeof graceSeconds !== "number" || typeof deadlineAt !== "number") return undefined;
  return { graceSeconds, deadlineAt, failure: parseFailure(failure) };
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
