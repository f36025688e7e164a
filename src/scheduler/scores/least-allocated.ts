import type { Score } from "../state/cluster-state.ts";
import { SCORE_MAX } from "./normalize.ts";

const SCORED = ["cpu", "memory"];

/** Prefers nodes with more CPU and memory left, as a share of what they have. */
export const leastAllocated: Score = ({ scoredRequests }, _cluster, nodes) =>
  nodes.map(({ allocatable, scoredRequested }) => {
    let shares = 0;
    let scored = 0;
    for (const name of SCORED) {
      const total = allocatable.get(name) ?? 0;
      if (total === 0) continue;
      const left = total - (scoredRequested.get(name) ?? 0) - (scoredRequests.get(name) ?? 0);
      shares += Math.floor((Math.max(0, left) * SCORE_MAX) / total);
      scored += 1;
    }
    return scored === 0 ? 0 : Math.floor(shares / scored);
  });
