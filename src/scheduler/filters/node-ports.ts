import type { Filter } from "../state/cluster-state.ts";
import type { HostPort } from "../state/pod-facts.ts";

/** Two pods cannot have the same port of the same address of one node. */
export const nodePorts: Filter = ({ hostPorts }) => {
  return ({ pods }) => {
    if (hostPorts.length === 0) return undefined;
    const taken = pods.some((other) => other.hostPorts.some((theirs) => hostPorts.some((ours) => clash(ours, theirs))));
    return taken
      ? { reasons: ["node(s) didn't have free ports for the requested pod ports"], couldPreempt: true }
      : undefined;
  };
};

function clash(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.address === b.address || a.address === "0.0.0.0" || b.address === "0.0.0.0";
}
