import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseInt64 } from "./int64.ts";

const rows: readonly (readonly [text: string, want: bigint | undefined])[] = [
  ["0", 0n],
  ["+7", 7n],
  ["-7", -7n],
  ["007", 7n],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["-9223372036854775808", -9223372036854775808n],
  ["9223372036854775808", undefined],
  ["-9223372036854775809", undefined],
  ["", undefined],
  ["-", undefined],
  ["1e3", undefined],
  ["1_000", undefined],
  [" 1", undefined],
  ["1".repeat(1_000_000), undefined],
];

for (const [text, want] of rows) {
  test(`parseInt64: ${JSON.stringify(text.slice(0, 30))}`, () => assert.equal(parseInt64(text), want));
}

test("parseInt64: every int64 is read to the last digit", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      assert.equal(parseInt64(String(value)), value);
    }),
  );
});
