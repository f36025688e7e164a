import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** Which node answers for a Service's addresses (https://metallb.io/apis/#servicel2status). */
export interface ServiceL2Status extends KubeObject {
  readonly status?: {
    readonly node?: string;
    readonly serviceName?: string;
    readonly serviceNamespace?: string;
    readonly interfaces?: readonly { readonly name?: string }[];
  };
}

export const serviceL2Statuses: ResourceReference<ServiceL2Status> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "ServiceL2Status",
  plural: "servicel2statuses",
  namespaced: true,
};
