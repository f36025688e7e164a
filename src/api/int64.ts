/**
 * An int64 of an API object, exact: a number while it is a safe integer, a bigint beyond 2^53.
 *
 * Each value has one form, so `===` compares two of them, as `<` does. {@link int64} makes it. In JSON both are digits.
 */
export type Int64 = number | bigint;

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Returns an integer as an {@link Int64}; `undefined` for one outside int64. */
export function int64(value: bigint): Int64 | undefined {
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return Number(value);
  return value < MIN || value > MAX ? undefined : value;
}

/** Returns the integer after this one. Wraps at the end of int64, as Go's addition does. */
export function nextInt64(value: Int64): Int64 {
  // Both operands are in int64, so the wrapped sum is too.
  return int64(BigInt.asIntN(64, BigInt(value) + 1n)) ?? 0;
}

/** The most whole seconds of Go's `time.Duration`: some 292 years. */
const SECONDS_MAX = 9_223_372_036;

/**
 * Returns seconds of a client as a number to calculate with: at most 292 years either way, the range of Go's
 * `time.Duration`. Milliseconds of it, added to the time of day, are exact and are a date that RFC 3339 can write.
 *
 * Upstream multiplies without a check, and the product wraps: 2^63 - 1 seconds, which people write for "never", become
 * one second in the past.
 */
export function boundedSeconds(value: Int64): number {
  return Math.min(Math.max(Number(value), -SECONDS_MAX), SECONDS_MAX);
}

/** Returns the nearest safe integer: exact for what validation bounds, such as user and group ids, near for sizes. */
export function nearestInteger(value: Int64): number {
  return Math.min(Math.max(Number(value), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

declare global {
  interface JSON {
    /** Makes what `JSON.stringify` writes as this very text. */
    rawJSON(text: string): unknown;
  }
  interface BigInt {
    /** Digits without quotes. */
    toJSON(): unknown;
  }
}

// JSON.stringify refuses a bigint, and objects of clients are written, compared and logged by it in many places.
Object.defineProperty(BigInt.prototype, "toJSON", {
  value: function toJSON(this: bigint) {
    return JSON.rawJSON(String(this));
  },
  writable: true,
  configurable: true,
});
