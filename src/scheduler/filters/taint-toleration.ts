import type { Filter } from "../state/cluster-state.ts";
import { tolerates } from "../tolerations.ts";

/** Taints with the effects NoSchedule and NoExecute keep pods away that do not tolerate them. */
export const taintToleration: Filter = ({ pod }) => {
  return ({ node }) => {
    const untolerated = node.spec.taints?.some(
      (taint) => taint.effect !== "PreferNoSchedule" && !tolerates(pod.spec.tolerations, taint),
    );
    // Since 1.35 upstream names no taints here: they may say what the pod's owner is not to know.
    return untolerated ? { reasons: ["node(s) had untolerated taint(s)"], couldPreempt: false } : undefined;
  };
};
