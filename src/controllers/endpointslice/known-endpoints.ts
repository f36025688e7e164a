import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointPort } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { LABEL } from "@fairlead/api/well-known";
import { type AddressType, endpointPorts, portsKey, toEndpoint } from "./endpoint.ts";

/** A pod's endpoint in one Service, and the ports that decide which slices it may be in. */
export interface PodEndpoint {
  readonly ports: readonly EndpointPort[];
  readonly portsKey: string;
  readonly endpoint: Endpoint;
}

interface Known extends PodEndpoint {
  readonly addressType: AddressType;
  readonly zone: string | undefined;
}

/** Objects are never changed in place: an endpoint stays true while pod, Service and the node's zone are the same. */
const known = new WeakMap<Service, WeakMap<Pod, Known>>();

/**
 * Returns the pod's endpoint. Works it out only once for a pod that has not changed, so that one changed pod of many costs
 * little more than itself.
 */
export function podEndpoint(
  pod: Pod,
  service: Service,
  { node, addressType }: { readonly node: Node | undefined; readonly addressType: AddressType },
): PodEndpoint {
  const zone = node?.metadata.labels?.[LABEL.zone];
  let ofService = known.get(service);
  if (ofService === undefined) {
    ofService = new WeakMap();
    known.set(service, ofService);
  }
  const before = ofService.get(pod);
  if (before !== undefined && before.zone === zone && before.addressType === addressType) return before;
  const ports = endpointPorts(pod, service);
  const made = {
    ...{ ports, portsKey: portsKey(ports), addressType, zone },
    endpoint: toEndpoint(pod, service, { node, addressType }),
  };
  ofService.set(pod, made);
  return made;
}
