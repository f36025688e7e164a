import type { Score } from "../state/cluster-state.ts";
import { SCORE_MAX } from "./normalize.ts";

const SCORED = ["cpu", "memory"];

/** Prefers nodes with more CPU and memory left, as a share of what they have. */
export const leastAllocated: Score = ({ scoredRequests }, _cluster, nodes) =>
  nodes.map(({ allocatable, scoredRequested }) => {
    const shares = SCORED.flatMap((name) => {
      const total = allocatable.get(name) ?? 0;
      if (total === 0) return [];
      const left = total - (scoredRequested.get(name) ?? 0) - (scoredRequests.get(name) ?? 0);
      return [Math.floor((Math.max(0, left) * SCORE_MAX) / total)];
    });
    return shares.length === 0 ? 0 : Math.floor(shares.reduce((a, b) => a + b, 0) / shares.length);
  });
