import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { PodSpec } from "@fairlead/api/core/v1/pod/pod";
import { milliValue } from "./quantity-value.ts";

/** Upstream's classes of service. */
export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

const counted = ["cpu", "memory"] as const;

/**
 * The pod's quality of service: `Guaranteed` when every container limits CPU and memory and requests as much,
 * `BestEffort` when none asks for either, else `Burstable`.
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
  return counted.every(
    (name) => milliValue(resources?.requests?.[name]) === 0 && milliValue(resources?.limits?.[name]) === 0,
  );
}

function guaranteed(resources: Resources | undefined): boolean {
  return counted.every((name) => {
    const limit = milliValue(resources?.limits?.[name]);
    return limit > 0 && milliValue(resources?.requests?.[name] ?? resources?.limits?.[name]) === limit;
  });
}
