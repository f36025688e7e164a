import type { Event } from "@fairlead/api/core/v1/event/event";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStateTerminated, ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";

/** What an object of the API says about a problem. */
interface Reasoned {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** Waiting reasons of containers that are about to start. */
const STARTING = ["ContainerCreating", "PodInitializing"];

/** Joins reason and message to one line: a message may have several, as a program's error has. */
export function said({ reason = "", message = "" }: Reasoned): string[] {
  return [reason, message.trim().replaceAll(/\s+/g, " ")].filter((text) => text !== "");
}

/**
 * Says why a pod is not Ready, from the most specific source that knows: its containers (why they wait, how they ended,
 * the last failed probe), its conditions, its latest warning.
 *
 * @param events - The pod's own.
 * @returns undefined when it is Ready, or nothing is known yet.
 */
export function podTrouble(pod: Pod, events: readonly Event[] = []): string | undefined {
  const { status } = pod;
  const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = status;
  if (conditions.some(({ type, status: state }) => type === "Ready" && state === "True")) return undefined;
  const warnings = warningsOf(pod, events);
  const containers = [...initContainerStatuses, ...containerStatuses].flatMap((container) => {
    const trouble = containerTrouble(container, warnings);
    return trouble === undefined ? [] : [`${container.name}: ${trouble}`];
  });
  if (status.phase === "Failed" && said(status).length > 0) return said(status).join(": ");
  if (containers.length > 0) return containers.join("; ");
  const scheduled = conditions.find(({ type, status: state }) => type === "PodScheduled" && state === "False");
  if (scheduled !== undefined) return said(scheduled).join(": ");
  const gates = (pod.spec.readinessGates ?? [])
    .map(({ conditionType }) => conditionType)
    .filter((gate) => !conditions.some(({ type, status: state }) => type === gate && state === "True"));
  const warning = warnings.at(-1);
  if (warning !== undefined) return said(warning).join(": ");
  return gates.length === 0 ? undefined : `its readiness gates are not True: ${gates.join(", ")}`;
}

/** The pod's warnings, the latest last. */
function warningsOf({ metadata: { uid } }: Pod, events: readonly Event[]): readonly Event[] {
  return events
    .filter(({ type, involvedObject }) => type === "Warning" && involvedObject.uid === uid)
    .toSorted((a, b) => timeOf(a) - timeOf(b));
}

function timeOf({ series, lastTimestamp, eventTime }: Event): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? "") || 0;
}

function containerTrouble(container: ContainerStatus, warnings: readonly Event[]): string | undefined {
  const { name, state = {}, lastState = {}, ready } = container;
  const before = lastState.terminated === undefined ? [] : [`last ${ending(lastState.terminated)}`];
  if (state.terminated !== undefined) {
    return state.terminated.exitCode === 0 ? undefined : ending(state.terminated);
  }
  if (state.waiting !== undefined) {
    const { reason } = state.waiting;
    return reason === undefined || STARTING.includes(reason)
      ? undefined
      : [said(state.waiting).join(": "), ...before].join("; ");
  }
  if (ready || state.running === undefined) return undefined;
  const probe = warnings.findLast(
    ({ reason, involvedObject: { fieldPath } }) => reason === "Unhealthy" && fieldPath?.endsWith(`{${name}}`),
  );
  const found = [...(probe === undefined ? [] : [said(probe).join(": ")]), ...before];
  return found.length === 0 ? undefined : found.join("; ");
}

/** `ended with exit code 1 (Error): no such table`. */
function ending({ exitCode, signal = 0, reason = "", message }: ContainerStateTerminated): string {
  const how = signal === 0 ? `exit code ${exitCode}` : `signal ${signal}`;
  const why = reason === "" ? "" : ` (${reason})`;
  return [`ended with ${how}${why}`, ...said({ message })].join(": ");
}
