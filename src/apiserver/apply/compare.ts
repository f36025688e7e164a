import { deepEqual } from "@fairlead/api/deep-equal";
import type { List, Schema, Struct } from "@fairlead/api/schema";
import type { FieldSet } from "./field-set.ts";
import { emptySet, isEmptySet, leafSet, union } from "./field-set.ts";
import { zeroStruct } from "./go-zero.ts";
import { isObject, itemStep, ownershipOf, schemaBelow, schemaOf } from "./schema-steps.ts";

/** The difference between two values of a schema, as paths. */
export interface Comparison {
  /** Paths that are new or have another value. */
  readonly changed: FieldSet;
  /** Paths that are gone. */
  readonly removed: FieldSet;
}

const same: Comparison = { changed: emptySet, removed: emptySet };

/**
 * Compares two objects of a kind in one pass, as `typed.Compare` of structured-merge-diff does.
 *
 * @param before - `undefined` for an object that is being created: it is compared with Go's zero value.
 * @param isCompared - Which top-level fields count. Default: all.
 */
export function compareObjects(
  schema: Struct,
  before: object | undefined,
  after: object,
  isCompared: (name: string) => boolean = () => true,
): Comparison {
  const parts = new ComparedParts();
  compareFields(schema, { before: before ?? zeroStruct(schema), after, isCompared }, parts);
  return parts.comparison();
}

/** `undefined` is a value that is missing, `null` one that is there and empty. */
function compare(declared: Schema, before: unknown, after: unknown): Comparison {
  if (before === after) return same;
  if (before === undefined) return { changed: allFieldsOf(declared, after), removed: emptySet };
  if (after === undefined) return { changed: emptySet, removed: allFieldsOf(declared, before) };
  const schema = schemaOf(declared, before, after);
  const ownership = ownershipOf(schema);
  if (ownership === "whole" || (isEmptyContainer(before) && isEmptyContainer(after))) {
    return deepEqual(before, after) ? same : { changed: leafSet, removed: emptySet };
  }
  const parts = new ComparedParts();
  if (schema.type === "list") compareItems(schema, before, after, parts);
  else if (schema.type === "struct") compareFields(schema, { before, after }, parts);
  else if (schema.type === "map") compareKeys(schema.values, before, after, parts);
  return parts.comparison();
}

/** The path of a value that is added or removed, and all paths below. */
function allFieldsOf(declared: Schema, value: unknown): FieldSet {
  const schema = schemaOf(declared, value);
  const ownership = ownershipOf(schema);
  if (ownership === "whole" || isEmptyContainer(value)) return leafSet;
  const children = new Map<string, FieldSet>();
  if (schema.type === "list" && Array.isArray(value)) {
    for (const item of value) {
      const step = itemStep(schema, item);
      children.set(step, children.has(step) ? leafSet : allFieldsOf(schema.items, item));
    }
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      const inner = value[name];
      const below = schemaBelow(schema, name);
      if (below !== undefined && inner !== undefined && inner !== null)
        children.set(`f:${name}`, allFieldsOf(below, inner));
    }
  }
  return { member: true, children };
}

/** Lists, maps and structs without anything in them are owned as a whole. */
function isEmptyContainer(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== "object") return false;
  for (const _ in value) return false;
  return true;
}

/** Collects the comparisons of the parts of a value. Most parts are the same: nothing is allocated for them. */
class ComparedParts {
  #changed: Map<string, FieldSet> | undefined;
  #removed: Map<string, FieldSet> | undefined;

  add(step: string, { changed, removed }: Comparison): void {
    if (!isEmptySet(changed)) {
      this.#changed ??= new Map();
      this.#changed.set(step, changed);
    }
    if (!isEmptySet(removed)) {
      this.#removed ??= new Map();
      this.#removed.set(step, removed);
    }
  }

  comparison(): Comparison {
    const setOf = (children: Map<string, FieldSet> | undefined) =>
      children === undefined ? emptySet : { member: false, children };
    return { changed: setOf(this.#changed), removed: setOf(this.#removed) };
  }
}

interface ComparedStructs {
  readonly before: unknown;
  readonly after: unknown;
  readonly isCompared?: (name: string) => boolean;
}

function compareFields(struct: Struct, { before, after, isCompared }: ComparedStructs, parts: ComparedParts): void {
  const zero = zeroStruct(struct);
  const [left, right] = [isObject(before) ? before : zero, isObject(after) ? after : zero];
  const field = (name: string) => {
    const schema = schemaBelow(struct, name);
    if (schema === undefined || isCompared?.(name) === false) return;
    const [a, b] = [fieldOf(left, name, zero), fieldOf(right, name, zero)];
    if (a !== b) parts.add(`f:${name}`, compare(schema, a, b));
  };
  for (const name of Object.keys(right)) field(name);
  for (const name of Object.keys(left)) if (!Object.hasOwn(right, name)) field(name);
}

/** A field that upstream always writes is there, empty, in every struct that is there. */
function fieldOf(
  value: Readonly<Record<string, unknown>>,
  name: string,
  zero: Readonly<Record<string, unknown>>,
): unknown {
  const own = Object.hasOwn(value, name) ? value[name] : undefined;
  if (own !== undefined && own !== null) return own;
  return Object.hasOwn(zero, name) ? zero[name] : undefined;
}

function compareKeys(values: Schema, before: unknown, after: unknown, parts: ComparedParts): void {
  const [left, right] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  for (const key of Object.keys(right)) {
    const a = Object.hasOwn(left, key) ? left[key] : undefined;
    if (a !== right[key]) parts.add(`f:${key}`, compare(values, a, right[key]));
  }
  for (const key of Object.keys(left)) {
    if (!Object.hasOwn(right, key)) parts.add(`f:${key}`, compare(values, left[key], undefined));
  }
}

function compareItems(list: List, before: unknown, after: unknown, parts: ComparedParts): void {
  const [left, right] = [itemsByStep(list, before), itemsByStep(list, after)];
  for (const [step, items] of right) parts.add(step, compareSameKey(list.items, left.get(step) ?? [], items));
  for (const [step, items] of left) if (!right.has(step)) parts.add(step, compareSameKey(list.items, items, []));
}

/** Compares items with the same keys, which are owned together. Writes other than applies may store them: an environment variable twice. */
function compareSameKey(items: Schema, left: readonly unknown[], right: readonly unknown[]): Comparison {
  const [a, b] = [left[0], right[0]];
  if (left.length <= 1 && right.length <= 1) return compare(items, a, b);
  if (left.length >= 2 && right.length >= 2) {
    return deepEqual(left, right) ? same : { changed: leafSet, removed: emptySet };
  }
  if (left.length >= 2) {
    const added = b === undefined ? same : compare(items, undefined, b);
    return { changed: added.changed, removed: union(added.removed, leafSet) };
  }
  const gone = a === undefined ? same : compare(items, a, undefined);
  return { changed: union(gone.changed, leafSet), removed: gone.removed };
}

function itemsByStep(list: List, value: unknown): ReadonlyMap<string, readonly unknown[]> {
  const items = new Map<string, unknown[]>();
  if (!Array.isArray(value)) return items;
  for (const item of value) {
    const step = itemStep(list, item);
    const known = items.get(step);
    if (known === undefined) items.set(step, [item]);
    else known.push(item);
  }
  return items;
}
