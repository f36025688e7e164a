import { TAINT } from "@fairlead/api/well-known";
import { nodeNow } from "../state/cluster-event.ts";
import type { Filter } from "../state/cluster-state.ts";
import { tolerates } from "../tolerations.ts";

const UNSCHEDULABLE = { key: TAINT.unschedulable, effect: "NoSchedule" } as const;

/** A cordoned node takes only pods that tolerate the taint that says so. */
export const nodeUnschedulable: Filter = {
  name: "NodeUnschedulable",
  check({ pod }) {
    if (tolerates(pod.spec.tolerations, UNSCHEDULABLE)) return undefined;
    return ({ node }) =>
      node.spec.unschedulable !== true ? undefined : { reasons: ["node(s) were unschedulable"], couldPreempt: false };
  },
  mayHelp: (_, event) => nodeNow(event, ({ spec }) => spec.unschedulable !== true),
};
