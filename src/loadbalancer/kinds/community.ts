import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** Names for BGP communities (https://metallb.io/apis/#community). */
export interface Community extends KubeObject {
  readonly spec?: {
    readonly communities?: readonly { readonly name?: string; readonly value?: string }[];
  };
}

export const communities: ResourceReference<Community> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "Community",
  plural: "communities",
  namespaced: true,
};
