/** A type of values, as far as it is known before an expression is evaluated. */
export type CelType =
  | {
      readonly kind:
        | "dyn"
        | "bool"
        | "int"
        | "uint"
        | "double"
        | "string"
        | "bytes"
        | "null"
        | "timestamp"
        | "duration";
    }
  | { readonly kind: "list"; readonly items: CelType }
  | { readonly kind: "map"; readonly keys: CelType; readonly values: CelType }
  | { readonly kind: "optional"; readonly value: CelType }
  | { readonly kind: "type"; readonly of: CelType }
  /** A type of Kubernetes: `kubernetes.Quantity`. */
  | { readonly kind: "opaque"; readonly name: string }
  | ObjectType
  /** A type that a function is generic in, or that is not known yet. */
  | { readonly kind: "param"; readonly name: string };

/** An object of a schema. Two of them are the same type where they are the same value. */
export interface ObjectType {
  readonly kind: "object";
  /** As in messages: `object`. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, CelType>;
}

export const DYN: CelType = { kind: "dyn" };
export const BOOL: CelType = { kind: "bool" };
export const INT: CelType = { kind: "int" };
export const UINT: CelType = { kind: "uint" };
export const DOUBLE: CelType = { kind: "double" };
export const STRING: CelType = { kind: "string" };
export const BYTES: CelType = { kind: "bytes" };
export const NULL: CelType = { kind: "null" };
export const TIMESTAMP: CelType = { kind: "timestamp" };
export const DURATION: CelType = { kind: "duration" };

export function listOf(items: CelType): CelType {
  return { kind: "list", items };
}

export function mapType(keys: CelType, values: CelType): CelType {
  return { kind: "map", keys, values };
}

export function optionalOf(value: CelType): CelType {
  return { kind: "optional", value };
}

export function opaque(name: string): CelType {
  return { kind: "opaque", name };
}

export function param(name: string): CelType {
  return { kind: "param", name };
}

const SHOWN: Readonly<Record<string, string>> = {
  null: "null",
  timestamp: "timestamp",
  duration: "duration",
};

/** Returns a type as messages name it: `list(string)`, `map(string, int)`. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case "list":
      return `list(${typeText(type.items)})`;
    case "map":
      return `map(${typeText(type.keys)}, ${typeText(type.values)})`;
    case "optional":
      return `optional_type(${typeText(type.value)})`;
    case "type":
      return `type(${typeText(type.of)})`;
    case "opaque":
    case "object":
      return type.name;
    case "param":
      return type.name.startsWith("_var") ? "dyn" : type.name;
    default:
      return SHOWN[type.kind] ?? type.kind;
  }
}
