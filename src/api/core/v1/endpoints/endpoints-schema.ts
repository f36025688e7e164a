import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, oneOf, struct, t } from "../../../schema.ts";
import { objectReferenceSchema } from "../references.ts";

export const endpointAddressSchema = struct(
  "io.k8s.api.core.v1.EndpointAddress",
  "One address behind a Service.",
  {
    ip: field(1, t.string, "The address.", { required: true }),
    hostname: field(3, t.string, "Name by which the endpoint is found below the Service's."),
    nodeName: field(4, t.string, "Node that the endpoint is on.", { keepEmpty: true }),
    targetRef: field(2, objectReferenceSchema, "Object that has the address, usually a Pod."),
  },
  { atomic: true },
);
export type EndpointAddress = Infer<typeof endpointAddressSchema>;

export const endpointPortSchema = struct(
  "io.k8s.api.core.v1.EndpointPort",
  "One port of a set of addresses.",
  {
    name: field(1, t.string, "Name of the Service's port that this is."),
    port: field(2, t.int32, "Port number.", { required: true }),
    protocol: field(3, oneOf("TCP", "UDP", "SCTP"), "TCP, UDP or SCTP.", { default: "TCP" }),
    appProtocol: field(4, t.string, "What is spoken on the port.", { keepEmpty: true }),
  },
  { atomic: true },
);
export type EndpointPort = Infer<typeof endpointPortSchema>;

export const endpointSubsetSchema = struct("io.k8s.api.core.v1.EndpointSubset", "Addresses that have the same ports.", {
  addresses: field(1, list(endpointAddressSchema), "Addresses that are ready."),
  notReadyAddresses: field(2, list(endpointAddressSchema), "Addresses that are not ready yet, or no longer."),
  ports: field(3, list(endpointPortSchema), "Ports of every address."),
});
export type EndpointSubset = Infer<typeof endpointSubsetSchema>;

export const endpointsSchema = struct(
  "io.k8s.api.core.v1.Endpoints",
  "All addresses behind a Service. EndpointSlices have taken its place.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    subsets: field(2, list(endpointSubsetSchema), "Addresses, grouped by their ports."),
  },
);
export type Endpoints = Infer<typeof endpointsSchema>;
