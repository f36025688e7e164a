import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** Addresses that Services of type LoadBalancer get (https://metallb.io/apis/#ipaddresspool). */
export interface IPAddressPool extends KubeObject {
  readonly spec: {
    readonly addresses: readonly string[];
    /** Default true. */
    readonly autoAssign?: boolean;
    /** Default false. */
    readonly avoidBuggyIPs?: boolean;
    readonly serviceAllocation?: {
      readonly priority?: number;
      readonly namespaces?: readonly string[];
      readonly namespaceSelectors?: readonly LabelSelector[];
      readonly serviceSelectors?: readonly LabelSelector[];
    };
  };
  readonly status?: IPAddressPoolStatus;
}

export interface IPAddressPoolStatus {
  readonly assignedIPv4: number;
  readonly assignedIPv6: number;
  readonly availableIPv4: number;
  readonly availableIPv6: number;
}

export const ipAddressPools: ResourceReference<IPAddressPool> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "IPAddressPool",
  plural: "ipaddresspools",
  namespaced: true,
};
