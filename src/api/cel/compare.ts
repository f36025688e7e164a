import { numberOf } from "./equal.ts";
import { noSuchOverload } from "./evaluation-problem.ts";
import { type CelValue, Duration, Timestamp } from "./value.ts";

/**
 * Compares values of one type, or numbers: negative, 0 or positive; NaN where neither is less.
 *
 * @throws {EvaluationProblem} for values that have no order.
 */
export function compareValues(a: CelValue, b: CelValue): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return order(left, right);
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanos, b.nanos);
  throw noSuchOverload();
}

function order(a: bigint | number, b: bigint | number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0;
}

/** By code points, as the bytes of UTF-8 are ordered. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Within a surrogate pair, the whole pair is compared.
  const isLow = (text: string) => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  if (at > 0 && (isLow(a) || isLow(b))) at--;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
