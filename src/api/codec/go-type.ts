import type { ScalarType, Schema } from "../schema.ts";
import { isNumeric } from "./json-number.ts";

const SCALARS: Record<ScalarType, string> = {
  string: "string",
  bool: "bool",
  int32: "int32",
  int64: "int64",
  double: "float64",
  bytes: "[]uint8",
  quantity: "resource.Quantity",
  intOrString: "intstr.IntOrString",
  time: "v1.Time",
  microTime: "v1.MicroTime",
  json: "interface {}",
};

/** What upstream's messages call a type: `int32`, `[]v1.Container`, `map[string]string`. */
export function goType(schema: Schema): string {
  switch (schema.type) {
    case "list":
      return `[]${goType(schema.items)}`;
    case "map":
      return `map[string]${goType(schema.values)}`;
    case "struct":
      return schema.name.split(".").slice(-2).join(".");
    default:
      return SCALARS[schema.type];
  }
}

/** What upstream's messages call a JSON value of the wrong type. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return isNumeric(value) ? "number" : "object";
  }
}
