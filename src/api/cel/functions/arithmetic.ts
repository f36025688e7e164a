import { GrowingList } from "../accumulator.ts";
import { compareValues } from "../compare.ts";
import { isEqual } from "../equal.ts";
import { EvaluationProblem } from "../evaluation-problem.ts";
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  INT,
  listOf,
  mapType,
  optionalOf,
  param,
  STRING,
  TIMESTAMP,
  UINT,
} from "../type.ts";
import { type CelMap, type CelValue, Duration, KeyedList, Timestamp, Uint } from "../value.ts";
import { fn, type Overload } from "./overload.ts";

const A = param("A");
const B = param("B");
const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;
const UINT_MAX = 2n ** 64n - 1n;
/** The first and the last moment of the years 1 to 9999, in nanoseconds since the epoch. */
export const TIME_MIN = -62_135_596_800_000_000_000n;
const TIME_MAX = 253_402_300_799_999_999_999n;

/** Returns an int. @throws {EvaluationProblem} outside of 64 bits. */
export function int(value: bigint): bigint {
  if (value < INT_MIN || value > INT_MAX) throw new EvaluationProblem("integer overflow");
  return value;
}

/** Returns a uint. @throws {EvaluationProblem} outside of 64 bits. */
export function uint(value: bigint): Uint {
  if (value < 0n || value > UINT_MAX) throw new EvaluationProblem("unsigned integer overflow");
  return new Uint(value);
}

/** Returns a duration. @throws {EvaluationProblem} for more than 292 years. */
export function duration(nanos: bigint): Duration {
  if (nanos < INT_MIN || nanos > INT_MAX) throw new EvaluationProblem("duration overflow");
  return new Duration(nanos);
}

/** Returns a time. @throws {EvaluationProblem} outside of the years 1 to 9999. */
export function timestamp(nanos: bigint, offsetMinutes = 0): Timestamp {
  if (nanos < TIME_MIN || nanos > TIME_MAX) throw new EvaluationProblem("timestamp overflow");
  return new Timestamp(nanos, offsetMinutes);
}

function joined(a: readonly CelValue[], b: readonly CelValue[]): readonly CelValue[] {
  if (a instanceof GrowingList) {
    for (const item of b) a.push(item);
    return a;
  }
  return a instanceof KeyedList ? a.merged(b) : [...a, ...b];
}

function divided(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new EvaluationProblem("division by zero");
  return a / b;
}

function remainder(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new EvaluationProblem("modulus by zero");
  return a % b;
}

function joinedBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([a, b]));
}

const add: readonly Overload[] = [
  fn("add_bytes", [BYTES, BYTES], BYTES, joinedBytes),
  fn("add_double", [DOUBLE, DOUBLE], DOUBLE, (a: number, b: number) => a + b),
  fn("add_duration_duration", [DURATION, DURATION], DURATION, (a: Duration, b: Duration) =>
    duration(a.nanos + b.nanos),
  ),
  fn("add_duration_timestamp", [DURATION, TIMESTAMP], TIMESTAMP, (a: Duration, b: Timestamp) =>
    timestamp(a.nanos + b.nanos, b.offsetMinutes),
  ),
  fn("add_timestamp_duration", [TIMESTAMP, DURATION], TIMESTAMP, (a: Timestamp, b: Duration) =>
    timestamp(a.nanos + b.nanos, a.offsetMinutes),
  ),
  fn("add_int64", [INT, INT], INT, (a: bigint, b: bigint) => int(a + b)),
  fn("add_list", [listOf(A), listOf(A)], listOf(A), joined),
  fn("add_string", [STRING, STRING], STRING, (a: string, b: string) => a + b),
  fn("add_uint64", [UINT, UINT], UINT, (a: Uint, b: Uint) => uint(a.value + b.value)),
];

const subtract: readonly Overload[] = [
  fn("subtract_double", [DOUBLE, DOUBLE], DOUBLE, (a: number, b: number) => a - b),
  fn("subtract_duration_duration", [DURATION, DURATION], DURATION, (a: Duration, b: Duration) =>
    duration(a.nanos - b.nanos),
  ),
  fn("subtract_int64", [INT, INT], INT, (a: bigint, b: bigint) => int(a - b)),
  fn("subtract_timestamp_duration", [TIMESTAMP, DURATION], TIMESTAMP, (a: Timestamp, b: Duration) =>
    timestamp(a.nanos - b.nanos, a.offsetMinutes),
  ),
  fn("subtract_timestamp_timestamp", [TIMESTAMP, TIMESTAMP], DURATION, (a: Timestamp, b: Timestamp) =>
    duration(a.nanos - b.nanos),
  ),
  fn("subtract_uint64", [UINT, UINT], UINT, (a: Uint, b: Uint) => uint(a.value - b.value)),
];

const multiply: readonly Overload[] = [
  fn("multiply_double", [DOUBLE, DOUBLE], DOUBLE, (a: number, b: number) => a * b),
  fn("multiply_int64", [INT, INT], INT, (a: bigint, b: bigint) => int(a * b)),
  fn("multiply_uint64", [UINT, UINT], UINT, (a: Uint, b: Uint) => uint(a.value * b.value)),
];

