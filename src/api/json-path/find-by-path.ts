import { isJsonNumber } from "../codec/json-number.ts";
import { ownValue } from "../own-property.ts";
import { isJsonObject } from "../patch/json-object.ts";
import type { JsonPath, PathStep } from "./parse-json-path.ts";

/** The path does not fit the value: an index of what is no list, a comparison of different types. */
class NoResult extends Error {
  override readonly name = "NoResult";
}

/** The most values that a step may find. A path through every part of a large object would find as many again at every step. */
const VALUES_MAX = 100_000;

/**
 * Returns the values that a path leads to in a JSON value. A missing field leads to none.
 *
 * @returns `undefined` where the path does not fit the value, which upstream prints nothing of.
 * Source: `FindResults` of k8s.io/client-go/util/jsonpath, with `AllowMissingKeys`.
 */
export function findByPath(path: JsonPath, value: unknown): readonly unknown[] | undefined {
  try {
    return follow(path, [value]);
  } catch (error) {
    if (error instanceof NoResult) return undefined;
    throw error;
  }
}

function follow(path: JsonPath, values: readonly unknown[]): readonly unknown[] {
  let found = values;
  for (const step of path) {
    found = take(step, found);
    if (found.length > VALUES_MAX) throw new NoResult();
  }
  return found;
}

function take(step: PathStep, values: readonly unknown[]): readonly unknown[] {
  switch (step.type) {
    case "field":
      return values.flatMap((value) =>
        isJsonObject(value) && Object.hasOwn(value, step.name) ? [ownValue(value, step.name)] : [],
      );
    case "wildcard":
      return values.flatMap(partsOf);
    case "recursive":
      return withParts(values);
    case "slice":
      return values.filter((value) => value !== null).flatMap((value) => slice(step, value));
    case "union":
      return step.paths.flatMap((path) => follow(path, values));
    case "filter":
      return values.flatMap((value) => passing(step, value));
    case "constant":
      return values.map(() => step.value);
  }
}

function partsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** The values that have parts, and those of their parts that do. */
function withParts(values: readonly unknown[]): readonly unknown[] {
  const found: unknown[] = [];
  const waiting = [...values].reverse();
  while (waiting.length > 0) {
    const value = waiting.pop();
    const parts = partsOf(value);
    if (parts.length === 0) continue;
    found.push(value);
    if (found.length > VALUES_MAX) throw new NoResult();
    waiting.push(...[...parts].reverse());
  }
  return found;
}

function slice({ from, to, step = 1 }: Extract<PathStep, { type: "slice" }>, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new NoResult();
  const { length } = value;
  const first = from < 0 ? from + length : from;
  const end = to === undefined ? length : to < 0 ? to + length : to;
  if (first === end) return [];
  if (first < 0 || first >= length || end < 0 || end > length || first > end || step <= 0) throw new NoResult();
  return value.slice(first, end).filter((_, index) => index % step === 0);
}

function passing({ left, compared }: Extract<PathStep, { type: "filter" }>, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new NoResult();
  return value.filter((item) => {
    if (compared === undefined) return (findByPath(left, item) ?? []).length > 0;
    const one = only(follow(left, [item]));
    const other = one === undefined ? undefined : only(follow(compared.right, [item]));
    return one !== undefined && other !== undefined && passes(one.value, compared.operator, other.value);
  });
}

/** At most one value can be compared. */
function only(values: readonly unknown[]): { readonly value: unknown } | undefined {
  if (values.length > 1) throw new NoResult();
  return values.length === 0 ? undefined : { value: values[0] };
}

function passes(left: unknown, operator: string, right: unknown): boolean {
  const order = orderOf(left, right);
  const isEqual = order === 0;
  if (operator === "==") return isEqual;
  if (operator === "!=") return !isEqual;
  // Booleans have no order.
  if (typeof left === "boolean") throw new NoResult();
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      throw new NoResult();
  }
}

/** Negative, 0 or positive. Only values of one type can be compared, and an integer is of another type than a fraction. */
function orderOf(left: unknown, right: unknown): number {
  const type = comparedType(left);
  if (type === undefined || type !== comparedType(right)) throw new NoResult();
  const [one, other] = isJsonNumber(left) || isJsonNumber(right) ? [Number(left), Number(right)] : [left, right];
  // Both are of one type that has an order.
  return (one as number) < (other as number) ? -1 : (one as number) > (other as number) ? 1 : 0;
}

function comparedType(value: unknown): string | undefined {
  if (typeof value === "string" || typeof value === "boolean") return typeof value;
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "fraction";
  return isJsonNumber(value) ? "fraction" : undefined;
}
