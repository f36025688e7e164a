import { goValue } from "../codec/go-value.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";
import { failedPatch, PATCH, unknownDirective, withoutDirectives } from "./patch-directives.ts";

/** How the items of one list are identified and merged. */
export interface ItemRules {
  /** The field that identifies an item; absent for lists of scalars, whose items are themselves. */
  readonly mergeKey: string | undefined;
  mergeItems(original: JsonObject, patch: JsonObject): JsonObject;
}

/** Merges a list into another: items with the same key become one, others are added. */
export function mergeLists(original: readonly unknown[], patch: readonly unknown[], rules: ItemRules): unknown[] {
  if (rules.mergeKey === undefined) {
    return inOrder([...new Set([...original, ...patch])], patch, original, rules);
  }
  const special = takeDirectives(original, patch, rules);
  const merged = [...special.original];
  const positions = new Map<unknown, number>();
  const add = (key: unknown, at: number) => positions.has(key) || positions.set(key, at);
  for (const [at, item] of merged.entries()) add(keyOf(item, rules), at);
  for (const item of special.patch) {
    const key = keyOf(item, rules);
    const at = positions.get(key) ?? merged.length;
    const current = merged[at];
    if (at === merged.length) merged.push(withoutDirectives(item));
    else if (isJsonObject(current) && isJsonObject(item)) merged[at] = rules.mergeItems(current, item);
    add(key, at);
  }
  return inOrder(merged, special.patch, special.original, rules);
}

/** Carries out `$patch: delete` and `$patch: replace` items, and leaves the others. */
function takeDirectives(original: readonly unknown[], patch: readonly unknown[], rules: ItemRules) {
  const deleted = new Set<unknown>();
  let isReplaced = false;
  const plain: unknown[] = [];
  for (const item of patch) {
    const directive = isJsonObject(item) ? item[PATCH] : undefined;
    if (directive === undefined) plain.push(item);
    else if (directive === "delete") deleted.add(keyOf(item, rules));
    else if (directive === "replace") isReplaced = true;
    else if (directive === "merge") throw failedPatch("merging lists cannot yet be specified in the patch");
    else throw unknownDirective(directive, item);
  }
  const kept = deleted.size === 0 ? original : original.filter((item) => !deleted.has(keyOf(item, rules)));
  return { original: isReplaced ? [] : kept, patch: plain };
}

/**
 * Puts items into the patch's order; those that only the server has keep their order among themselves, and stand
 * before an item of the patch only where they stood before it already.
 */
export function inOrder(
  items: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  rules: ItemRules,
): unknown[] {
  const positions = (order: readonly unknown[]) => new Map(order.map((item, index) => [keyOf(item, rules), index]));
  const inPatch = positions(patchOrder);
  const onServer = positions(serverOrder);
  const rank = (order: ReadonlyMap<unknown, number>, item: unknown) => order.get(keyOf(item, rules)) ?? -1;

  const patched = items
    .filter((item) => rank(inPatch, item) !== -1)
    .sort((a, b) => rank(inPatch, a) - rank(inPatch, b));
  const serverOnly = items
    .filter((item) => rank(inPatch, item) === -1)
    .sort((a, b) => rank(onServer, a) - rank(onServer, b));

  const ordered: unknown[] = [];
  let [nextPatched, nextServerOnly] = [0, 0];
  while (nextPatched < patched.length && nextServerOnly < serverOnly.length) {
    const [server, patch] = [rank(onServer, serverOnly[nextServerOnly]), rank(onServer, patched[nextPatched])];
    const serverFirst = server !== -1 && patch !== -1 && server < patch;
    ordered.push(serverFirst ? serverOnly[nextServerOnly++] : patched[nextPatched++]);
  }
  return [...ordered, ...patched.slice(nextPatched), ...serverOnly.slice(nextServerOnly)];
}

function keyOf(item: unknown, { mergeKey }: ItemRules): unknown {
  if (mergeKey === undefined) return item;
  if (isJsonObject(item) && Object.hasOwn(item, mergeKey)) return item[mergeKey];
  throw failedPatch(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
}
