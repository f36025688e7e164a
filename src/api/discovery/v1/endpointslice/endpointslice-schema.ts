import { objectReferenceSchema } from "../../../core/v1/references.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";

export const endpointConditionsSchema = struct(
  "io.k8s.api.discovery.v1.EndpointConditions",
  "What state an endpoint is in.",
  {
    ready: field(1, t.bool, "Whether it takes new traffic. Absent counts as true.", { keepEmpty: true }),
    serving: field(2, t.bool, "Whether it answers, even while it is ending.", { keepEmpty: true }),
    terminating: field(3, t.bool, "Whether it is ending.", { keepEmpty: true }),
  },
);
export type EndpointConditions = Infer<typeof endpointConditionsSchema>;

export const forNodeSchema = struct("io.k8s.api.discovery.v1.ForNode", "A node that should use an endpoint.", {
  name: field(1, t.string, "Name of the node.", { required: true }),
});
export type ForNode = Infer<typeof forNodeSchema>;

export const forZoneSchema = struct("io.k8s.api.discovery.v1.ForZone", "A zone that should use an endpoint.", {
  name: field(1, t.string, "Name of the zone.", { required: true }),
});
export type ForZone = Infer<typeof forZoneSchema>;

export const endpointHintsSchema = struct("io.k8s.api.discovery.v1.EndpointHints", "Who should use an endpoint.", {
  forZones: field(1, list(forZoneSchema), "Zones that should."),
  forNodes: field(2, list(forNodeSchema), "Nodes that should."),
});
export type EndpointHints = Infer<typeof endpointHintsSchema>;

export const endpointSchema = struct("io.k8s.api.discovery.v1.Endpoint", "One backend of a Service.", {
  addresses: field(1, list(t.string, { listType: "set" }), "Addresses of the endpoint; only the first is used.", {
    required: true,
  }),
  conditions: field(2, endpointConditionsSchema, "What state it is in.", { present: true }),
  hostname: field(3, t.string, "Name by which it is found below the Service's.", { keepEmpty: true }),
  targetRef: field(4, objectReferenceSchema, "Object that has the address, usually a Pod."),
  deprecatedTopology: field(5, map(t.string), "Labels of the place it is in. No longer written."),
  nodeName: field(6, t.string, "Node that it is on.", { keepEmpty: true }),
  zone: field(7, t.string, "Zone that it is in.", { keepEmpty: true }),
  hints: field(8, endpointHintsSchema, "Who should use it."),
});
export type Endpoint = Infer<typeof endpointSchema>;

export const endpointPortSchema = struct(
  "io.k8s.api.discovery.v1.EndpointPort",
  "A port of all endpoints of a slice.",
  {
    name: field(1, t.string, "Name of the Service's port that this is.", { default: "", keepEmpty: true }),
    protocol: field(2, oneOf("TCP", "UDP", "SCTP"), "TCP, UDP or SCTP.", { default: "TCP", keepEmpty: true }),
    port: field(3, t.int32, "Port number; every port when absent.", { keepEmpty: true }),
    appProtocol: field(4, t.string, "What is spoken on the port.", { keepEmpty: true }),
  },
  { atomic: true },
);
export type EndpointPort = Infer<typeof endpointPortSchema>;

export const endpointSliceSchema = struct(
  "io.k8s.api.discovery.v1.EndpointSlice",
  "Some of the backends of a Service.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    addressType: field(4, oneOf("IPv4", "IPv6", "FQDN"), "IPv4, IPv6 or FQDN.", { required: true }),
    endpoints: field(2, list(endpointSchema), "The backends.", { required: true }),
    ports: field(3, list(endpointPortSchema), "Ports of every backend.", { present: true }),
  },
);
export type EndpointSlice = Infer<typeof endpointSliceSchema>;
