import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { boundedSeconds, type Int64, int64, nearestInteger, nextInt64 } from "./int64.ts";

const [MIN, MAX] = [-(2n ** 63n), 2n ** 63n - 1n];
const SAFE = Number.MAX_SAFE_INTEGER;

const forms: readonly (readonly [value: bigint, want: Int64 | undefined])[] = [
  [0n, 0],
  [-1n, -1],
  [2n ** 53n - 1n, SAFE],
  [2n ** 53n, 2n ** 53n],
  [-(2n ** 53n) + 1n, -SAFE],
  [-(2n ** 53n), -(2n ** 53n)],
  [MAX, MAX],
  [MIN, MIN],
  [MAX + 1n, undefined],
  [MIN - 1n, undefined],
];
for (const [value, want] of forms) {
  test(`int64: ${value} is ${typeof want === "bigint" ? "a bigint" : String(want)}`, () => {
    assert.strictEqual(int64(value), want);
  });
}

const computed: readonly {
  readonly of: Int64;
  readonly next: Int64;
  readonly seconds: number;
  readonly near: number;
}[] = [
  { of: 0, next: 1, seconds: 0, near: 0 },
  { of: -1, next: 0, seconds: -1, near: -1 },
  { of: 30, next: 31, seconds: 30, near: 30 },
  { of: 9_223_372_036, next: 9_223_372_037, seconds: 9_223_372_036, near: 9_223_372_036 },
  { of: 9_223_372_037, next: 9_223_372_038, seconds: 9_223_372_036, near: 9_223_372_037 },
  { of: SAFE, next: 2n ** 53n, seconds: 9_223_372_036, near: SAFE },
  { of: -(2n ** 53n), next: -SAFE, seconds: -9_223_372_036, near: -SAFE },
  { of: MAX, next: MIN, seconds: 9_223_372_036, near: SAFE },
  { of: MIN, next: MIN + 1n, seconds: -9_223_372_036, near: -SAFE },
];
for (const { of, next, seconds, near } of computed) {
  test(`int64: ${of} goes on with ${next}, and is ${seconds} s and about ${near} to calculate with`, () => {
    assert.strictEqual(nextInt64(of), next);
    assert.strictEqual(boundedSeconds(of), seconds);
    assert.strictEqual(nearestInteger(of), near);
  });
}

test("int64: the longest time from now on is a date that RFC 3339 can write", () => {
  const end = new Date(Date.parse("2026-01-01T00:00:00Z") + boundedSeconds(MAX) * 1000);
  assert.equal(end.toISOString(), "2318-04-12T23:47:16.000Z");
});

test("int64: a value has one form, and JSON.stringify writes its digits", () => {
  const check = (value: bigint) => {
    assert.strictEqual(int64(value), int64(BigInt(String(value))));
    assert.equal(JSON.stringify([{ value: int64(value) }]), `[{"value":${value}}]`);
  };
  fc.assert(fc.property(fc.bigInt({ min: MIN, max: MAX }), check));
});
