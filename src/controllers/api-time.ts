import type { Clock } from "../lib/clock.ts";

/** The time as the API writes it: RFC 3339, UTC, whole seconds. */
export function apiTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** {@link apiTime} of this moment. */
export function now(clock: Clock): string {
  return apiTime(clock.now());
}
