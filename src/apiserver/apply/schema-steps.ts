import { isJsonNumber } from "@fairlead/api/codec/json-number";
import { jsonText } from "@fairlead/api/codec/json-text";
import { ownValue } from "@fairlead/api/own-property";
import { type List, map, type Schema, t } from "@fairlead/api/schema";

const mergedObject = map(t.mergedJson);

/** Returns the schema by which given values are merged: some schemas leave to the values whether they are objects. */
export function schemaOf(schema: Schema, ...values: readonly unknown[]): Schema {
  if (schema.type !== "json" || schema.mergedByKey !== true) return schema;
  return values.every(isObject) ? mergedObject : t.json;
}

/** What is below a value that is not owned as a whole: its parts by step, each with its schema. */
export type Parts = ReadonlyMap<string, Part>;

export interface Part {
  readonly schema: Schema;
  readonly value: unknown;
}

/** How the parts of a value are owned. */
export type Ownership =
  /** As a whole: scalars, atomic lists, maps and structs. */
  | "whole"
  /** Field by field. The struct itself has no owner. */
  | "fields"
  /** Key by key; each key is itself owned. */
  | "keys"
  /** Item by item; each item is itself owned. */
  | "items";

/** Known from the schema alone. */
export function ownershipOf(schema: Schema): Ownership {
  switch (schema.type) {
    case "struct":
      return schema.atomic === true ? "whole" : "fields";
    case "map":
      return schema.atomic === true ? "whole" : "keys";
    case "list":
      return schema.listType === "map" || schema.listType === "set" ? "items" : "whole";
    default:
      return "whole";
  }
}

/** The parts of a value. A value of another shape than the schema's has none. */
export function partsOf(schema: Schema, value: unknown): Parts {
  const parts = new Map<string, Part>();
  if (schema.type === "list") {
    if (!Array.isArray(value)) return parts;
    for (const item of value) parts.set(itemStep(schema, item), { schema: schema.items, value: item });
    return parts;
  }
  if (!isObject(value)) return parts;
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined || inner === null) continue;
    const below = schemaBelow(schema, name);
    if (below !== undefined) parts.set(`f:${name}`, { schema: below, value: inner });
  }
  return parts;
}

/** Returns the schema of a field or key; `undefined` for one that the schema does not know. */
export function schemaBelow(schema: Schema, name: string): Schema | undefined {
  if (schema.type === "map") return schema.values;
  return schema.type === "struct" ? (ownValue(schema.fields, name)?.schema ?? schema.otherFields) : undefined;
}

/** What names an item among its neighbours: its keys, defaults filled in, or its value. */
export function itemStep({ listType, items, mapKeys = [] }: List, item: unknown): string {
  if (listType !== "map" || items.type !== "struct" || !isObject(item)) return `v:${jsonText(item)}`;
  const keys = [...mapKeys].sort().flatMap((name) => {
    const value = item[name] ?? items.fields[name]?.options.default;
    return value === undefined ? [] : [[name, value] as const];
  });
  return `k:${jsonText(Object.fromEntries(keys))}`;
}

/** A JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isJsonNumber(value);
}
