import { ownValue, setOwn } from "../own-property.ts";
import { isJsonObject } from "../patch/json-object.ts";
import type { JsonSchema } from "./json-schema.ts";

/**
 * Fills in the defaults of fields that are missing, or null where that is not allowed. Returns the value itself where nothing
 * changes.
 *
 * Source: upstream's pkg/apiserver/schema/defaulting.
 */
export function withDefaultValues(schema: JsonSchema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    const filled = value.map((item) => withDefaultValues(items, defaulted(items, item)));
    return filled.every((item, index) => item === value[index]) ? value : filled;
  }
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  let isSame = true;
  const put = (name: string, inner: unknown) => {
    if (!Object.hasOwn(value, name) || value[name] !== inner) isSame = false;
    setOwn(out, name, inner);
  };
  for (const [name, inner] of Object.entries(value)) {
    const below = schemaOfField(schema, name);
    put(name, withDefaultValues(below, defaulted(below, inner)));
  }
  for (const [name, below] of Object.entries(schema.properties ?? {})) {
    if (Object.hasOwn(value, name) || below.default === undefined || below.default === null) continue;
    put(name, withDefaultValues(below, below.default));
  }
  return isSame ? value : out;
}

/**
 * Drops the fields that are null where that is not allowed and that have no default.
 *
 * Source: `PruneNonNullableNullsWithoutDefaults` of upstream's pkg/apiserver/schema/defaulting.
 */
export function withoutForbiddenNulls(schema: JsonSchema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => withoutForbiddenNulls(schema.items, item));
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const below = schemaOfField(schema, name);
    if (inner === null && below !== undefined && below.nullable !== true && (below.default ?? null) === null) continue;
    setOwn(out, name, withoutForbiddenNulls(below, inner));
  }
  return out;
}

function defaulted(schema: JsonSchema | undefined, value: unknown): unknown {
  return value === null && schema !== undefined && schema.nullable !== true ? (schema.default ?? null) : value;
}

function schemaOfField({ properties, additionalProperties }: JsonSchema, name: string): JsonSchema | undefined {
  const property = ownValue(properties, name);
  return property ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}
