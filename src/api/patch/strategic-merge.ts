import { ownValue, setOwn } from "../own-property.ts";
import type { List, PatchStrategy, Schema, Struct } from "../schema.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";
import type { ItemRules } from "./list-merge.ts";
import { inOrder, mergeLists } from "./list-merge.ts";
import {
  badPatch,
  DELETE_FROM,
  isDirective,
  PATCH,
  retained,
  SET_ORDER,
  unknownDirective,
  withoutDirectives,
} from "./patch-directives.ts";

/**
 * Applies a strategic merge patch: as a JSON merge patch, but lists whose schema says so are merged item by item, and
 * `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…` are obeyed.
 *
 * Fields that the schema does not know are taken over, for decoding to refuse or drop.
 *
 * @param schema - Of the whole object.
 * @throws {StatusError} `BadRequest` for a patch that is malformed; an error without a reason for an unknown `$patch`.
 */
export function strategicMerge(schema: Struct, current: JsonObject, patch: unknown): JsonObject {
  if (patch === null) return current;
  if (!isJsonObject(patch)) throw badPatch("invalid JSON document");
  return mergeObjects(schema, current, patch);
}

function mergeObjects(schema: Schema | undefined, original: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[PATCH];
  if (directive !== undefined) return directed(directive, patch);

  const merged = retained(original, patch);
  const ordered = mergeOrderedLists(schema, merged, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) deleteScalars(merged, key.slice(DELETE_FROM.length), value);
    if (isDirective(key) || ordered.has(key)) continue;
    const result = value === null ? undefined : mergeField(fieldOf(schema, key), ownValue(merged, key), value);
    if (result === undefined) delete merged[key];
    else setOwn(merged, key, result);
  }
  return merged;
}

function directed(directive: unknown, patch: JsonObject): JsonObject {
  if (directive === "delete") return {};
  if (directive !== "replace") throw unknownDirective(directive, patch);
  const { [PATCH]: _, ...rest } = patch;
  return rest;
}

/** What is known about one field: enough to merge it. */
interface FieldRules {
  readonly schema: Schema | undefined;
  readonly patchStrategy: PatchStrategy | undefined;
}

function fieldOf(schema: Schema | undefined, key: string): FieldRules {
  if (schema?.type === "map") return { schema: schema.values, patchStrategy: undefined };
  if (schema?.type !== "struct" || !Object.hasOwn(schema.fields, key))
    return { schema: undefined, patchStrategy: undefined };
  const field = schema.fields[key];
  const patchStrategy = field?.schema.type === "list" ? field.schema.patchStrategy : field?.options.patchStrategy;
  return { schema: field?.schema, patchStrategy };
}

/** `undefined` when nothing is left of the field. */
function mergeField({ schema, patchStrategy }: FieldRules, original: unknown, patch: unknown): unknown {
  if (isJsonObject(original) && isJsonObject(patch)) {
    return patchStrategy === "replace" || schema?.type === "json" ? patch : mergeObjects(schema, original, patch);
  }
  if (Array.isArray(original) && Array.isArray(patch)) {
    if (schema?.type !== "list" || patchStrategy?.startsWith("merge") !== true) return patch;
    return mergeLists(original, patch, itemRules(schema));
  }
  return withoutDirectives(patch);
}

function itemRules({ items, mergeKey }: List): ItemRules {
  return { mergeKey, mergeItems: (original, patch) => mergeObjects(items, original, patch) };
}

function deleteScalars(merged: Record<string, unknown>, key: string, values: unknown): void {
  if (!Array.isArray(values)) throw badPatch("invalid patch format of primitive list");
  const current = ownValue(merged, key);
  if (!Array.isArray(current)) return;
  const deleted = new Set(values);
  setOwn(
    merged,
    key,
    current.filter((item) => !deleted.has(item)),
  );
}

/** Merges the lists that the patch gives an order for, and answers their names. */
function mergeOrderedLists(
  schema: Schema | undefined,
  merged: Record<string, unknown>,
  patch: JsonObject,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(SET_ORDER)) continue;
    const name = directive.slice(SET_ORDER.length);
    const rules = fieldOf(schema, name);
    if (!Array.isArray(order) || rules.schema?.type !== "list") throw badOrder();

    const original = listOrAbsent(ownValue(merged, name));
    const items = mergedItems(rules, original, listOrAbsent(ownValue(patch, name)));
    names.add(name);
    if (items !== undefined) setOwn(merged, name, inOrder(items, order, original ?? [], itemRules(rules.schema)));
  }
  return names;
}

function mergedItems(
  rules: FieldRules,
  original: readonly unknown[] | undefined,
  patch: readonly unknown[] | undefined,
): readonly unknown[] | undefined {
  if (patch === undefined) return original;
  const merged = mergeField(rules, original, patch);
  return Array.isArray(merged) ? merged : undefined;
}

function listOrAbsent(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw badOrder();
  return value;
}

function badOrder() {
  return badPatch("invalid patch format of setElementOrder list");
}
