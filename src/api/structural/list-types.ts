import { canonicalText } from "../codec/json-text.ts";
import type { FieldError } from "../field-error.ts";
import { duplicate, invalid } from "../field-error.ts";
import { ownValue } from "../own-property.ts";
import { isJsonObject } from "../patch/json-object.ts";
import type { JsonSchema } from "./json-schema.ts";

/**
 * Returns the items that stand twice in lists of the types `set` and `map`, each of them once.
 *
 * Source: upstream's pkg/apiserver/schema/listtype.
 */
export function repeatedItems(schema: JsonSchema, value: unknown, path = ""): readonly FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return [
      ...ownRepeated(schema, value, path),
      ...(items === undefined ? [] : value.flatMap((item, index) => repeatedItems(items, item, `${path}[${index}]`))),
    ];
  }
  if (!isJsonObject(value)) return [];
  const { properties, additionalProperties } = schema;
  return Object.entries(value).flatMap(([name, inner]) => {
    const property = ownValue(properties, name);
    if (property !== undefined) return repeatedItems(property, inner, path === "" ? name : `${path}.${name}`);
    return typeof additionalProperties === "object"
      ? repeatedItems(additionalProperties, inner, `${path}[${name}]`)
      : [];
  });
}

function ownRepeated(schema: JsonSchema, items: readonly unknown[], path: string): readonly FieldError[] {
  const { "x-kubernetes-list-type": type, "x-kubernetes-list-map-keys": keys = [] } = schema;
  if (type === "set") return secondOnes(items).map((index) => duplicate(`${path}[${index}]`, items[index]));
  if (type !== "map") return [];
  const other = items.findIndex((item) => item !== null && !isJsonObject(item));
  if (other >= 0) {
    return [invalid(`${path}[${other}]`, items[other], "must be an object for an array of list-type map")];
  }
  const found = items.map((item) => keysOf(item, keys));
  return secondOnes(found).map((index) => duplicate(`${path}[${index}]`, found[index]));
}

/** The fields by which an item is known. Keys that it does not have are left out: two items without a key are the same. */
function keysOf(item: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const known = keys.filter((key) => isJsonObject(item) && Object.hasOwn(item, key));
  return Object.fromEntries(known.map((key) => [key, (item as Readonly<Record<string, unknown>>)[key]]));
}

/** Returns the index of the second occurrence of each value that occurs more than once. */
function secondOnes(values: readonly unknown[]): readonly number[] {
  const seen = new Map<string, number>();
  const places: number[] = [];
  for (const [index, value] of values.entries()) {
    const text = canonicalText(value);
    const times = seen.get(text) ?? 0;
    if (times === 1) places.push(index);
    seen.set(text, times + 1);
  }
  return places;
}
