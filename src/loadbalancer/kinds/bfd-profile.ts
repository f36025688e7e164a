import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** How a peer that is gone is noticed by BFD, RFC 5880 (https://metallb.io/apis/#bfdprofile). Intervals are milliseconds. */
export interface BFDProfile extends KubeObject {
  readonly spec?: {
    /** Default 300. */
    readonly receiveInterval?: number;
    /** Default 300. */
    readonly transmitInterval?: number;
    /** Default 3. */
    readonly detectMultiplier?: number;
    readonly echoInterval?: number;
    readonly echoMode?: boolean;
    readonly passiveMode?: boolean;
    readonly minimumTtl?: number;
  };
}

export const bfdProfiles: ResourceReference<BFDProfile> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "BFDProfile",
  plural: "bfdprofiles",
  namespaced: true,
};
