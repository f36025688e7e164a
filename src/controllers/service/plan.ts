import type { Service } from "@fairlead/api/core/v1/service/service";
import type { RecordedEvent } from "@fairlead/client/events/event-recorder";

/**
 * The event for a Service of type LoadBalancer without an address; `undefined` for none:
 * it wants none, it has one, it is another load balancer's (`spec.loadBalancerClass`), or it is on its way out.
 *
 * The reason is MetalLB's, `AllocationFailed`: the cloud's `SyncLoadBalancerFailed` speaks of a load balancer that is there.
 * Source of what is ours: kubernetes.io, Service, "Specify class of load balancer implementation".
 */
export function planLoadBalancer({ metadata, spec, status }: Service): RecordedEvent | undefined {
  if (spec.type !== "LoadBalancer" || spec.loadBalancerClass !== undefined) return undefined;
  if (metadata.deletionTimestamp !== undefined) return undefined;
  if ((status.loadBalancer?.ingress ?? []).length > 0) return undefined;
  return {
    type: "Warning",
    reason: "AllocationFailed",
    message:
      `Failed to allocate IP for "${metadata.namespace}/${metadata.name}": the cluster has no address pool for load ` +
      `balancers. ${waysIn(spec)}`,
  };
}

/** What works meanwhile, and what to do for more. */
function waysIn({ clusterIP, ports = [] }: Service["spec"]): string {
  const nodePorts = ports.flatMap(({ nodePort = 0 }) => (nodePort === 0 ? [] : [nodePort]));
  const inside = `Until an address is in its status it is reached at its cluster IP ${clusterIP}`;
  if (nodePorts.length === 0) return `${inside}; set spec.allocateLoadBalancerNodePorts to true to get node ports`;
  return `${inside} and at port ${nodePorts.join(", ")} of every node; use those, or type NodePort`;
}
