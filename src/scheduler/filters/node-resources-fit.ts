import type { Amounts } from "@fairlead/api/core/v1/amounts";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Filter, NodeState, Refusal } from "../state/cluster-state.ts";
import { factsOf, type PodFacts } from "../state/pod-facts.ts";
import { allocatableOf } from "../state/resources.ts";

/** The node has room for one pod more, and for all that it requests. */
export const nodeResourcesFit: Filter = {
  name: "NodeResourcesFit",
  check(facts) {
    const wanted = wantedBy(facts);
    return (node) => refusal(wanted, node);
  },
  mayHelp(facts, event, { node }) {
    switch (event.type) {
      case "node":
        return event.after !== undefined && hasGrown(facts, event.before, event.after);
      case "pod left": {
        const left = node(event.nodeName);
        return left !== undefined && fitsAlone(facts, left);
      }
      case "pod changed": {
        const [before, after] = [factsOf(event.before), factsOf(event.after)].map(({ requests }) => requests);
        return wantedBy(facts).some(([name]) => amount(after, name) < amount(before, name));
      }
      default:
        return false;
    }
  },
};

type Wanted = readonly (readonly [string, number])[];

function wantedBy({ requests }: PodFacts): Wanted {
  return [...requests].filter(([, requested]) => requested > 0);
}

/** Whether the pod would fit on the node if no other pod were there. */
function fitsAlone(facts: PodFacts, node: Node): boolean {
  const allocatable = allocatableOf(node);
  return (
    amount(allocatable, "pods") >= 1 && wantedBy(facts).every(([name, wanted]) => wanted <= amount(allocatable, name))
  );
}

/** Whether the node is new, or has more of what the pod wants than it had. */
function hasGrown(facts: PodFacts, before: Node | undefined, after: Node): boolean {
  if (!fitsAlone(facts, after)) return false;
  if (before === undefined) return true;
  const [then, now] = [before, after].map(allocatableOf);
  return ["pods", ...wantedBy(facts).map(([name]) => name)].some((name) => amount(now, name) > amount(then, name));
}

function refusal(wanted: Wanted, node: NodeState): Refusal | undefined {
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

const amount = (resources: Amounts | undefined, name: string) => resources?.get(name) ?? 0;
