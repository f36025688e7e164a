import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { nodeNow } from "../state/cluster-event.ts";
import type { Filter } from "../state/cluster-state.ts";
import { tolerates } from "../tolerations.ts";

/** Taints with the effects NoSchedule and NoExecute keep pods away that do not tolerate them. */
export const taintToleration: Filter = {
  name: "TaintToleration",
  check: ({ pod }) => {
    return ({ node }) =>
      // Since 1.35 upstream names no taints here: they may say what the pod's owner is not to know.
      isTolerated(pod, node) ? undefined : { reasons: ["node(s) had untolerated taint(s)"], couldPreempt: false };
  },
  mayHelp: ({ pod }, event) => nodeNow(event, (node) => isTolerated(pod, node)),
};

function isTolerated(pod: Pod, { spec }: Node): boolean {
  return (spec.taints ?? []).every(
    (taint) => taint.effect === "PreferNoSchedule" || tolerates(pod.spec.tolerations, taint),
  );
}
