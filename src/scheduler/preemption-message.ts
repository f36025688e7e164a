import type { NodeState, Refusal } from "./cluster-state.ts";
import { fitMessage } from "./fit-message.ts";
import type { PodFacts } from "./pod-facts.ts";

const NOT_HELPFUL = "Preemption is not helpful for scheduling";
const NO_VICTIMS = "No preemption victims found for incoming pod";
/** Where upstream would end pods of lower priority and this scheduler does not. */
const NOT_SUPPORTED = "Preemption of pods with lower priority is not supported";

/** What is said about making room by ending pods of lower priority, which this scheduler does not do. */
export function preemptionMessage({ pod }: PodFacts, refusals: ReadonlyMap<NodeState, Refusal>): string {
  if (refusals.size === 0) return "";
  if (pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const priority = pod.spec.priority ?? 0;
  const outcomes = [...refusals].map(([node, { couldPreempt }]): Refusal => {
    const hasLower = node.pods.some((other) => (other.pod.spec.priority ?? 0) < priority);
    return { reasons: [couldPreempt ? (hasLower ? NOT_SUPPORTED : NO_VICTIMS) : NOT_HELPFUL], couldPreempt };
  });
  return fitMessage(outcomes, refusals.size);
}
