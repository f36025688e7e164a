import { ownValue, setOwn } from "../../api/own-property.ts";
import type { List, Schema } from "../../api/schema.ts";
import type { FieldSet } from "./field-set.ts";
import { emptySet, isEmptySet } from "./field-set.ts";
import { isObject, itemStep, ownershipOf, schemaBelow } from "./schema-steps.ts";

/** The live value with everything that the applied one sets. */
export function mergeApplied(schema: Schema, live: unknown, applied: unknown): unknown {
  if (live === undefined || ownershipOf(schema) === "whole") return applied;
  if (schema.type === "list") return mergeLists(schema, live, applied);
  if (!isObject(live) || !isObject(applied)) return applied;
  const merged: Record<string, unknown> = { ...live };
  for (const [name, value] of Object.entries(applied)) {
    if (value === undefined || value === null) continue;
    const below = schemaBelow(schema, name);
    setOwn(merged, name, below === undefined ? value : mergeApplied(below, ownValue(live, name), value));
  }
  return merged;
}

/** Items that are applied keep the order in which they are; new ones come last. */
function mergeLists(schema: List, live: unknown, applied: unknown): unknown {
  if (!Array.isArray(live) || !Array.isArray(applied)) return applied;
  const byStep = new Map<string, unknown>(live.map((item) => [itemStep(schema, item), item]));
  for (const item of applied) {
    const step = itemStep(schema, item);
    byStep.set(step, mergeApplied(schema.items, byStep.get(step), item));
  }
  return [...byStep.values()];
}

/**
 * The value without the fields of `gone`.
 *
 * @param kept - What somebody still owns: a part with anything of it inside stays, without the rest.
 */
export function withoutFields(schema: Schema, value: unknown, gone: FieldSet, kept: FieldSet): unknown {
  if (schema.type === "list") {
    if (!Array.isArray(value)) return value;
    return value.flatMap((item) =>
      pruned(schema.items, item, at(gone, itemStep(schema, item)), at(kept, itemStep(schema, item))),
    );
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const below = schemaBelow(schema, name);
    if (below === undefined) return [[name, inner] as const];
    return pruned(below, inner, at(gone, `f:${name}`), at(kept, `f:${name}`)).map((rest) => [name, rest] as const);
  });
  return Object.fromEntries(entries);
}

/** The part, or nothing of it. */
function pruned(schema: Schema, value: unknown, gone: FieldSet, kept: FieldSet): readonly unknown[] {
  if (isEmptySet(gone)) return [value];
  if (gone.member && isEmptySet(kept)) return [];
  return [withoutFields(schema, value, gone, kept)];
}

function at(set: FieldSet, step: string): FieldSet {
  return set.children.get(step) ?? emptySet;
}
