import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { Service } from "../../api/core/v1/service.ts";
import { podCondition } from "./pod-readiness.ts";

/** Holds the time of the change that made a controller write endpoints: what network programming latency is measured from. */
export const LAST_CHANGE_TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

/** What was known of one Service and its pods when its endpoints were last looked at. Times as the API writes them. */
export interface TriggerTimes {
  readonly service: string;
  /** By pod name. */
  readonly pods: ReadonlyMap<string, Readiness>;
}

interface Readiness {
  readonly isReady: boolean;
  readonly since: string;
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
  const readiness = new Map<string, Readiness>();
  for (const pod of pods) {
    const { status, lastTransitionTime: since } = podCondition(pod, "Ready") ?? {};
    if (since !== undefined) readiness.set(pod.metadata.name, { isReady: status === "True", since });
  }
  const created = service.metadata.creationTimestamp;
  const now: TriggerTimes = { service: created, pods: readiness };
  if (before === undefined) return { time: created, now };

  const changed = [...readiness]
    .filter(([name, { isReady, since }]) => {
      const known = before.pods.get(name);
      // Times are of whole seconds: a pod may become ready in the one in which it was found not to be.
      return known === undefined || since > known.since || (since === known.since && isReady !== known.isReady);
    })
    .map(([, { since }]) => since);
  if (created > before.service) changed.push(created);
  return { time: changed.sort()[0], now };
}
