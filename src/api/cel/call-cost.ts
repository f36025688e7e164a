import { lengthOf } from "./functions/conversions.ts";
import { formatPatternSize } from "./functions/formats.ts";
import { type CelValue, Duration, isCelList, isCelMap, Opaque, Optional } from "./value.ts";

/** Costs of making a list and a map. Source: common/cost.go of cel-go. */
export const LIST_COST = 10;
export const MAP_COST = 30;
const TRAVERSAL = 0.1;
const REGEX = 0.25;

/** The arguments of a call and what comes of it, which is computed when a cost depends on it. */
export interface Called {
  readonly args: readonly CelValue[];
  readonly result: () => CelValue;
}

/** What a call costs, by the sizes of its arguments. */
type Cost = (sizes: readonly number[], called: Called) => number;

const first = ([size = 1]: readonly number[]) => size;
const second = ([, size = 1]: readonly number[]) => size;

const once: Cost = (sizes) => Math.ceil(first(sizes) * TRAVERSAL);
const twice: Cost = (sizes) => Math.ceil(first(sizes) * 2 * TRAVERSAL);
const traversed: Cost = (_, { args: [list = null] }) => traversalCost(list);
const matched: Cost = (sizes) => Math.ceil((1 + first(sizes)) * TRAVERSAL) * Math.ceil(second(sizes) * REGEX);
const compared: Cost = (sizes, { args: [value] }) =>
  value instanceof Opaque ? 1 : Math.ceil(Math.min(first(sizes), second(sizes)) * TRAVERSAL);
const joined: Cost = (sizes) => Math.ceil((first(sizes) + second(sizes)) * TRAVERSAL);
/** Comparing all items of two lists. */
const product =
  (factor: number): Cost =>
  (sizes) =>
    1 + first(sizes) * second(sizes) * factor;
/** Making a list. */
const made: Cost = (_, { result }) => 1 + LIST_COST + sizeOf(result());
const flattened: Cost = (sizes, { args: [, depth = 1n] }) => 1 + LIST_COST + Math.floor(first(sizes) * Number(depth));
/** Comparing all items of a list with each other. */
const comparedAmong =
  (index: 0 | 1): Cost =>
  (_, { args }) => {
    const list = args[index] ?? null;
    if (!isCelList(list)) return 1;
    const [item] = list;
    const isText = typeof item === "string" || item instanceof Uint8Array;
    return 1 + LIST_COST + Math.floor(list.length ** 2 * (isText ? 2 + TRAVERSAL : 2));
  };

/** Comparing the bits of a network with another one or an address, which is parsed first where it is a text. */
const contained =
  (base: number): Cost =>
  (sizes, { args: [, other] }) =>
    base +
    Math.ceil(first(sizes) * 2 * TRAVERSAL) +
    (typeof other === "string" ? Math.ceil(second(sizes) * TRAVERSAL) : 0);

/** By function, for all of its meanings. Source: library/cost.go of k8s.io/apiserver. */
const BY_FUNCTION: Readonly<Record<string, Cost>> = {
  ...Object.fromEntries(["isSorted", "sum", "max", "min", "indexOf", "lastIndexOf"].map((name) => [name, traversed])),
  ...Object.fromEntries(
    ["url", "lowerAscii", "upperAscii", "substring", "trim", "cidr", "isIP", "isCIDR"].map((name) => [name, once]),
  ),
  ...Object.fromEntries(["quantity", "isQuantity", "semver", "isSemver"].map((name) => [name, once])),
  replace: twice,
  split: twice,
  join: (_, { args: [list = null, separator = ""] }) => Math.ceil(joinedSize(list, separator) * 2 * TRAVERSAL),
  find: matched,
  findAll: matched,
  "ip.isCanonical": twice,
  validate: (sizes, { args: [format] }) =>
    Math.ceil((1 + second(sizes)) * TRAVERSAL) * Math.ceil(formatPatternSize(format) * REGEX),
  containsIP: contained(0),
  containsCIDR: (sizes, called) => contained(1)(sizes, called) + Math.ceil(first(sizes) * TRAVERSAL),
};

/** By meaning. Source: interpreter/runtimecost.go and ext of cel-go. */
const BY_OVERLOAD: Readonly<Record<string, Cost>> = {
  starts_with_string: once,
  ends_with_string: once,
  string_to_bytes: once,
  bytes_to_string: once,
  strings_quote: once,
  string_format: once,
  string_to_ip: once,
  in_list: second,
  ...Object.fromEntries(
    ["less", "less_equals", "greater", "greater_equals"].flatMap((name) => [
      [`${name}_string`, compared],
      [`${name}_bytes`, compared],
    ]),
  ),
  equals: compared,
  not_equals: compared,
  add_string: joined,
  add_bytes: joined,
  matches: matched,
  matches_string: matched,
  contains_string: (sizes) => Math.ceil(first(sizes) * TRAVERSAL) * Math.ceil(second(sizes) * TRAVERSAL),
  list_slice: made,
  list_reverse: made,
  lists_range: made,
  list_flatten: flattened,
  list_flatten_int: flattened,
  list_distinct: comparedAmong(0),
  list_sets_contains_list: product(1),
  list_sets_intersects_list: product(1),
  list_sets_equivalent_list: product(2),
};

/**
 * Returns what a call costs.
 *
 * @param overload - Empty where more than one has the argument types that are known before evaluation.
 */
export function callCost(name: string, overload: string, called: Called): number {
  const cost = BY_FUNCTION[name] ?? BY_OVERLOAD[overload] ?? ofSort(overload);
  return cost === undefined ? 1 : cost(called.args.map(sizeOf), called);
}

function ofSort(overload: string): Cost | undefined {
  if (overload.endsWith("_sort")) return comparedAmong(0);
  return overload.endsWith("_sortByAssociatedKeys") ? comparedAmong(1) : undefined;
}

/** The length of a text that is joined of others. */
function joinedSize(list: CelValue, separator: CelValue): number {
  if (!isCelList(list)) return 1;
  const between = Math.max(0, list.length - 1) * sizeOf(separator);
  return list.reduce((sum: number, text) => sum + sizeOf(text), between);
}

/** How much there is to go through in a value: 1 for a number. */
function sizeOf(value: CelValue): number {
  if (typeof value === "string") return lengthOf(value);
  if (isCelList(value) || value instanceof Uint8Array) return value.length;
  if (isCelMap(value)) return value.size;
  if (value instanceof Opaque) return value.size;
  if (value instanceof Optional) return value.value === undefined ? 1 : sizeOf(value.value);
  return 1;
}

function traversalCost(value: CelValue): number {
  if (typeof value === "string") return Math.floor(Buffer.byteLength(value) * TRAVERSAL);
  if (value instanceof Uint8Array) return Math.floor(value.length * TRAVERSAL);
  if (isCelList(value)) return value.reduce((sum: number, item) => sum + traversalCost(item), 0);
  if (!isCelMap(value) || value instanceof Duration) return 1;
  return value.keys().reduce((sum: number, key) => sum + traversalCost(key) + traversalCost(value.get(key) ?? null), 0);
}
