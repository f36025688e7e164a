import type { ScalarType } from "@fairlead/api/schema";
import type { JsonSchema } from "./json-schema.ts";

/** How each scalar is written down in OpenAPI 3. */
export const scalarTypes: Readonly<Record<ScalarType, JsonSchema>> = {
  string: { type: "string" },
  bool: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  double: { type: "number", format: "double" },
  bytes: { type: "string", format: "byte" },
  quantity: {
    description: "An amount with an optional suffix: 500m, 2Gi, 1e3.",
    oneOf: [{ type: "string" }, { type: "number" }],
  },
  intOrString: {
    description: "A number or a text.",
    format: "int-or-string",
    oneOf: [{ type: "integer" }, { type: "string" }],
  },
  time: { description: "A point in time to the second, as RFC 3339 text.", type: "string", format: "date-time" },
  microTime: {
    description: "A point in time to the microsecond, as RFC 3339 text.",
    type: "string",
    format: "date-time",
  },
  json: { description: "A set of fields, as a trie of their paths.", type: "object" },
};

/** The scalars that upstream has named types for. */
export const typeNames: Readonly<Partial<Record<ScalarType, string>>> = {
  quantity: "io.k8s.apimachinery.pkg.api.resource.Quantity",
  intOrString: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  time: "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
  microTime: "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
  json: "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1",
};
