import type { Score } from "../state/cluster-state.ts";
import { tolerates } from "../tolerations.ts";
import { normalizeReversed } from "./normalize.ts";

/** Prefers nodes with fewer `PreferNoSchedule` taints that the pod does not tolerate. */
export const taintToleration: Score = ({ pod }, _cluster, nodes) =>
  normalizeReversed(
    nodes.map(
      ({ node }) =>
        (node.spec.taints ?? []).filter(
          (taint) => taint.effect === "PreferNoSchedule" && !tolerates(pod.spec.tolerations, taint),
        ).length,
    ),
  );
