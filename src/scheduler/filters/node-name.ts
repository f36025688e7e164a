import type { Filter } from "../state/cluster-state.ts";

/** A pod that names its node goes nowhere else. */
export const nodeName: Filter = ({ pod }) => {
  const wanted = pod.spec.nodeName ?? "";
  return ({ node }) =>
    wanted === "" || wanted === node.metadata.name
      ? undefined
      : { reasons: ["node(s) didn't match the requested node name"], couldPreempt: false };
};
