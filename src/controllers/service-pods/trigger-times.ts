import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { type TriggerTimes, triggerTime } from "./trigger-time.ts";

/** Remembers, per Service, when its pods last became ready or not. */
export interface TriggerTimeMemory {
  /** The time for the annotation of what is written next; see {@link triggerTime}. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined;
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
    forget: (key) => known.delete(key),
  };
}
