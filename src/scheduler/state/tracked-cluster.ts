import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ClusterState, NodeState, OtherObjects } from "./cluster-state.ts";
import { imageCounts } from "./image-counts.ts";
import { nodeState } from "./node-state.ts";
import { nominations } from "./nominations.ts";
import { factsOf, type PodFacts } from "./pod-facts.ts";

/**
 * The nodes and the pods on them, kept up to date change by change.
 *
 * A pod that has just been given a node counts at once, before the API server has stored it: see {@link assume}.
 */
export interface TrackedCluster {
  setNode(node: Node): void;
  removeNode(name: string): void;
  /** The pod as the API shows it: on its node while it runs, else nowhere. What was assumed of it is forgotten. */
  setPod(pod: Pod): void;
  removePod(uid: string): void;
  /** The pod is on its way to that node. */
  assume(pod: Pod, nodeName: string): void;
  isAssumed(uid: string): boolean;
  /** The pod did not get to the node that was assumed. Does nothing when the API already showed it. */
  forget(uid: string): void;
  /** Room is being made for the pod on that node: it counts there for pods that are not more important, until it is placed. */
  nominate(pod: Pod, nodeName: string): void;
  /** How things stand now for a decision on `pod`. The answer does not change when the cluster does. */
  state(others: OtherObjects, pod: Pod): ClusterState;
}

interface Placement {
  readonly facts: PodFacts;
  readonly nodeName: string;
  readonly isAssumed: boolean;
}

/** An empty cluster. */
export function trackedCluster(): TrackedCluster {
  const nodes = new Map<string, Node>();
  const placements = new Map<string, Placement>();
  const podsOn = new Map<string, Map<string, PodFacts>>();
  /** States that are still true; those of changed nodes are missing. */
  const states = new Map<string, NodeState>();
  const nominated = nominations();
  const images = imageCounts();

  function place(uid: string, placement: Placement | undefined): void {
    const before = placements.get(uid);
    if (before !== undefined) {
      podsOn.get(before.nodeName)?.delete(uid);
      states.delete(before.nodeName);
      placements.delete(uid);
    }
    if (placement === undefined) return;
    nominated.delete(uid);
    placements.set(uid, placement);
    const pods = podsOn.get(placement.nodeName) ?? new Map<string, PodFacts>();
    podsOn.set(placement.nodeName, pods.set(uid, placement.facts));
    states.delete(placement.nodeName);
  }

  function replaceNode(name: string, node: Node | undefined): void {
    images.replace(nodes.get(name), node);
    if (node === undefined) nodes.delete(name);
    else nodes.set(name, node);
    states.delete(name);
  }

  function stateOf(name: string, node: Node): NodeState {
    const known = states.get(name);
    if (known !== undefined) return known;
    const state = nodeState(node, [...(podsOn.get(name)?.values() ?? [])]);
    states.set(name, state);
    return state;
  }

  function setPod(pod: Pod): void {
    const { uid } = pod.metadata;
    const placement = placementOf(pod);
    // Not bound yet as far as the API knows: what was assumed of it stands.
    if (placement === undefined && placements.get(uid)?.isAssumed && !isOver(pod)) return;
    if (isOver(pod)) nominated.delete(uid);
    else if (pod.status.nominatedNodeName) nominated.set(pod, pod.status.nominatedNodeName);
    place(uid, placement);
  }

  return {
    setNode: (node) => replaceNode(node.metadata.name, node),
    removeNode: (name) => replaceNode(name, undefined),
    setPod,
    removePod(uid) {
      nominated.delete(uid);
      place(uid, undefined);
    },
    assume: (pod, nodeName) => place(pod.metadata.uid, { facts: factsOf(pod), nodeName, isAssumed: true }),
    isAssumed: (uid) => placements.get(uid)?.isAssumed ?? false,
    forget(uid) {
      if (placements.get(uid)?.isAssumed) place(uid, undefined);
    },
    nominate: nominated.set,
    state(others, pod) {
      const seen = nominated.seenBy(pod);
      return { ...others, nodes: [...nodes].map(([name, node]) => seen(stateOf(name, node))), imageNodes: images.of };
    },
  };
}

/** Where the API says that the pod takes room. */
function placementOf(pod: Pod): Placement | undefined {
  const nodeName = pod.spec.nodeName ?? "";
  return nodeName === "" || isOver(pod) ? undefined : { facts: factsOf(pod), nodeName, isAssumed: false };
}

function isOver({ status }: Pod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}
