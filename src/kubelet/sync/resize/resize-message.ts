import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Int64 } from "@fairlead/api/int64";

/**
 * Returns the message of an event about a resize, as upstream: `Pod resize started: {"containers":[...],"generation":2}`.
 *
 * @param what - `Pod resize started`.
 * @param pod - With the resources that the event is about.
 */
export function resizeMessage(what: string, pod: Pod, generation: Int64 | undefined, error?: string): string {
  const { initContainers = [], containers } = pod.spec;
  const summary = {
    ...(initContainers.length > 0 && { initContainers: initContainers.map(shown) }),
    containers: containers.map(shown),
    // A whole number of 53 bits at most: a pod's generation counts its changes.
    ...(generation !== undefined && { generation: Number(generation) }),
    ...(error !== undefined && { error }),
  };
  return `${what}: ${JSON.stringify(summary)}`;
}

function shown({ name, resources: { limits, requests } }: Container) {
  return {
    name,
    resources: { ...(limits && { limits: sorted(limits) }), ...(requests && { requests: sorted(requests) }) },
  };
}

function sorted(quantities: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(quantities).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
