import { apiTime } from "@fairlead/api/api-time";
import type { Clock } from "@fairlead/lib/clock";

/** {@link apiTime} of this moment. */
export function now(clock: Clock): string {
  return apiTime(clock.now());
}
