import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { METALLB_GROUP } from "./group.ts";

/** To which peers a node announces a Service's addresses (https://metallb.io/apis/#servicebgpstatus). */
export interface ServiceBGPStatus extends KubeObject {
  readonly status?: {
    readonly node?: string;
    readonly serviceName?: string;
    readonly serviceNamespace?: string;
    readonly peers?: readonly string[];
  };
}

export const serviceBGPStatuses: ResourceReference<ServiceBGPStatus> = {
  group: METALLB_GROUP,
  version: "v1beta1",
  kind: "ServiceBGPStatus",
  plural: "servicebgpstatuses",
  namespaced: true,
};
