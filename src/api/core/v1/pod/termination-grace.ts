import { boundedSeconds, type Int64 } from "../../../int64.ts";
import type { PodSpec } from "./pod-schema.ts";
import type { Probe } from "./probe.ts";

/** Returns how long a pod may take to end, in seconds. A negative value, which validation accepts, means 1. */
export function terminationGrace({ terminationGracePeriodSeconds: seconds }: PodSpec): Int64 {
  return seconds < 0 ? 1 : seconds;
}

/** {@link terminationGrace} as a number to calculate with. */
export function terminationGraceSeconds(spec: PodSpec): number {
  return boundedSeconds(terminationGrace(spec));
}

/** Returns how long a container may take to end after this probe failed, in seconds; `undefined`: as long as its pod. */
export function probeGraceSeconds(probe: Probe | undefined): number | undefined {
  const seconds = probe?.terminationGracePeriodSeconds;
  return seconds === undefined ? undefined : boundedSeconds(seconds);
}
