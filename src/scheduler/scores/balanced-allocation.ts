import type { Score } from "../state/cluster-state.ts";
import { SCORE_MAX } from "./normalize.ts";

/** Prefers nodes on which CPU and memory would be used to a similar degree. Says nothing about pods that request neither. */
export const balancedAllocation: Score = ({ requests }, _cluster, nodes) => {
  const isBestEffort = (requests.get("cpu") ?? 0) === 0 && (requests.get("memory") ?? 0) === 0;
  if (isBestEffort) return nodes.map(() => 0);
  return nodes.map(({ allocatable, requested }) => {
    const used = ["cpu", "memory"].flatMap((name) => {
      const total = allocatable.get(name) ?? 0;
      return total === 0 ? [] : [Math.min(1, ((requested.get(name) ?? 0) + (requests.get(name) ?? 0)) / total)];
    });
    const [a = 0, b = a] = used;
    return Math.floor((1 - Math.abs(a - b) / 2) * SCORE_MAX);
  });
};
