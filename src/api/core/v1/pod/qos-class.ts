import { quantityOf } from "../../../quantity.ts";
import type { Container } from "./container.ts";
import type { PodSpec } from "./pod-schema.ts";

/** Classes of service: which pods the kernel ends first when memory is short. */
export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

const COUNTED = ["cpu", "memory"] as const;

/**
 * Returns the pod's quality of service: `Guaranteed` when every container limits CPU and memory and requests as much,
 * `BestEffort` when none asks for either, else `Burstable`. Resources of the pod as a whole take the place of its containers'.
 *
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
 */
export function qosClassOf(spec: Pick<PodSpec, "containers" | "initContainers" | "resources">): QosClass {
  if (spec.resources?.requests !== undefined || spec.resources?.limits !== undefined) {
    return guaranteed(spec.resources) ? "Guaranteed" : "Burstable";
  }
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  if (containers.every(asksNothing)) return "BestEffort";
  return containers.every((c) => guaranteed(c.resources)) ? "Guaranteed" : "Burstable";
}

type Resources = Partial<Container["resources"]>;

function asksNothing({ resources }: { readonly resources?: Resources }): boolean {
  return COUNTED.every((name) => nanos(resources?.requests?.[name]) <= 0n && nanos(resources?.limits?.[name]) <= 0n);
}

function guaranteed(resources: Resources | undefined): boolean {
  return COUNTED.every((name) => {
    const limit = nanos(resources?.limits?.[name]);
    return limit > 0n && nanos(resources?.requests?.[name] ?? resources?.limits?.[name]) === limit;
  });
}

function nanos(quantity: string | undefined): bigint {
  return quantityOf(quantity).nanos;
}
