import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { endpointSliceColumns } from "./endpointslice-columns.ts";
import type { EndpointSlice } from "./endpointslice-schema.ts";
import { endpointSliceSchema } from "./endpointslice-schema.ts";
import { endpointSliceWarnings } from "./endpointslice-warnings.ts";
import { validateEndpointSlice } from "./validate-endpointslice.ts";

export type * from "./endpointslice-schema.ts";

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
  warnings: endpointSliceWarnings,
  validateName: dnsSubdomainProblems,
});
