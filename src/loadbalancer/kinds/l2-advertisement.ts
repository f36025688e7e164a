import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** Which nodes answer by ARP and NDP for the addresses of which pools (https://metallb.io/apis/#l2advertisement). */
export interface L2Advertisement extends KubeObject {
  readonly spec?: {
    /** With the selectors: none of both selects all pools. */
    readonly ipAddressPools?: readonly string[];
    readonly ipAddressPoolSelectors?: readonly LabelSelector[];
    /** Default: all nodes. */
    readonly nodeSelectors?: readonly LabelSelector[];
    /** Default: all of a node. */
    readonly interfaces?: readonly string[];
    /** Default: all Services. */
    readonly serviceSelectors?: readonly LabelSelector[];
    readonly preferredNodeSelectors?: readonly { readonly weight: number; readonly preference: LabelSelector }[];
  };
}

export const l2Advertisements: ResourceReference<L2Advertisement> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "L2Advertisement",
  plural: "l2advertisements",
  namespaced: true,
};
