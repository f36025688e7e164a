import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { type TriggerTimes, triggerTime, triggerTimeOfChanged } from "./trigger-time.ts";

/** Remembers, per Service, when its pods last became ready or not. */
export interface TriggerTimeMemory {
  /**
   * Returns the time for the annotation of the next write; see {@link triggerTime}.
   *
   * @param pods - All that the Service selects.
   */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined;
  /**
   * {@link next} for a caller that knows which pods changed since the last call.
   *
   * @param changed - Pods by name; `undefined` for one that is gone or no longer selected.
   */
  nextOfChanged(key: string, service: Service, changed: ReadonlyMap<string, Pod | undefined>): string | undefined;
  forget(key: string): void;
}

/** An empty memory. */
export function triggerTimes(): TriggerTimeMemory {
  const known = new Map<string, TriggerTimes>();
  return {
    next(key, service, pods) {
      const { time, now } = triggerTime(known.get(key), service, pods);
      known.set(key, now);
      return time;
    },
    nextOfChanged(key, service, changed) {
      const { time, now } = triggerTimeOfChanged(known.get(key), service, changed);
      known.set(key, now);
      return time;
    },
    forget: (key) => known.delete(key),
  };
}
