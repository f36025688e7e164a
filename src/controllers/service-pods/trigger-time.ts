import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
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
  const changed: string[] = [];
  for (const pod of pods) {
    const found = readinessOf(pod);
    if (found === undefined) continue;
    readiness.set(pod.metadata.name, found);
    const known = before?.pods.get(pod.metadata.name);
    if (found !== known && isChange(known, found)) changed.push(found.since);
  }
  const created = service.metadata.creationTimestamp;
  const now: TriggerTimes = { service: created, pods: readiness };
  if (before === undefined) return { time: created, now };
  if (created > before.service) changed.push(created);
  return { time: changed.sort()[0], now };
}

/** Times are of whole seconds: a pod may become ready in the one in which it was found not to be. */
function isChange(known: Readiness | undefined, { isReady, since }: Readiness): boolean {
  return known === undefined || since > known.since || (since === known.since && isReady !== known.isReady);
}

/** Pods are never changed in place: each is looked at once. */
const readinessOfPods = new WeakMap<Pod, Readiness>();

function readinessOf(pod: Pod): Readiness | undefined {
  const known = readinessOfPods.get(pod);
  if (known !== undefined) return known;
  const { status, lastTransitionTime: since } = podCondition(pod, "Ready") ?? {};
  if (since === undefined) return undefined;
  const readiness = { isReady: status === "True", since };
  readinessOfPods.set(pod, readiness);
  return readiness;
}
