import assert from "node:assert/strict";
import { test } from "node:test";
import { queryBoolean, queryDuration, queryInteger } from "./query-value.ts";

const booleans: readonly (readonly [value: string | null, want: boolean])[] = [
  [null, false],
  ["", true],
  ["0", false],
  ["false", false],
  ["False", false],
  ["FALSE", false],
  ["f", true],
  ["no", true],
  ["00", true],
  ["1", true],
  ["true", true],
  ["True", true],
];

for (const [value, want] of booleans) {
  test(`queryBoolean: ${JSON.stringify(value)} is ${want}`, () => assert.equal(queryBoolean(value), want));
}

const integers: readonly (readonly [value: string | null, want: number | bigint | string | undefined])[] = [
  [null, undefined],
  ["0", 0],
  ["5", 5],
  ["+5", 5],
  ["-5", -5],
  ["007", 7],
  ["", 'strconv.ParseInt: parsing "": invalid syntax'],
  [" 5", 'strconv.ParseInt: parsing " 5": invalid syntax'],
  ["5.0", 'strconv.ParseInt: parsing "5.0": invalid syntax'],
  ["0x5", 'strconv.ParseInt: parsing "0x5": invalid syntax'],
  ["1_000", 'strconv.ParseInt: parsing "1_000": invalid syntax'],
  ["--5", 'strconv.ParseInt: parsing "--5": invalid syntax'],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["-9223372036854775808", -9223372036854775808n],
  ["9223372036854775808", 'strconv.ParseInt: parsing "9223372036854775808": value out of range'],
  ["99999999999999999999", 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
];

for (const [value, want] of integers) {
  test(`queryInteger: ${JSON.stringify(value)}`, () => {
    const read = queryInteger(value);
    assert.equal("error" in read ? read.error : read.value, want);
  });
}

const durations: readonly (readonly [value: string | null, wantMs: number | string | undefined])[] = [
  [null, undefined],
  ["0", 0],
  ["30s", 30_000],
  ["1m30s", 90_000],
  ["1.5h", 5_400_000],
  [".5s", 500],
  ["100ms", 100],
  ["-1s", -1_000],
  ["", 'time: invalid duration ""'],
  ["x", 'time: invalid duration "x"'],
  ["30", 'time: missing unit in duration "30"'],
  ["30d", 'time: unknown unit "d" in duration "30d"'],
  ["1constructor", 'time: unknown unit "constructor" in duration "1constructor"'],
];

for (const [value, want] of durations) {
  test(`queryDuration: ${JSON.stringify(value)}`, () => {
    const read = queryDuration(value);
    assert.equal("error" in read ? read.error : read.value, want);
  });
}
