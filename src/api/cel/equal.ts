import { deepEqual } from "../deep-equal.ts";
import {
  type CelMap,
  type CelValue,
  Duration,
  isCelList,
  isCelMap,
  KeyedList,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
} from "./value.ts";

/** Returns whether two values are equal. Numbers of all types are compared by value; values of different types are not equal. */
export function isEqual(a: CelValue, b: CelValue): boolean {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined || right !== undefined)
    return left !== undefined && right !== undefined && sameNumber(left, right);
  if (isCelList(a)) return isCelList(b) && sameList(a, b);
  if (typeof a !== "object" || a === null) return a === b;
  return typeof b === "object" && b !== null && !isCelList(b) && sameObject(a, b);
}

function sameList(a: readonly CelValue[], b: readonly CelValue[]): boolean {
  if (a.length !== b.length) return false;
  if (!(a instanceof KeyedList)) return a.every((item, index) => isEqual(item, b[index] ?? null));
  const byKey = new Map(a.map((item) => [a.keyOf(item), item] as const));
  return b.every((item) => {
    const found = byKey.get(a.keyOf(item));
    return found !== undefined && isEqual(found, item);
  });
}

type ObjectValue = Exclude<CelValue, null | boolean | bigint | number | string | readonly CelValue[]>;

function sameObject(a: ObjectValue, b: ObjectValue): boolean {
  if (isCelMap(a)) return isCelMap(b) && sameMap(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof TypeValue) return b instanceof TypeValue && a.typeName === b.typeName;
  if (a instanceof Opaque) return b instanceof Opaque && a.typeName === b.typeName && a.text === b.text;
  if (!(a instanceof Optional && b instanceof Optional)) return false;
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return isEqual(a.value, b.value);
}

function sameMap(a: CelMap, b: CelMap): boolean {
  if (a.size !== b.size || !sameHidden(a, b)) return false;
  return a.keys().every((key) => {
    const [left, right] = [a.get(key), b.get(key)];
    return left !== undefined && right !== undefined && isEqual(left, right);
  });
}

function sameHidden({ hidden = NOTHING }: CelMap, { hidden: others = NOTHING }: CelMap): boolean {
  return [...hidden].every(([name, value]) => !others.has(name) || deepEqual(value, others.get(name)));
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();

/** Returns the number that a value is; `undefined` for one that is none. */
export function numberOf(value: CelValue): bigint | number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return value;
  return value instanceof Uint ? value.value : undefined;
}

function sameNumber(a: bigint | number, b: bigint | number): boolean {
  // The comparison of an integer with a fraction is exact.
  return !(a < b) && !(a > b) && !Number.isNaN(a) && !Number.isNaN(b);
}
