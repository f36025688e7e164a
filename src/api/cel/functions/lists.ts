import { GrowingMap } from "../accumulator.ts";
import { compareValues } from "../compare.ts";
import { isEqual } from "../equal.ts";
import { EvaluationProblem, noSuchOverload } from "../evaluation-problem.ts";
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapType,
  param,
  STRING,
  TIMESTAMP,
  UINT,
} from "../type.ts";
import { type CelMap, type CelValue, Duration, isCelList, kindOf, mapOf, Uint } from "../value.ts";
import { duration, int, uint } from "./arithmetic.ts";
import { fn, member, type Overload } from "./overload.ts";

type List = readonly CelValue[];

const T = param("T");
const LIST = listOf(T);
const COMPARABLE: readonly (readonly [name: string, type: CelType])[] = [
  ["int", INT],
  ["uint", UINT],
  ["double", DOUBLE],
  ["bool", BOOL],
  ["duration", DURATION],
  ["timestamp", TIMESTAMP],
  ["string", STRING],
  ["bytes", BYTES],
];
const SUMMABLE: readonly (readonly [name: string, type: CelType, zero: CelValue])[] = [
  ["int", INT, 0n],
  ["uint", UINT, new Uint(0n)],
  ["double", DOUBLE, 0],
  ["duration", DURATION, new Duration(0n)],
];
/** The most items that a function makes out of nothing. */
const RANGE_MAX = 1_000_000n;

function isSorted(list: List): boolean {
  return list.every((item, index) => index === 0 || !(compareValues(list[index - 1] ?? null, item) > 0));
}

function sum(list: List, zero: CelValue): CelValue {
  return list.reduce((total, item) => added(total, item), zero);
}

function added(a: CelValue, b: CelValue): CelValue {
  if (typeof a === "bigint" && typeof b === "bigint") return int(a + b);
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a instanceof Uint && b instanceof Uint) return uint(a.value + b.value);
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanos + b.nanos);
  throw noSuchOverload();
}

/** @param sign - 1 for the largest item, -1 for the smallest. */
function extreme(list: List, name: string, sign: 1 | -1): CelValue {
  const [first, ...others] = list;
  if (first === undefined) throw new EvaluationProblem(`${name} called on empty list`);
  return others.reduce((best, item) => (compareValues(item, best) * sign > 0 ? item : best), first);
}

function slice(list: List, start: bigint, end: bigint): List {
  const wrong = (why: string) => new EvaluationProblem(`cannot slice(${start}, ${end}), ${why}`);
  if (start < 0n || end < 0n) throw wrong("negative indexes not supported");
  if (start > end) throw wrong("start index must be less than or equal to end index");
  if (BigInt(list.length) < end) throw wrong(`list is length ${list.length}`);
  return list.slice(Number(start), Number(end));
}

