import type { Clock } from "@fairlead/lib/clock";
import type { PlanTime } from "../sync/plan-pod.ts";

/** Returns the present moment on both clocks. */
export function timeOf(clock: Clock): PlanTime {
  return { wallMs: clock.now(), monotonicMs: clock.monotonicMs() };
}
