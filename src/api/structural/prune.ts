import { ownValue, setOwn } from "../own-property.ts";
import { isJsonObject } from "../patch/json-object.ts";
import { type JsonSchema, OBJECT_FIELDS } from "./json-schema.ts";

/** A value without what its schema does not know. */
export interface Pruned {
  readonly value: unknown;
  /** Paths of the fields that were dropped: `spec.containers[0].foo`. At most as many as were asked for. */
  readonly unknownFields: readonly string[];
}

interface Walk {
  readonly unknownFields: string[];
  readonly fieldsMax: number;
}

/**
 * Drops the fields of an object of the API that its schema does not specify. Values of the wrong type stay unchanged, for
 * validation to refuse.
 *
 * @param fieldsMax - The most fields that are named.
 * Source: upstream's pkg/apiserver/schema/pruning.
 */
export function pruned(schema: JsonSchema, object: unknown, fieldsMax: number): Pruned {
  const walk: Walk = { unknownFields: [], fieldsMax };
  const value = prune({ ...schema, "x-kubernetes-embedded-resource": true }, object, "", walk);
  return { value, unknownFields: walk.unknownFields.sort() };
}

/** @param schema - Absent where nothing is specified: every field below is dropped. */
function prune(schema: JsonSchema | undefined, value: unknown, path: string, walk: Walk): unknown {
  if (schema === undefined) return withoutFields(value, path, walk);
  const keepsUnknown = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (Array.isArray(value)) {
    // Fields are kept down to where the schema specifies some again.
    const items = keepsUnknown ? keeping(schema.items) : schema.items;
    if (keepsUnknown && items === undefined) return value;
    return value.map((item, index) => prune(items, item, `${path}[${index}]`, walk));
  }
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    const isOfEveryObject = schema["x-kubernetes-embedded-resource"] === true && OBJECT_FIELDS.has(name);
    const below = isOfEveryObject ? undefined : schemaOfField(schema, name);
    if (isOfEveryObject) setOwn(out, name, inner);
    else if (below !== undefined) setOwn(out, name, prune(below.schema, inner, at, walk));
    else if (keepsUnknown) setOwn(out, name, inner);
    else note(walk, () => at);
  }
  return out;
}

function note({ unknownFields, fieldsMax }: Walk, path: () => string): void {
  if (unknownFields.length < fieldsMax) unknownFields.push(path());
}

/** A list whose objects lose all their fields: the input, its copy, and its index in the parent list. */
interface Emptied {
  readonly from: readonly unknown[];
  readonly to: unknown[];
  readonly parent: Emptied | undefined;
  readonly index: number;
}

/** Drops every field of the objects in a value, without recursion: lists may be nested deeper than the stack allows. */
function withoutFields(value: unknown, path: string, walk: Walk): unknown {
  const holder: Emptied = { from: [value], to: [], parent: undefined, index: 0 };
  const pending = [holder];
  for (let list = pending.pop(); list !== undefined; list = pending.pop()) {
    for (const [index, item] of list.from.entries()) {
      if (Array.isArray(item)) {
        const inner: Emptied = { from: item, to: [], parent: list, index };
        list.to.push(inner.to);
        pending.push(inner);
      } else if (isJsonObject(item)) {
        const place = { ...list, parent: list, index };
        for (const name of Object.keys(item)) note(walk, () => `${path}${indicesOf(place)}.${name}`);
        list.to.push({});
      } else list.to.push(item);
    }
  }
  return holder.to[0];
}

/** `[0][3]`: the indices that lead to a place, without the holder's own. */
function indicesOf(place: Emptied): string {
  const indices: string[] = [];
  for (let at = place; at.parent?.parent !== undefined; at = at.parent) indices.push(`[${at.index}]`);
  return indices.reverse().join("");
}

/** What a schema says about a field: `undefined` where it does not specify it, no schema where it specifies nothing in it. */
function schemaOfField(schema: JsonSchema, name: string): { readonly schema: JsonSchema | undefined } | undefined {
  const property = ownValue(schema.properties ?? {}, name);
  if (property !== undefined) return { schema: property };
  const { additionalProperties } = schema;
  if (additionalProperties === undefined || additionalProperties === false) return undefined;
  return { schema: additionalProperties === true ? undefined : additionalProperties };
}

/** The items of a list whose unknown fields are kept. */
function keeping(items: JsonSchema | undefined): JsonSchema | undefined {
  return items && { ...items, "x-kubernetes-preserve-unknown-fields": true };
}
