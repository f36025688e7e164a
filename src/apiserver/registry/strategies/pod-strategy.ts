import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { terminationGrace } from "@fairlead/api/core/v1/pod/termination-grace";
import type { Strategy } from "../strategy.ts";

/** Pods end with grace, and immediately where no kubelet could still be running them. */
export const podStrategy: Strategy<Pod> = {
  answersDeletedObject: true,

  prepareForCreate: (pod) => ({
    ...pod,
    status: { phase: "Pending", qosClass: pod.status?.qosClass ?? qosClass(pod) },
  }),

  gracePeriodSeconds(pod, requested) {
    const phase = pod.status?.phase;
    const unscheduled = (pod.spec?.nodeName ?? "") === "";
    if (unscheduled || phase === "Succeeded" || phase === "Failed") return 0;
    return requested ?? (pod.spec === undefined ? 0 : terminationGrace(pod.spec));
  },
};

type Requirements = { readonly [resource: string]: string | undefined } | undefined;

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
export function qosClass(pod: Pod): "BestEffort" | "Burstable" | "Guaranteed" {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const computeOf = (amounts: Requirements) =>
    ["cpu", "memory"].map((name) => amounts?.[name]).filter((amount) => amount !== undefined && !isZero(amount));
  const all = containers.map(({ resources }) => ({
    requests: computeOf(resources?.requests),
    limits: computeOf(resources?.limits),
  }));
  if (all.every(({ requests, limits }) => requests.length === 0 && limits.length === 0)) return "BestEffort";
  const guaranteed = containers.every(({ resources }) =>
    ["cpu", "memory"].every((name) => {
      const limit = resources?.limits?.[name];
      return limit !== undefined && !isZero(limit) && (resources?.requests?.[name] ?? limit) === limit;
    }),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}

/** Quantities in stored objects are canonical: zero is written in one way. */
function isZero(quantity: string): boolean {
  return quantity === "0";
}
