import type { Node } from "../api/core/v1/node.ts";
import type { Pod } from "../api/core/v1/pod/pod.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import { factsOf, type PodFacts } from "./pod-facts.ts";
import { parseResources, type Resources, sum } from "./resources.ts";

/**
 * The nodes and the pods on them, kept up to date change by change.
 *
 * A pod that has just been given a node counts at once, before the API server has heard of it: see {@link assume}.
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
  state(others: Pick<ClusterState, "servicesOf" | "namespaceLabels">, pod: Pod): ClusterState;
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
  const nominations = new Map<string, { readonly facts: PodFacts; readonly nodeName: string }>();
  const podsOn = new Map<string, Map<string, PodFacts>>();
  /** States that are still true; those of changed nodes are missing. */
  const states = new Map<string, NodeState>();
  const imageCounts = new Map<string, number>();

  function place(uid: string, placement: Placement | undefined): void {
    const before = placements.get(uid);
    if (before !== undefined) {
      podsOn.get(before.nodeName)?.delete(uid);
      states.delete(before.nodeName);
      placements.delete(uid);
    }
    if (placement === undefined) return;
    nominations.delete(uid);
    placements.set(uid, placement);
    const pods = podsOn.get(placement.nodeName) ?? new Map<string, PodFacts>();
    podsOn.set(placement.nodeName, pods.set(uid, placement.facts));
    states.delete(placement.nodeName);
  }

  function countImages(node: Node | undefined, by: 1 | -1): void {
    for (const name of imageNamesOf(node)) imageCounts.set(name, (imageCounts.get(name) ?? 0) + by);
  }

  function replaceNode(name: string, node: Node | undefined): void {
    countImages(nodes.get(name), -1);
    countImages(node, 1);
    if (node === undefined) nodes.delete(name);
    else nodes.set(name, node);
    states.delete(name);
  }

  function stateOf(name: string, node: Node): NodeState {
    let state = states.get(name);
    if (state === undefined) {
      state = nodeState(node, [...(podsOn.get(name)?.values() ?? [])]);
      states.set(name, state);
    }
    return state;
  }

  return {
    setNode: (node) => replaceNode(node.metadata.name, node),
    removeNode: (name) => replaceNode(name, undefined),
    setPod(pod) {
      const nodeName = pod.spec.nodeName ?? "";
      const isOver = pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
      // Not bound yet as far as the API knows: what was assumed of it stands.
      if (nodeName === "" && placements.get(pod.metadata.uid)?.isAssumed && !isOver) return;
      const isPlaced = nodeName !== "" && !isOver;
      const { nominatedNodeName } = pod.status;
      if (isOver) nominations.delete(pod.metadata.uid);
      else if (nominatedNodeName)
        nominations.set(pod.metadata.uid, { facts: factsOf(pod), nodeName: nominatedNodeName });
      place(pod.metadata.uid, isPlaced ? { facts: factsOf(pod), nodeName, isAssumed: false } : undefined);
    },
    removePod(uid) {
      nominations.delete(uid);
      place(uid, undefined);
    },
    assume: (pod, nodeName) => place(pod.metadata.uid, { facts: factsOf(pod), nodeName, isAssumed: true }),
    isAssumed: (uid) => placements.get(uid)?.isAssumed ?? false,
    forget(uid) {
      if (placements.get(uid)?.isAssumed) place(uid, undefined);
    },
    nominate: (pod, nodeName) => nominations.set(pod.metadata.uid, { facts: factsOf(pod), nodeName }),
    state(others, pod) {
      const ahead = nominatedBefore(pod, nominations);
      return {
        ...others,
        nodes: [...nodes].map(([name, node]) => withNominated(stateOf(name, node), ahead)),
        imageNodes: (image) => imageCounts.get(image) ?? 0,
      };
    },
  };
}

type Nominations = ReadonlyMap<string, { readonly facts: PodFacts; readonly nodeName: string }>;

/** The pods for which room is made that `pod` may not take: it is not more important than they are. */
function nominatedBefore(pod: Pod, nominations: Nominations): Nominations {
  if (nominations.size === 0) return nominations;
  const isBefore = ({ spec, metadata }: Pod) =>
    metadata.uid !== pod.metadata.uid && (spec.priority ?? 0) >= (pod.spec.priority ?? 0);
  return new Map([...nominations].filter(([, { facts }]) => isBefore(facts.pod)));
}

function withNominated(state: NodeState, nominations: Nominations): NodeState {
  if (nominations.size === 0) return state;
  const name = state.node.metadata.name;
  const nominated = [...nominations.values()].filter(({ nodeName }) => nodeName === name).map(({ facts }) => facts);
  return nominated.length === 0 ? state : nodeState(state.node, [...state.pods, ...nominated]);
}

/** A node with these pods on it. */
export function nodeState(node: Node, pods: readonly PodFacts[]): NodeState {
  const add = (total: Resources, more: Resources) => sum(total, more);
  return {
    node,
    allocatable: parseResources(node.status.allocatable),
    requested: pods.map(({ requests }) => requests).reduce(add, new Map()),
    scoredRequested: pods.map(({ scoredRequests }) => scoredRequests).reduce(add, new Map()),
    pods,
    podsWithAntiAffinity: pods.filter(({ requiredAntiAffinity }) => requiredAntiAffinity.length > 0),
    podsWithAffinity: pods.filter((p) => p.preferredAffinity.length > 0 || p.requiredAffinity.length > 0),
    images: new Map(
      (node.status.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) => names.map((n) => [n, sizeBytes])),
    ),
  };
}

function imageNamesOf(node: Node | undefined): ReadonlySet<string> {
  return new Set((node?.status.images ?? []).flatMap(({ names = [] }) => names));
}
