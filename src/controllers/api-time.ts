import { apiTime } from "../api/api-time.ts";
import type { Clock } from "../lib/clock.ts";

/** {@link apiTime} of this moment. */
export function now(clock: Clock): string {
  return apiTime(clock.now());
}
