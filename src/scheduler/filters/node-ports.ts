import type { Filter } from "../state/cluster-state.ts";
import { factsOf, type HostPort, type PodFacts } from "../state/pod-facts.ts";

/** Two pods cannot have the same port of the same address of one node. */
export const nodePorts: Filter = {
  name: "NodePorts",
  check: (facts) => {
    if (facts.hostPorts.length === 0) return undefined;
    return ({ pods }) =>
      pods.some((other) => clashWith(facts, other))
        ? { reasons: ["node(s) didn't have free ports for the requested pod ports"], couldPreempt: true }
        : undefined;
  },
  mayHelp(facts, event) {
    if (event.type === "pod left") return clashWith(facts, factsOf(event.pod));
    return event.type === "node" && event.before === undefined;
  },
};

function clashWith({ hostPorts }: PodFacts, other: PodFacts): boolean {
  return hostPorts.some((ours) => other.hostPorts.some((theirs) => clash(ours, theirs)));
}

function clash(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.address === b.address || a.address === "0.0.0.0" || b.address === "0.0.0.0";
}
