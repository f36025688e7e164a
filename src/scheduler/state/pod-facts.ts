import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { claimNames } from "@fairlead/api/core/v1/pod/pod-claims";
import { type AffinityTerm, parseTerms } from "../affinity-terms.ts";
import { type PodRequests, requestsOfPod } from "./resources.ts";

/** A port that a pod takes on its node. */
export interface HostPort {
  /** `0.0.0.0` means every address. */
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

/** A pod, and what is worked out of it once. */
export interface PodFacts extends PodRequests {
  readonly pod: Pod;
  readonly hostPorts: readonly HostPort[];
  /** The claims that it uses, as `namespace/name`. */
  readonly claims: readonly string[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  /** Anti-affinity has negative weights. */
  readonly preferredAffinity: readonly AffinityTerm[];
}

const known = new WeakMap<Pod, PodFacts>();

/** The facts of a pod; pods are readonly, so that they are worked out once per object. */
export function factsOf(pod: Pod): PodFacts {
  let facts = known.get(pod);
  if (facts === undefined) {
    facts = workOut(pod);
    known.set(pod, facts);
  }
  return facts;
}

function workOut(pod: Pod): PodFacts {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  return {
    pod,
    ...requestsOfPod(pod),
    hostPorts: slim(hostPortsOf(pod)),
    claims: slim(claimNames(pod).map((name) => `${pod.metadata.namespace}/${name}`)),
    requiredAffinity: slim(parseTerms(pod, podAffinity?.requiredDuringSchedulingIgnoredDuringExecution, 1)),
    requiredAntiAffinity: slim(parseTerms(pod, podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution, 1)),
    preferredAffinity: slim([
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm, weight }) =>
        parseTerms(pod, [podAffinityTerm], weight),
      ),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(
        ({ podAffinityTerm, weight }) => parseTerms(pod, [podAffinityTerm], -weight),
      ),
    ]),
  };
}

const NONE: readonly never[] = [];

/** Most pods have none of most things, and the facts of all pods are kept. */
function slim<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? NONE : items;
}

function hostPortsOf(pod: Pod): readonly HostPort[] {
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  return [...pod.spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort === undefined || hostPort === 0 ? [] : [{ address: hostIP || "0.0.0.0", protocol, port: hostPort }],
    ),
  );
}
