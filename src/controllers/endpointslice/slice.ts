import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointPort, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { ObjectMeta } from "@fairlead/api/meta/v1/object-meta";
import type { Draft } from "@fairlead/api/schema";
import { LABEL } from "@fairlead/api/well-known";
import { hasClusterIP } from "../service-pods/is-pod-an-endpoint.ts";
import type { AddressType } from "./endpoint.ts";

/** What the label {@link LABEL.managedByOfSlice} of this controller's slices says. */
export const CONTROLLER_NAME = "endpointslice-controller.k8s.io";

/** The labels of a Service's slices: the Service's own, but for those that say what the slice is. */
export function sliceLabels(service: Service): Readonly<Record<string, string>> {
  const { [LABEL.headless]: _, ...own } = service.metadata.labels ?? {};
  return {
    ...own,
    ...(!hasClusterIP(service) && { [LABEL.headless]: "" }),
    [LABEL.serviceName]: service.metadata.name,
    [LABEL.managedByOfSlice]: CONTROLLER_NAME,
  };
}

/** A slice to be created; the API server completes its name. */
export function newSlice(
  service: Service,
  group: { readonly addressType: AddressType; readonly ports: readonly EndpointPort[] },
  endpoints: readonly Endpoint[],
): Draft<EndpointSlice> {
  const { name, namespace, uid } = service.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: sliceLabels(service),
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid, controller: true, blockOwnerDeletion: true }],
    },
    addressType: group.addressType,
    ports: group.ports,
    endpoints,
  };
}

/** Whether the slice belongs to this very Service, not to an earlier one of the same name. */
export function ownedBy(slice: EndpointSlice, service: Service): boolean {
  return (slice.metadata.ownerReferences ?? []).some(
    (owner) => owner.uid === service.metadata.uid && owner.kind === "Service" && owner.apiVersion === "v1",
  );
}

/** Whether the labels are as {@link sliceLabels} would have them. */
export function sameLabels(metadata: ObjectMeta, labels: Readonly<Record<string, string>>): boolean {
  const current = metadata.labels ?? {};
  const names = Object.keys(labels);
  return names.length === Object.keys(current).length && names.every((name) => current[name] === labels[name]);
}
