import { isJsonNumber } from "../codec/json-number.ts";
import { isJsonObject } from "./json-object.ts";

/** Whether two JSON values are equal, as the operation `test` of RFC 6902 section 4.6 defines it. Works without recursion. */
export function sameJson(a: unknown, b: unknown): boolean {
  const pairs: (readonly [unknown, unknown])[] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false;
      for (const [index, item] of left.entries()) pairs.push([item, right[index]]);
    } else if (isJsonObject(left) && isJsonObject(right)) {
      const keys = Object.keys(left);
      if (keys.length !== Object.keys(right).length || !keys.every((key) => Object.hasOwn(right, key))) return false;
      for (const key of keys) pairs.push([left[key], right[key]]);
    } else if (!isJsonNumber(left) || !isJsonNumber(right) || String(left) !== String(right)) return false;
  }
  return true;
}
