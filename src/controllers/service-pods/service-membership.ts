import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { CacheChange, Indexes } from "@fairlead/client/cache/cache";
import { isPodAnEndpoint } from "./is-pod-an-endpoint.ts";
import { isPodReady, isPodTerminal } from "./pod-readiness.ts";

/** Whether the Service gets its endpoints from pods, by a selector. An ExternalName never does. */
export function selectsPods(service: Service): boolean {
  return service.spec.type !== "ExternalName" && Object.keys(service.spec.selector ?? {}).length > 0;
}

/** Whether every pair of the selector is among the pod's labels, in the same namespace. */
export function isSelected(service: Service, pod: Pod): boolean {
  return selectorOf(service)(pod);
}

/** {@link isSelected} for many pods. */
export function selectorOf(service: Service): (pod: Pod) => boolean {
  if (!selectsPods(service)) return () => false;
  const pairs = Object.entries(service.spec.selector ?? {});
  const { namespace } = service.metadata;
  return ({ metadata }) =>
    metadata.namespace === namespace && pairs.every(([name, value]) => metadata.labels?.[name] === value);
}

const pair = (namespace: string | undefined, name: string, value: string) => `${namespace ?? ""}/${name}=${value}`;

/** Finds pods by each of their labels: the values are `namespace/name=value`. */
export const podIndexes: Indexes<Pod> = {
  label: (pod) =>
    Object.entries(pod.metadata.labels ?? {}).map(([name, value]) => pair(pod.metadata.namespace, name, value)),
};

/** Finds Services by the first pair of their selector, so that a pod is compared with few of them. */
export const serviceIndexes: Indexes<Service> = {
  selector: (service) => (selectsPods(service) ? [firstPair(service)] : []),
};

/** What {@link podIndexes} knows the pods by that a Service may select. */
export function firstPair(service: Service): string {
  const [first] = Object.entries(service.spec.selector ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return first === undefined ? "" : pair(service.metadata.namespace, first[0], first[1]);
}

/** What {@link serviceIndexes} knows the Services by that may select the pod. */
export function pairsOf(pod: Pod): readonly string[] {
  return podIndexes.label?.(pod) ?? [];
}

/** The versions of a pod whose Services have to be looked at after a change; none when nothing that endpoints show has changed. */
export function podsToLookUp({ before, after }: CacheChange<Pod>): readonly Pod[] {
  const listed = [before, after].filter(
    (pod) => pod !== undefined && isPodAnEndpoint(pod, { includeTerminating: true }),
  );
  if (before !== undefined && after !== undefined && fingerprint(before) === fingerprint(after)) return [];
  // A pod that is not listed, and was not, is of no interest: most changes are of pods that have no address yet.
  return listed.length === 0 ? [] : [before, after].filter((pod) => pod !== undefined);
}

/** All that an endpoint, its place in a slice and its trigger time are made from. */
function fingerprint(pod: Pod): string {
  return JSON.stringify([
    pod.metadata.labels,
    pod.metadata.uid,
    pod.metadata.deletionTimestamp !== undefined,
    pod.spec.nodeName,
    pod.spec.hostname,
    pod.spec.subdomain,
    pod.status.podIP,
    pod.status.podIPs,
    isPodReady(pod),
    isPodTerminal(pod),
  ]);
}
