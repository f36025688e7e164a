import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { isPodTerminal } from "./pod-readiness.ts";

/**
 * Whether a pod that a Service selects is listed among its endpoints, ready or not.
 *
 * A pod that has ended, has no address yet, or (unless `includeTerminating`) is being deleted is not.
 */
export function isPodAnEndpoint(pod: Pod, { includeTerminating }: { readonly includeTerminating: boolean }): boolean {
  if (isPodTerminal(pod)) return false;
  if ((pod.status.podIP ?? "") === "" && (pod.status.podIPs ?? []).length === 0) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** Whether the pod's own name is published under the Service: it names the Service as its `subdomain`. */
export function publishesHostname(pod: Pod, service: Service): boolean {
  return (
    (pod.spec.hostname ?? "") !== "" &&
    pod.spec.subdomain === service.metadata.name &&
    pod.metadata.namespace === service.metadata.namespace
  );
}

/** Whether the Service has an address of its own; a headless one and an ExternalName have none. */
export function hasClusterIP(service: Service): boolean {
  return service.spec.clusterIP !== undefined && service.spec.clusterIP !== "" && service.spec.clusterIP !== "None";
}
