import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { NodeState } from "./cluster-state.ts";
import { nodeState } from "./node-state.ts";
import { factsOf, type PodFacts } from "./pod-facts.ts";

/** Pods for which room is being made, and where: the room is theirs, before they are there. */
export interface Nominations {
  set(pod: Pod, nodeName: string): void;
  delete(uid: string): void;
  /** How nodes look to `pod`: pods that are nominated for them count, unless it is more important than they are. */
  seenBy(pod: Pod): (state: NodeState) => NodeState;
}

/** Starts without nominations. */
export function nominations(): Nominations {
  const byUid = new Map<string, { readonly facts: PodFacts; readonly nodeName: string }>();
  return {
    set: (pod, nodeName) => byUid.set(pod.metadata.uid, { facts: factsOf(pod), nodeName }),
    delete: (uid) => byUid.delete(uid),
    seenBy(pod) {
      const goesFirst = ({ metadata, spec }: Pod) =>
        metadata.uid !== pod.metadata.uid && (spec.priority ?? 0) >= (pod.spec.priority ?? 0);
      const first = [...byUid.values()].filter(({ facts }) => goesFirst(facts.pod));
      if (first.length === 0) return (state) => state;
      return (state) => {
        const here = first.filter(({ nodeName }) => nodeName === state.node.metadata.name);
        return here.length === 0 ? state : nodeState(state.node, [...state.pods, ...here.map(({ facts }) => facts)]);
      };
    },
  };
}
