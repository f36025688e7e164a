import type { Filter } from "../cluster-state.ts";
import { requiredNodes } from "../node-selection.ts";

/** `nodeSelector` and required node affinity. */
export const nodeAffinity: Filter = ({ pod }) => {
  const isWanted = requiredNodes(pod);
  return ({ node }) =>
    isWanted(node)
      ? undefined
      : { reasons: ["node(s) didn't match Pod's node affinity/selector"], couldPreempt: false };
};
