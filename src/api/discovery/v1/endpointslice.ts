import { objectReferenceSchema } from "../../core/v1/references.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../schema.ts";
import { endpointSliceColumns } from "./endpointslice/endpointslice-columns.ts";
import { validateEndpointSlice } from "./endpointslice/validate-endpointslice.ts";

export const endpointConditionsSchema = struct("io.k8s.api.discovery.v1.EndpointConditions", "", {
  ready: field(1, t.bool, "", { keepEmpty: true }),
  serving: field(2, t.bool, "", { keepEmpty: true }),
  terminating: field(3, t.bool, "", { keepEmpty: true }),
});
export type EndpointConditions = Infer<typeof endpointConditionsSchema>;

export const forNodeSchema = struct("io.k8s.api.discovery.v1.ForNode", "", {
  name: field(1, t.string, "", { required: true }),
});
export type ForNode = Infer<typeof forNodeSchema>;

export const forZoneSchema = struct("io.k8s.api.discovery.v1.ForZone", "", {
  name: field(1, t.string, "", { required: true }),
});
export type ForZone = Infer<typeof forZoneSchema>;

export const endpointHintsSchema = struct("io.k8s.api.discovery.v1.EndpointHints", "", {
  forZones: field(1, list(forZoneSchema), ""),
  forNodes: field(2, list(forNodeSchema), ""),
});
export type EndpointHints = Infer<typeof endpointHintsSchema>;

export const endpointSchema = struct("io.k8s.api.discovery.v1.Endpoint", "", {
  addresses: field(1, list(t.string, { listType: "set" }), "", { required: true }),
  conditions: field(2, endpointConditionsSchema, "", { present: true }),
  hostname: field(3, t.string, "", { keepEmpty: true }),
  targetRef: field(4, objectReferenceSchema, ""),
  deprecatedTopology: field(5, map(t.string), ""),
  nodeName: field(6, t.string, "", { keepEmpty: true }),
  zone: field(7, t.string, "", { keepEmpty: true }),
  hints: field(8, endpointHintsSchema, ""),
});
export type Endpoint = Infer<typeof endpointSchema>;

export const endpointPortSchema = struct(
  "io.k8s.api.discovery.v1.EndpointPort",
  "",
  {
    name: field(1, t.string, "", { default: "" }),
    protocol: field(2, oneOf("TCP", "UDP", "SCTP"), "", { default: "TCP" }),
    port: field(3, t.int32, "", { keepEmpty: true }),
    appProtocol: field(4, t.string, "", { keepEmpty: true }),
  },
  { atomic: true },
);
export type EndpointPort = Infer<typeof endpointPortSchema>;

export const endpointSliceSchema = struct("io.k8s.api.discovery.v1.EndpointSlice", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  addressType: field(4, oneOf("IPv4", "IPv6", "FQDN"), "", { required: true }),
  endpoints: field(2, list(endpointSchema), "", { required: true }),
  ports: field(3, list(endpointPortSchema), "", { present: true }),
});
export type EndpointSlice = Infer<typeof endpointSliceSchema>;

export const endpointSliceKind = defineKind<EndpointSlice>({
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  namespaced: true,
  schema: endpointSliceSchema,
  hasGeneration: true,
  columns: endpointSliceColumns,
  validate: validateEndpointSlice,
  validateName: dnsSubdomainProblems,
});
