import type { List, Schema } from "@fairlead/api/schema";
import type { FieldSet } from "./field-set.ts";
import { emptySet, isEmptySet } from "./field-set.ts";
import { isObject, itemStep, ownershipOf, schemaBelow, schemaOf } from "./schema-steps.ts";

/** The owners of a value and of what is below it. */
export interface Owned {
  /** Fields that their manager no longer applies, and that no other manager owns. */
  readonly gone: FieldSet;
  /** Fields that a manager owns. */
  readonly kept: FieldSet;
}

/**
 * Returns the value without the fields that are gone; `undefined` when they were all that was in it.
 *
 * A field of a struct is removed with everything in it, defaults included, when no manager owns a part of it. An item or a
 * key is removed with everything in it when no manager owns the item or key itself. Source: `prune` in `merge/update.go` of
 * structured-merge-diff v6.3.
 */
export function withoutFields(declared: Schema, value: unknown, owned: Owned): unknown {
  const schema = schemaOf(declared, value);
  if (ownershipOf(schema) === "whole") return value;
  if (schema.type === "list") {
    if (!Array.isArray(value)) return value;
    const items = itemsLeft(schema, value, owned);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const entries = entriesLeft(schema, value, owned);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function itemsLeft(list: List, items: readonly unknown[], owned: Owned): readonly unknown[] {
  const steps = items.map((item) => itemStep(list, item));
  const repeated = repeatedOf(steps);
  return items.flatMap((item, index) => {
    const step = steps[index] ?? "";
    const below = ownedAt(owned, step);
    if (below.gone.member) return [];
    // Items with the same keys are owned together, without the fields in them.
    const rest = repeated.has(step) ? item : partLeft(list.items, item, below);
    return rest === undefined ? [] : [rest];
  });
}

function entriesLeft(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  owned: Owned,
): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const inside = schemaBelow(schema, name);
    const below = ownedAt(owned, `f:${name}`);
    if (inside === undefined || isEmptySet(below.gone)) return [[name, inner] as const];
    const isRemoved = schema.type === "struct" ? isEmptySet(below.kept) : below.gone.member;
    const rest = isRemoved ? undefined : partLeft(inside, inner, below);
    return rest === undefined ? [] : [[name, rest] as const];
  });
}

/** Returns a part that is not removed as a whole. */
function partLeft(schema: Schema, value: unknown, owned: Owned): unknown {
  return owned.gone.children.size === 0 ? value : withoutFields(schema, value, owned);
}

function ownedAt({ gone, kept }: Owned, step: string): Owned {
  return { gone: gone.children.get(step) ?? emptySet, kept: kept.children.get(step) ?? emptySet };
}

function repeatedOf(steps: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const step of steps) (seen.has(step) ? repeated : seen).add(step);
  return repeated;
}
