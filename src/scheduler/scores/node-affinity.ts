import { matchesTerm } from "@fairlead/api/selectors/node-selector";
import type { Score } from "../state/cluster-state.ts";
import { normalize } from "./normalize.ts";

/** Prefers nodes by the weights of the preferred node affinity terms that they meet. */
export const nodeAffinity: Score = ({ pod }, _cluster, nodes) => {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return normalize(
    nodes.map(({ node }) =>
      terms.reduce((total, { weight, preference }) => (matchesTerm(node, preference) ? total + weight : total), 0),
    ),
  );
};
