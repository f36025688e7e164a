import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** Has nodes announce addresses of pools by BGP (https://metallb.io/apis/#bgpadvertisement). */
export interface BGPAdvertisement extends KubeObject {
  readonly spec?: {
    /** Length of the prefix that is announced in the place of an IPv4 address. Default 32. */
    readonly aggregationLength?: number;
    /** The same of IPv6. Default 128. */
    readonly aggregationLengthV6?: number;
    readonly localPref?: number;
    /** `64500:100`, `large:64500:1:2`, or names that a Community gives. */
    readonly communities?: readonly string[];
    /** With the selectors: none of both selects all pools. */
    readonly ipAddressPools?: readonly string[];
    readonly ipAddressPoolSelectors?: readonly LabelSelector[];
    /** Default: all nodes. */
    readonly nodeSelectors?: readonly LabelSelector[];
    /** Names of peers. Default: all. */
    readonly peers?: readonly string[];
    /** Default: all Services. */
    readonly serviceSelectors?: readonly LabelSelector[];
  };
}

export const bgpAdvertisements: ResourceReference<BGPAdvertisement> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "BGPAdvertisement",
  plural: "bgpadvertisements",
  namespaced: true,
};
