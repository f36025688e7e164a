import { nodeNow } from "../state/cluster-event.ts";
import type { Filter } from "../state/cluster-state.ts";

/** A pod that names its node goes nowhere else. */
export const nodeName: Filter = {
  name: "NodeName",
  check({ pod }) {
    const wanted = pod.spec.nodeName ?? "";
    if (wanted === "") return undefined;
    return ({ node }) =>
      wanted === node.metadata.name
        ? undefined
        : { reasons: ["node(s) didn't match the requested node name"], couldPreempt: false };
  },
  mayHelp: ({ pod }, event) => nodeNow(event, ({ metadata }) => metadata.name === pod.spec.nodeName),
};