const divide: readonly Overload[] = [
  fn("divide_double", [DOUBLE, DOUBLE], DOUBLE, (a: number, b: number) => a / b),
  fn("divide_int64", [INT, INT], INT, (a: bigint, b: bigint) => int(divided(a, b))),
  fn("divide_uint64", [UINT, UINT], UINT, (a: Uint, b: Uint) => uint(divided(a.value, b.value))),
];

const modulo: readonly Overload[] = [
  fn("modulo_int64", [INT, INT], INT, (a: bigint, b: bigint) => remainder(a, b)),
  fn("modulo_uint64", [UINT, UINT], UINT, (a: Uint, b: Uint) => uint(remainder(a.value, b.value))),
];

const negate: readonly Overload[] = [
  fn("negate_double", [DOUBLE], DOUBLE, (a: number) => -a),
  fn("negate_int64", [INT], INT, (a: bigint) => int(-a)),
];

const NUMBERS: readonly (readonly [name: string, type: CelType])[] = [
  ["int64", INT],
  ["uint64", UINT],
  ["double", DOUBLE],
];

/** An order of every type that has one, and of numbers of different types. */
function ordered(name: string, holds: (order: number) => boolean): readonly Overload[] {
  const same: readonly (readonly [string, CelType])[] = [
    ["bool", BOOL],
    ...NUMBERS,
    ["string", STRING],
    ["bytes", BYTES],
    ["timestamp", TIMESTAMP],
    ["duration", DURATION],
  ];
  const compare = (a: CelValue, b: CelValue) => holds(compareValues(a, b));
  const mixed = NUMBERS.flatMap(([left, leftType]) =>
    NUMBERS.filter(([right]) => right !== left).map(([right, rightType]) =>
      fn(`${name}_${left}_${right}`, [leftType, rightType], BOOL, compare),
    ),
  );
  return [...same.map(([type, of]) => fn(`${name}_${type}`, [of, of], BOOL, compare)), ...mixed];
}

const contained: readonly Overload[] = [
  fn("in_list", [A, listOf(A)], BOOL, (item: CelValue, list: CelValue[]) => list.some((one) => isEqual(one, item))),
  fn("in_map", [A, mapType(A, B)], BOOL, (key: CelValue, map: CelMap) => map.get(key) !== undefined),
];

const LIST_A = listOf(A);
const MAP_AB = mapType(A, B);

/** Evaluation knows them: what is not there is no value of an optional. */
const indexes: readonly Overload[] = [
  fn("index_list", [LIST_A, INT], A, lazily),
  fn("index_map", [MAP_AB, A], B, lazily),
  fn("optional_list_index_int", [optionalOf(LIST_A), INT], optionalOf(A), lazily),
  fn("optional_map_index_value", [optionalOf(MAP_AB), A], optionalOf(B), lazily),
];
const optionalIndexes: readonly Overload[] = [
  fn("list_optindex_optional_int", [LIST_A, INT], optionalOf(A), lazily),
  fn("map_optindex_optional_value", [MAP_AB, A], optionalOf(B), lazily),
  fn("optional_list_optindex_optional_int", [optionalOf(LIST_A), INT], optionalOf(A), lazily),
  fn("optional_map_optindex_optional_value", [optionalOf(MAP_AB), A], optionalOf(B), lazily),
];

/** Operators. Those that do not evaluate all of their arguments are only declared: evaluation knows them. */
export const operators: readonly (readonly [string, readonly Overload[]])[] = [
  ["_+_", add],
  ["_-_", subtract],
  ["_*_", multiply],
  ["_/_", divide],
  ["_%_", modulo],
  ["-_", negate],
  ["!_", [fn("logical_not", [BOOL], BOOL, (a: boolean) => !a)]],
  ["_<_", ordered("less", (order) => order < 0)],
  ["_<=_", ordered("less_equals", (order) => order <= 0)],
  ["_>_", ordered("greater", (order) => order > 0)],
  ["_>=_", ordered("greater_equals", (order) => order >= 0)],
  ["_==_", [fn("equals", [A, A], BOOL, isEqual)]],
  ["_!=_", [fn("not_equals", [A, A], BOOL, (a: CelValue, b: CelValue) => !isEqual(a, b))]],
  ["@in", contained],
  ["_[_]", indexes],
  ["_[?_]", optionalIndexes],
  ["_&&_", [fn("logical_and", [BOOL, BOOL], BOOL, lazily)]],
  ["_||_", [fn("logical_or", [BOOL, BOOL], BOOL, lazily)]],
  ["_?_:_", [fn("conditional", [BOOL, A, A], A, lazily)]],
  ["@not_strictly_false", [fn("not_strictly_false", [BOOL], BOOL, lazily)]],
];

function lazily(): CelValue {
  throw new EvaluationProblem("an operator was evaluated with all of its arguments");
}
