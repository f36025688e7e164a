import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { endpointsColumns } from "./endpoints-columns.ts";
import type { Endpoints } from "./endpoints-schema.ts";
import { endpointsSchema } from "./endpoints-schema.ts";
import { endpointsWarnings } from "./endpoints-warnings.ts";
import { validateEndpoints } from "./validate-endpoints.ts";

export type * from "./endpoints-schema.ts";

export const endpointsKind = defineKind<Endpoints>({
  group: "",
  version: "v1",
  kind: "Endpoints",
  plural: "endpoints",
  shortNames: ["ep"],
  namespaced: true,
  schema: endpointsSchema,
  columns: endpointsColumns,
  validate: validateEndpoints,
  warnings: endpointsWarnings,
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  validateName: dnsSubdomainProblems,
});
