import { type Amounts, amountsOf } from "@fairlead/api/core/v1/amounts";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { countResized, podRequests, resizeFacts } from "@fairlead/api/core/v1/pod/pod-requests";
import { createRecent } from "@fairlead/lib/recent";

/** What a container counts as in scores when it requests nothing, so that such pods do not all end on one node. */
const SCORED_DEFAULTS: Amounts = new Map([
  ["cpu", 100],
  ["memory", 200 * 1024 * 1024],
]);

const allocatable = new WeakMap<Node, Amounts>();

/** What a node has for pods; Nodes are readonly, so that it is read once per object. */
export function allocatableOf(node: Node): Amounts {
  let resources = allocatable.get(node);
  if (resources === undefined) {
    resources = amountsOf(node.status.allocatable);
    allocatable.set(node, resources);
  }
  return resources;
}

/** What a pod counts as. */
export interface PodRequests {
  /** What its node must have free for it. */
  readonly requests: Amounts;
  /** The same, each container counting as something even when it requests nothing. */
  readonly scoredRequests: Amounts;
}

/** Most requests that are remembered. */
const KNOWN_MAX = 1_000;
/** By all that they are worked out from: the pods of one Deployment have the same. */
const known = createRecent<PodRequests>(KNOWN_MAX);

/** Returns what a pod counts as: one value for all pods that request the same. */
export function requestsOfPod(pod: Pod): PodRequests {
  const { initContainers = [], containers, resources, overhead } = pod.spec;
  const key = JSON.stringify([
    initContainers.map(({ name, restartPolicy, resources: own }) => [name, restartPolicy, own.requests]),
    containers.map(({ name, resources: own }) => [name, own.requests]),
    resources?.requests,
    overhead,
    resizeFacts(pod),
  ]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const count = countResized(pod);
  const made = {
    requests: podRequests(pod, count),
    scoredRequests: podRequests(pod, (container) => new Map([...SCORED_DEFAULTS, ...count(container)])),
  };
  known.set(key, made);
  return made;
}
