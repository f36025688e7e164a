import { ownValue, setOwn } from "@fairlead/api/own-property";
import type { List, Schema } from "@fairlead/api/schema";
import { isObject, itemStep, ownershipOf, schemaBelow, schemaOf } from "./schema-steps.ts";

/** The live value with everything that the applied one sets. */
export function mergeApplied(declared: Schema, live: unknown, applied: unknown): unknown {
  const schema = schemaOf(declared, live, applied);
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

/**
 * Merges two lists whose items are named by their keys or values. Shared and new items are in the order in which they are
 * applied; items that only the live list has stay where they are between the shared ones. The cost grows with the lists.
 *
 * Source of the order: `visitListItems` in `typed/merge.go` of structured-merge-diff v6.3.
 */
function mergeLists(schema: List, live: unknown, applied: unknown): unknown {
  if (!Array.isArray(live) || !Array.isArray(applied)) return applied;
  const liveSteps = live.map((item) => itemStep(schema, item));
  const steps = applied.map((item) => itemStep(schema, item));
  const positions = new Map(steps.map((step, position) => [step, position]));
  const liveItems = singleItems(liveSteps, live);
  const merged: unknown[] = [];
  let taken = 0;
  let nextShared = 0;
  const takeUntil = (end: number) => {
    for (; taken < end; taken++)
      merged.push(mergeApplied(schema.items, liveItems.get(steps[taken] ?? ""), applied[taken]));
    nextShared = Math.max(nextShared, taken);
    while (nextShared < steps.length && !liveItems.has(steps[nextShared] ?? "")) nextShared++;
  };
  takeUntil(0);
  for (const [index, step] of liveSteps.entries()) {
    const position = positions.get(step);
    if (position === undefined) merged.push(live[index]);
    else if (position === nextShared) takeUntil(position + 1);
    // Like upstream: a further duplicate gives its place to a new item when all shared items are there.
    else if (nextShared === steps.length) takeUntil(Math.min(taken + 1, steps.length));
  }
  takeUntil(steps.length);
  return merged;
}

/** Returns items by their steps. Items with the same step have no value: an applied item replaces them, without a merge. */
function singleItems(steps: readonly string[], items: readonly unknown[]): ReadonlyMap<string, unknown> {
  const single = new Map<string, unknown>();
  for (const [index, step] of steps.entries()) single.set(step, single.has(step) ? undefined : items[index]);
  return single;
}
