import type { PodSpec } from "./pod.ts";

/** Returns how long a pod may take to end, in seconds. A negative value, which validation accepts, means 1. */
export function terminationGraceSeconds({ terminationGracePeriodSeconds: seconds }: PodSpec): number {
  return seconds < 0 ? 1 : seconds;
}
