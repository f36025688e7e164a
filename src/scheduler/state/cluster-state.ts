import type { Amounts } from "@fairlead/api/core/v1/amounts";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import { ownValue } from "@fairlead/api/own-property";
import type { Rejector } from "./cluster-event.ts";
import type { PodFacts } from "./pod-facts.ts";

/** One node as filters and scores see it: with the pods on it, and those on their way to it. */
export interface NodeState {
  readonly node: Node;
  readonly allocatable: Amounts;
  /** Sum over the pods. */
  readonly requested: Amounts;
  readonly scoredRequested: Amounts;
  readonly pods: readonly PodFacts[];
  /** Those of the pods that keep others away by required anti-affinity. */
  readonly podsWithAntiAffinity: readonly PodFacts[];
  /** Those with any other wish about which pods are near. */
  readonly podsWithAffinity: readonly PodFacts[];
  /** Size in bytes by every name of each image on the node. */
  readonly images: ReadonlyMap<string, number>;
}

/** The objects that a scheduling decision may depend on, besides nodes and pods. */
export interface OtherObjects {
  /** The Services whose selector the pod matches. */
  servicesOf(pod: Pod): readonly Service[];
  /** The selector of the ReplicaSet that controls the pod, if one does. */
  ownerSelectorOf(pod: Pod): LabelSelector | undefined;
  namespaceLabels(namespace: string): Readonly<Record<string, string>>;
  /** By `namespace/name`. */
  claim(key: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
}

/** What a scheduling decision may depend on, besides the pod. */
export interface ClusterState extends OtherObjects {
  readonly nodes: readonly NodeState[];
  /** On how many nodes an image is, by name. */
  imageNodes(image: string): number;
}

/** Why a node cannot take a pod. */
export interface Refusal {
  /** As they appear in events, upstream's words: `Insufficient cpu`. */
  readonly reasons: readonly string[];
  /** Whether the node could take the pod if other pods left it. */
  readonly couldPreempt: boolean;
}

/** Decides about the pod before any node is looked at. */
export interface PodCheck extends Rejector {
  /** Returns, in upstream's words, why no node at all will do. */
  check(pod: PodFacts, cluster: ClusterState): string | undefined;
}

/** Decides which nodes can take a pod, and says which events may change that. */
export interface Filter extends Rejector {
  /**
   * Looks at the pod and the cluster once. The function that it returns is then asked about each node; without one, no node
   * is refused.
   */
  check(pod: PodFacts, cluster: ClusterState): ((node: NodeState) => Refusal | undefined) | undefined;
}

/** Looks at all nodes that could take the pod, and gives each 0 to 100, in the same order. */
export type Score = (pod: PodFacts, cluster: ClusterState, nodes: readonly NodeState[]) => readonly number[];

/** The value of the node's label, if it has that label. */
export function labelOf({ node }: NodeState, name: string): string | undefined {
  return ownValue(node.metadata.labels, name);
}
