import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { RuntimeContainer } from "../../runtime/pod-runtime.ts";
import type { AnyContainer, PodState } from "../pod-state.ts";
import { newest } from "../pod-state.ts";
import type { BackOff } from "../record/back-off.ts";
import { nextBackOff } from "../record/back-off.ts";
import { definitionChanged } from "./container-hash.ts";

/**
 * Annotation of a container that was restarted: the back-off that its next restart waits, in milliseconds. Upstream keeps
 * it in memory and forgets it when the kubelet restarts.
 */
export const RESTART_DELAY_ANNOTATION = "fairlead.container.restartDelayMs";

/** Properties of the next instance of a container that follow from earlier ones. */
export interface NextInstance {
  /** Counts the instances of this container, from 0: its restart count. */
  readonly attempt: number;
  /** Value of {@link RESTART_DELAY_ANNOTATION}; undefined without a back-off. */
  readonly restartDelayMs: number | undefined;
}

/**
 * Returns the next instance of a container.
 *
 * @param now - Milliseconds since the epoch.
 */
export function nextInstance(pod: Pod, container: AnyContainer, state: PodState, now: number): NextInstance {
  const last = newest(state, container.name);
  if (last === undefined) return { attempt: attemptInStatus(pod, container.name), restartDelayMs: undefined };
  const before = restartBackOff(container, last);
  // An instance that was never started has no failure of its own: the back-off stays what it is.
  const backOff = last.state === "exited" ? nextBackOff(before, last.finishedAt, now) : before;
  return { attempt: last.attempt + 1, restartDelayMs: backOff?.delayMs };
}

/** Returns the back-off that the restart of an instance has to wait; undefined for a first instance, or when the image has changed since. */
export function restartBackOff(container: AnyContainer, instance: RuntimeContainer): BackOff | undefined {
  const delayMs = Number(instance.annotations[RESTART_DELAY_ANNOTATION] ?? Number.NaN);
  if (!(delayMs > 0) || definitionChanged(container, instance)) return undefined;
  return { delayMs, updatedAt: instance.createdAt };
}

/**
 * The restart count when only the pod's status knows of earlier instances. A status without a container id has counted the
 * lost instance already.
 */
function attemptInStatus({ status }: Pod, name: string): number {
  const { containerStatuses = [], initContainerStatuses = [] } = status;
  const found = [...containerStatuses, ...initContainerStatuses].find((s) => s.name === name);
  if (found === undefined) return 0;
  const countsRunning = found.containerID !== undefined && found.containerID !== "";
  return countsRunning ? found.restartCount + 1 : found.restartCount;
}
