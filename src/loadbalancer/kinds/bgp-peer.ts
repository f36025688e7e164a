import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** A router to which nodes announce by BGP which addresses lead to them (https://metallb.io/apis/#bgppeer). */
export interface BGPPeer extends KubeObject {
  readonly spec: BGPPeerSpec;
}

export interface BGPPeerSpec {
  readonly myASN: number;
  /** Either this or `dynamicASN`. */
  readonly peerASN?: number;
  readonly dynamicASN?: "internal" | "external";
  readonly localASN?: number;
  readonly peerAddress?: string;
  readonly interface?: string;
  readonly sourceAddress?: string;
  /** Default 179. */
  readonly peerPort?: number;
  /** Durations as Go writes them: `90s`. */
  readonly holdTime?: string;
  readonly keepaliveTime?: string;
  readonly connectTime?: string;
  /** An IPv4 address. Default: the node's own. */
  readonly routerID?: string;
  /** Default: all nodes. */
  readonly nodeSelectors?: readonly LabelSelector[];
  readonly password?: string;
  /** A Secret of type `kubernetes.io/basic-auth` in the namespace of the peer. */
  readonly passwordSecret?: { readonly name?: string; readonly namespace?: string };
  readonly bfdProfile?: string;
  readonly enableGracefulRestart?: boolean;
  readonly ebgpMultiHop?: boolean;
  readonly vrf?: string;
  readonly disableMP?: boolean;
  /** Whether prefixes of the other IP family go over the session, too. */
  readonly dualStackAddressFamily?: boolean;
}

export const bgpPeers: ResourceReference<BGPPeer> = {
  group: METALLB_GROUP,
  version: "v1beta2",
  kind: "BGPPeer",
  plural: "bgppeers",
  namespaced: true,
};
