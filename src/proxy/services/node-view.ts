import type { Node } from "@fairlead/api/core/v1/node/node";
import { LABEL } from "@fairlead/api/well-known";
import { isIPv6 } from "@fairlead/lib/ip-family";
import type { Family } from "@fairlead/nftables/words/ruleset";
import type { Place } from "./service-endpoints.ts";

/** What the proxy takes from its own Node object, for one address family. */
export interface NodeView {
  readonly place: Place;
  readonly podCIDRs: readonly string[];
  readonly serviceCIDRs: readonly string[];
  /** The address that other nodes know this one by. */
  readonly address: string | undefined;
}

/** Reads the Node; without one (not registered yet) there is only the name. */
export function nodeView(
  node: Node | undefined,
  options: { readonly nodeName: string; readonly serviceCIDRs: readonly string[]; readonly family: Family },
): NodeView {
  const isOfFamily = (address: string) => isIPv6(address) === (options.family === "ip6");
  const { podCIDR, podCIDRs = podCIDR === undefined ? [] : [podCIDR] } = node?.spec ?? {};
  const addresses = node?.status.addresses ?? [];
  return {
    place: { nodeName: options.nodeName, zone: node?.metadata.labels?.[LABEL.zone] },
    podCIDRs: podCIDRs.filter(isOfFamily),
    serviceCIDRs: options.serviceCIDRs.filter(isOfFamily),
    address: addresses.find(({ type, address }) => type === "InternalIP" && isOfFamily(address))?.address,
  };
}

/** Taint of the cluster autoscaler on nodes that it is about to take away. */
const TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

/** Whether load balancers outside may send the node something new. One that is not known yet is not about to go. */
export function isEligible(node: Node | undefined): boolean {
  const { metadata, spec } = node ?? {};
  return metadata?.deletionTimestamp === undefined && !spec?.taints?.some(({ key }) => key === TO_BE_DELETED);
}
