import type { Filter, NodeState, Refusal } from "../state/cluster-state.ts";
import type { Resources } from "../state/resources.ts";

/** The node has room for one pod more, and for all that it requests. */
export const nodeResourcesFit: Filter = ({ requests }) => {
  const wanted = [...requests].filter(([, amount]) => amount > 0);
  return (node) => refusal(wanted, node);
};

function refusal(wanted: readonly (readonly [string, number])[], node: NodeState): Refusal | undefined {
  const reasons: string[] = [];
  let couldPreempt = true;
  if (node.pods.length + 1 > amount(node.allocatable, "pods")) reasons.push("Too many pods");
  for (const [name, requested] of wanted) {
    const total = amount(node.allocatable, name);
    if (requested <= total - amount(node.requested, name)) continue;
    reasons.push(`Insufficient ${name}`);
    if (requested > total) couldPreempt = false;
  }
  return reasons.length === 0 ? undefined : { reasons, couldPreempt };
}

const amount = (resources: Resources, name: string) => resources.get(name) ?? 0;
