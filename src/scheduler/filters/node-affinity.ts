import { hasRequiredNodes, requiredNodes } from "../node-selection.ts";
import { nodeNow } from "../state/cluster-event.ts";
import type { Filter } from "../state/cluster-state.ts";

/** `nodeSelector` and required node affinity. */
export const nodeAffinity: Filter = {
  name: "NodeAffinity",
  check({ pod }) {
    if (!hasRequiredNodes(pod)) return undefined;
    const isWanted = requiredNodes(pod);
    return ({ node }) =>
      isWanted(node)
        ? undefined
        : { reasons: ["node(s) didn't match Pod's node affinity/selector"], couldPreempt: false };
  },
  mayHelp: ({ pod }, event) => nodeNow(event, requiredNodes(pod)),
};
