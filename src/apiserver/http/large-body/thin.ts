import { isJsonNumber } from "@fairlead/api/codec/json-number";
import { ownValue, setOwn } from "@fairlead/api/own-property";
import type { Schema } from "@fairlead/api/schema";

/** Unknown fields that are kept, by their names alone: as many as decoding reports. */
const UNKNOWN_FIELDS_KEPT = 100;

/**
 * Copies a JSON value without what decoding by the schema would drop.
 *
 * The result is decoded like the original, with the same warnings and errors: the first unknown fields stay, as `null`s.
 */
export function thin(schema: Schema, value: unknown): unknown {
  return thinned(schema, value, { unknownFields: UNKNOWN_FIELDS_KEPT });
}

/** What may still be kept. */
interface Budget {
  unknownFields: number;
}

function thinned(schema: Schema, value: unknown, budget: Budget): unknown {
  if (typeof value !== "object" || value === null || isJsonNumber(value)) return value;
  if (schema.type === "list" && Array.isArray(value)) return value.map((item) => thinned(schema.items, item, budget));
  if (schema.type === "map" && !Array.isArray(value)) {
    const map: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) setOwn(map, key, thinned(schema.values, inner, budget));
    return map;
  }
  if (schema.type !== "struct" || Array.isArray(value)) return misplaced(schema, value);
  const struct: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const field = ownValue(schema.fields, name);
    if (field !== undefined) setOwn(struct, name, thinned(field.schema, inner, budget));
    else if (budget.unknownFields-- > 0) setOwn(struct, name, null);
  }
  return struct;
}

/** Decoding refuses a list or object in the wrong place by its type. Only these two look inside. */
function misplaced({ type }: Schema, value: object): unknown {
  if (type === "json" || type === "quantity") return value;
  return Array.isArray(value) ? [] : {};
}