function flatten(list: List, depth = 1n): List {
  if (depth < 0n) throw new EvaluationProblem("level must be non-negative");
  return list.flatMap((item) => (isCelList(item) && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

function sortedByKeys(list: List, keys: List): List {
  if (list.length !== keys.length) {
    const counts = `${list.length} and ${keys.length} elements respectively`;
    throw new EvaluationProblem(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${counts}`,
    );
  }
  const [first = null] = keys;
  if (!keys.every((key) => kindOf(key) === kindOf(first))) {
    throw new EvaluationProblem("list elements must have the same type");
  }
  return list
    .map((item, index) => ({ item, key: keys[index] ?? null }))
    .sort((a, b) => compareValues(a.key, b.key))
    .map(({ item }) => item);
}

function range(count: bigint): List {
  if (count > RANGE_MAX) throw new EvaluationProblem(`lists.range() is limited to ${RANGE_MAX} elements`);
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
}

function distinct(list: List): List {
  return list.filter((item, index) => list.findIndex((one) => isEqual(one, item)) === index);
}

function holds(list: List, item: CelValue): boolean {
  return list.some((one) => isEqual(one, item));
}

function lastIndexOf(list: List, item: CelValue): bigint {
  return BigInt(list.findLastIndex((one) => isEqual(one, item)));
}

/** Sets are lists in which an item counts once. */
const sets: readonly (readonly [string, readonly Overload[]])[] = [
  [
    "sets.contains",
    [fn("list_sets_contains_list", [LIST, LIST], BOOL, (a: List, b: List) => b.every((item) => holds(a, item)))],
  ],
  [
    "sets.equivalent",
    [
      fn("list_sets_equivalent_list", [LIST, LIST], BOOL, (a: List, b: List) =>
        [b.every((item) => holds(a, item)), a.every((item) => holds(b, item))].every(Boolean),
      ),
    ],
  ],
  [
    "sets.intersects",
    [fn("list_sets_intersects_list", [LIST, LIST], BOOL, (a: List, b: List) => a.some((item) => holds(b, item)))],
  ],
];

function mapInsert(map: CelMap, entries: readonly (readonly [CelValue, CelValue])[]): CelMap {
  for (const [key] of entries) {
    if (map.get(key) !== undefined) {
      throw new EvaluationProblem(`insert failed: key ${String(key)} already exists`);
    }
  }
  if (!(map instanceof GrowingMap)) return mapOf([...entriesOf(map), ...entries]);
  for (const [key, value] of entries) map.set(key, value);
  return map;
}

function entriesOf(map: CelMap): readonly (readonly [CelValue, CelValue])[] {
  return map.keys().map((key) => [key, map.get(key) ?? null] as const);
}

const MAP = mapType(param("K"), param("V"));

/** Functions of lists and sets. Source: Kubernetes' and cel-go's ext/lists.go in version 3, ext/sets.go. */
export const lists: readonly (readonly [string, readonly Overload[]])[] = [
  ["isSorted", COMPARABLE.map(([name, type]) => member(`list_${name}_is_sorted_bool`, [listOf(type)], BOOL, isSorted))],
  [
    "sum",
    SUMMABLE.map(([name, type, zero]) =>
      member(`list_${name}_sum_${name}`, [listOf(type)], type, (list: List) => sum(list, zero)),
    ),
  ],
  [
    "max",
    COMPARABLE.map(([name, type]) =>
      member(`list_${name}_max_${name}`, [listOf(type)], type, (list: List) => extreme(list, "max", 1)),
    ),
  ],
  [
    "min",
    COMPARABLE.map(([name, type]) =>
      member(`list_${name}_min_${name}`, [listOf(type)], type, (list: List) => extreme(list, "min", -1)),
    ),
  ],
  [
    "indexOf",
    [
      member("list_a_index_of_int", [LIST, T], INT, (list: List, item: CelValue) =>
        BigInt(list.findIndex((one) => isEqual(one, item))),
      ),
    ],
  ],
  ["lastIndexOf", [member("list_a_last_index_of_int", [LIST, T], INT, lastIndexOf)]],
  ["slice", [member("list_slice", [LIST, INT, INT], LIST, slice)]],
  [
    "flatten",
    [
      member("list_flatten", [listOf(LIST)], LIST, (list: List) => flatten(list)),
      member("list_flatten_int", [listOf(DYN), INT], listOf(DYN), flatten),
    ],
  ],
  [
    "sort",
    COMPARABLE.map(([name, type]) =>
      member(`list_${name}_sort`, [listOf(type)], listOf(type), (list: List) => sortedByKeys(list, list)),
    ),
  ],
  [
    "@sortByAssociatedKeys",
    COMPARABLE.map(([name, type]) =>
      member(`list_${name}_sortByAssociatedKeys`, [LIST, listOf(type)], LIST, sortedByKeys),
    ),
  ],
  ["lists.range", [fn("lists_range", [INT], listOf(INT), range)]],
  ["reverse", [member("list_reverse", [LIST], LIST, (list: List) => [...list].reverse())]],
  ["distinct", [member("list_distinct", [LIST], LIST, distinct)]],
  [
    "cel.@mapInsert",
    [
      fn(
        "@mapInsert_map_key_value",
        [MAP, param("K"), param("V")],
        MAP,
        (map: CelMap, key: CelValue, value: CelValue) => mapInsert(map, [[key, value]]),
      ),
      fn("@mapInsert_map_map", [MAP, MAP], MAP, (map: CelMap, other: CelMap) => mapInsert(map, entriesOf(other))),
    ],
  ],
  ...sets,
];
