import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { qosClassOf } from "@fairlead/api/core/v1/pod/qos-class";
import { terminationGrace } from "@fairlead/api/core/v1/pod/termination-grace";
import type { Strategy } from "../strategy.ts";

/** Pods end with grace, and immediately where no kubelet could still be running them. */
export const podStrategy: Strategy<Pod> = {
  answersDeletedObject: true,

  prepareForCreate: (pod) => ({
    ...pod,
    status: { phase: "Pending", qosClass: pod.status?.qosClass ?? qosClassOf(pod.spec) },
  }),

  parts: new Map([["resize", { take: takeResize, keepsMetadata: true }]]),

  gracePeriodSeconds(pod, requested) {
    const phase = pod.status?.phase;
    const unscheduled = (pod.spec?.nodeName ?? "") === "";
    if (unscheduled || phase === "Succeeded" || phase === "Failed") return 0;
    return requested ?? (pod.spec === undefined ? 0 : terminationGrace(pod.spec));
  },
};

const LISTS = ["containers", "initContainers"] as const;

/**
 * Returns what a write to `resize` makes of a pod: the resources of its containers change. A pod with other containers is
 * returned as it was given, for validation to refuse.
 */
function takeResize(given: Pod, previous: Pod): Pod {
  const isSame = LISTS.every((list) => {
    const [now, before] = [given.spec[list] ?? [], previous.spec[list] ?? []];
    return now.length === before.length && before.every(({ name }, index) => name === now[index]?.name);
  });
  if (!isSame) return given;
  const [containers, initContainers] = LISTS.map((list) => resized(given.spec[list], previous.spec[list]));
  const spec = {
    ...previous.spec,
    containers: containers ?? [],
    ...(initContainers !== undefined && { initContainers }),
  };
  return { ...previous, spec };
}

function resized(
  given: readonly Container[] = [],
  previous: readonly Container[] | undefined,
): readonly Container[] | undefined {
  return previous?.map((container, index) => {
    const { resources = container.resources, resizePolicy } = given[index] ?? container;
    const { resizePolicy: _, ...kept } = container;
    return { ...kept, resources, ...(resizePolicy !== undefined && { resizePolicy }) };
  });
}
