import { requiredNodes } from "../node-selection.ts";
import type { Filter } from "../state/cluster-state.ts";

/** `nodeSelector` and required node affinity. */
export const nodeAffinity: Filter = ({ pod }) => {
  const isWanted = requiredNodes(pod);
  return ({ node }) =>
    isWanted(node)
      ? undefined
      : { reasons: ["node(s) didn't match Pod's node affinity/selector"], couldPreempt: false };
};
