import type { Container } from "@fairlead/api/core/v1/pod/container";
import { milliValue, wholeValue } from "../../resources/quantity-value.ts";

const PERIOD_MICROSECONDS = 100_000;
const SHARES_PER_CPU = 1024;
const SHARES_MIN = 2;
const SHARES_MAX = 262_144;
const QUOTA_MIN_MICROSECONDS = 1_000;

/** CRI's `LinuxContainerResources` for what a container requests and is limited to. A zero stands for no limit. */
export function linuxResources(resources: Partial<Container["resources"]>, oomScoreAdj: number) {
  const limitMilliCpu = milliValue(resources.limits?.cpu);
  const requestMilliCpu = milliValue(resources.requests?.cpu ?? resources.limits?.cpu);
  const memoryLimitInBytes = wholeValue(resources.limits?.memory);
  return {
    cpuShares: Math.min(SHARES_MAX, Math.max(SHARES_MIN, Math.floor((requestMilliCpu * SHARES_PER_CPU) / 1000))),
    ...(limitMilliCpu > 0 && {
      cpuPeriod: PERIOD_MICROSECONDS,
      cpuQuota: Math.max(QUOTA_MIN_MICROSECONDS, Math.floor((limitMilliCpu * PERIOD_MICROSECONDS) / 1000)),
    }),
    ...(memoryLimitInBytes > 0 && { memoryLimitInBytes }),
    oomScoreAdj,
  };
}
