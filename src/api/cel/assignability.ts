import type { CelType } from "./type.ts";

/** What the types that are not known yet were found to be. */
export type Bindings = Map<string, CelType>;

/** Returns a type with what is known of the types in it. */
export function substituted(type: CelType, bindings: Bindings, unknown?: CelType): CelType {
  switch (type.kind) {
    case "param": {
      const bound = bindings.get(type.name);
      return bound === undefined ? (unknown ?? type) : substituted(bound, bindings, unknown);
    }
    case "list":
      return { kind: "list", items: substituted(type.items, bindings, unknown) };
    case "map":
      return {
        kind: "map",
        keys: substituted(type.keys, bindings, unknown),
        values: substituted(type.values, bindings, unknown),
      };
    case "optional":
      return { kind: "optional", value: substituted(type.value, bindings, unknown) };
    case "type":
      return { kind: "type", of: substituted(type.of, bindings, unknown) };
    default:
      return type;
  }
}

/** Returns whether values of one type are values of the other, and binds types that are not known yet. */
export function assignable(from: CelType, to: CelType, bindings: Bindings): boolean {
  const [a, b] = [resolved(from, bindings), resolved(to, bindings)];
  if (b.kind === "param") return bind(b.name, a, bindings);
  if (a.kind === "param") return bind(a.name, b, bindings);
  if (a.kind === "dyn" || b.kind === "dyn") return true;
  if (a.kind === "null") return MAY_BE_NULL.has(b.kind);
  if (b.kind === "null") return MAY_BE_NULL.has(a.kind);
  return a.kind === b.kind && sameKind(a, b, bindings);
}

const MAY_BE_NULL: ReadonlySet<CelType["kind"]> = new Set(["null", "object", "opaque", "duration", "timestamp"]);

function resolved(type: CelType, bindings: Bindings): CelType {
  let known = type;
  while (known.kind === "param") {
    const bound = bindings.get(known.name);
    if (bound === undefined) return known;
    known = bound;
  }
  return known;
}

function bind(name: string, type: CelType, bindings: Bindings): boolean {
  if (type.kind === "param" && type.name === name) return true;
  if (mentions(type, name, bindings)) return false;
  bindings.set(name, type);
  return true;
}

/** Whether a type contains another one that it would be bound to. */
function mentions(type: CelType, name: string, bindings: Bindings): boolean {
  const known = resolved(type, bindings);
  switch (known.kind) {
    case "param":
      return known.name === name;
    case "list":
      return mentions(known.items, name, bindings);
    case "map":
      return mentions(known.keys, name, bindings) || mentions(known.values, name, bindings);
    case "optional":
      return mentions(known.value, name, bindings);
    default:
      return false;
  }
}

function sameKind(a: CelType, b: CelType, bindings: Bindings): boolean {
  if (a.kind === "list" && b.kind === "list") return assignable(a.items, b.items, bindings);
  if (a.kind === "map" && b.kind === "map") {
    return assignable(a.keys, b.keys, bindings) && assignable(a.values, b.values, bindings);
  }
  if (a.kind === "optional" && b.kind === "optional") return assignable(a.value, b.value, bindings);
  if (a.kind === "opaque" && b.kind === "opaque") return a.name === b.name;
  if (a.kind === "object") return a === b;
  return true;
}

/** Returns whether two types are the same. */
export function isSameType(a: CelType, b: CelType): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === "list" && b.kind === "list") return isSameType(a.items, b.items);
  if (a.kind === "map" && b.kind === "map") return isSameType(a.keys, b.keys) && isSameType(a.values, b.values);
  if (a.kind === "optional" && b.kind === "optional") return isSameType(a.value, b.value);
  if (a.kind === "type" && b.kind === "type") return isSameType(a.of, b.of);
  if ((a.kind === "opaque" && b.kind === "opaque") || (a.kind === "param" && b.kind === "param"))
    return a.name === b.name;
  return a.kind !== "object" || a === b;
}
