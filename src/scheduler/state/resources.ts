import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { quantityMilliValue, quantityOf, quantityValue } from "@fairlead/api/quantity";
import { createRecent } from "@fairlead/lib/recent";

/** Amounts by resource name: CPU in millicores, everything else in whole units (bytes, pieces). */
export type Resources = ReadonlyMap<string, number>;

type Quantities = Readonly<Record<string, string>> | undefined;

/** What a container counts as in scores when it requests nothing, so that such pods do not all end on one node. */
const SCORED_DEFAULTS: Resources = new Map([
  ["cpu", 100],
  ["memory", 200 * 1024 * 1024],
]);

/** Reads a map of quantities as it stands in the API. */
function parseResources(quantities: Quantities): Resources {
  return new Map(Object.entries(quantities ?? {}).map(([name, text]) => [name, amount(name, text)]));
}

function amount(name: string, text: string): number {
  const quantity = quantityOf(text);
  return Number(name === "cpu" ? quantityMilliValue(quantity) : quantityValue(quantity));
}

const allocatable = new WeakMap<Node, Resources>();

/** What a node has for pods; Nodes are readonly, so that it is read once per object. */
export function allocatableOf(node: Node): Resources {
  let resources = allocatable.get(node);
  if (resources === undefined) {
    resources = parseResources(node.status.allocatable);
    allocatable.set(node, resources);
  }
  return resources;
}

/** What a pod counts as. */
export interface PodRequests {
  /** See {@link podRequests}. */
  readonly requests: Resources;
  /** See {@link scoredRequests}. */
  readonly scoredRequests: Resources;
}

/** Most requests that are remembered. */
const KNOWN_MAX = 1_000;
/** By all that they are worked out from: the pods of one Deployment have the same. */
const known = createRecent<PodRequests>(KNOWN_MAX);

/** Returns what a pod counts as: one value for all pods that request the same. */
export function requestsOfPod(pod: Pod): PodRequests {
  const { initContainers = [], containers, resources, overhead } = pod.spec;
  const key = JSON.stringify([
    initContainers.map((container) => [container.restartPolicy, container.resources.requests]),
    containers.map((container) => container.resources.requests),
    resources?.requests,
    overhead,
  ]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = { requests: podRequests(pod), scoredRequests: scoredRequests(pod) };
  known.set(key, made);
  return made;
}

/**
 * What a node must have free for the pod.
 *
 * Containers and sidecars run together; an ordinary init container runs with the sidecars started before it; the pod
 * needs the larger of the two. Requests of the pod as a whole replace what its containers add up to; overhead is added.
 */
function podRequests(pod: Pod): Resources {
  return requestsOf(pod, (container) => parseResources(container.resources.requests));
}

/** As {@link podRequests}, each container counting as something even when it requests nothing. */
function scoredRequests(pod: Pod): Resources {
  return requestsOf(pod, ({ resources }) => new Map([...SCORED_DEFAULTS, ...parseResources(resources.requests)]));
}

function requestsOf(pod: Pod, ofContainer: (container: Container) => Resources): Resources {
  let running: Resources = new Map();
  let initPeak: Resources = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const withIt = sum(running, ofContainer(container));
    initPeak = larger(initPeak, withIt);
    if (container.restartPolicy === "Always") running = withIt;
  }
  for (const container of pod.spec.containers) running = sum(running, ofContainer(container));
  const ofContainers = larger(running, initPeak);
  const ofPod = parseResources(pod.spec.resources?.requests);
  return sum(new Map([...ofContainers, ...ofPod]), parseResources(pod.spec.overhead));
}

/** Per resource, `a` plus `b`. */
export function sum(a: Resources, b: Resources): Resources {
  if (b.size === 0) return a;
  const result = new Map(a);
  for (const [name, value] of b) result.set(name, (result.get(name) ?? 0) + value);
  return result;
}

/** Per resource, `a` minus `b`. */
export function difference(a: Resources, b: Resources): Resources {
  return sum(a, new Map([...b].map(([name, value]) => [name, -value])));
}

function larger(a: Resources, b: Resources): Resources {
  const result = new Map(a);
  for (const [name, value] of b) result.set(name, Math.max(result.get(name) ?? 0, value));
  return result;
}
