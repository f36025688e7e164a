import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { Service } from "../../api/core/v1/service.ts";
import { podCondition } from "./pod-readiness.ts";

/** Holds the time of the change that made a controller write endpoints: what network programming latency is measured from. */
export const LAST_CHANGE_TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

/** What was known of one Service and its pods when its endpoints were last looked at. Times as the API writes them. */
export interface TriggerTimes {
  readonly service: string;
  /** By pod name: since when it has been ready, or not. */
  readonly pods: ReadonlyMap<string, string>;
}

/**
 * The earliest change since `before`, for the annotation; `undefined` when nothing of note changed.
 *
 * A Service not seen before counts from its creation.
 */
export function triggerTime(
  before: TriggerTimes | undefined,
  service: Service,
  pods: readonly Pod[],
): { readonly time: string | undefined; readonly now: TriggerTimes } {
  const times = new Map<string, string>();
  for (const pod of pods) {
    const time = podCondition(pod, "Ready")?.lastTransitionTime;
    if (time !== undefined) times.set(pod.metadata.name, time);
  }
  const created = service.metadata.creationTimestamp;
  const now: TriggerTimes = { service: created, pods: times };
  if (before === undefined) return { time: created, now };

  const changed = [...times].filter(([name, time]) => time > (before.pods.get(name) ?? "")).map(([, time]) => time);
  if (created > before.service) changed.push(created);
  return { time: changed.sort()[0], now };
}
