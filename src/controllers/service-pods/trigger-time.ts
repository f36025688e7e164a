import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { podCondition } from "./pod-readiness.ts";

/** Holds the time of the change that made a controller write endpoints: what network programming latency is measured from. */
export const LAST_CHANGE_TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

/** What was known of one Service and its pods when its endpoints were last looked at. Times as the API writes them. */
export interface TriggerTimes {
  readonly service: string;
  /** By pod name. */
  readonly pods: Map<string, Readiness>;
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
  return {
    time: earliest(before, service, changed),
    now: { service: service.metadata.creationTimestamp, pods: readiness },
  };
}

/**
 * {@link triggerTime} for a caller that knows which pods changed: what was known before is updated in place.
 *
 * @param pods - By name; `undefined` for a pod that is gone or no longer selected.
 */
export function triggerTimeOfChanged(
  before: TriggerTimes | undefined,
  service: Service,
  pods: ReadonlyMap<string, Pod | undefined>,
): { readonly time: string | undefined; readonly now: TriggerTimes } {
  const readiness = before?.pods ?? new Map<string, Readiness>();
  const changed: string[] = [];
  for (const [name, pod] of pods) {
    const found = pod && readinessOf(pod);
    if (found === undefined) {
      readiness.delete(name);
      continue;
    }
    if (isChange(readiness.get(name), found)) changed.push(found.since);
    readiness.set(name, found);
  }
  return {
    time: earliest(before, service, changed),
    now: { service: service.metadata.creationTimestamp, pods: readiness },
  };
}

function earliest(before: TriggerTimes | undefined, service: Service, changed: string[]): string | undefined {
  const created = service.metadata.creationTimestamp;
  if (before === undefined) return created;
  if (created > before.service) changed.push(created);
  return changed.sort()[0];
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
