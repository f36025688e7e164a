import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  quantityMilliValue,
  quantityOf,
  quantityValue,
  subtractQuantities,
} from "./quantity.ts";

const canonical: [given: string, want: string][] = [
  ["0", "0"],
  ["100Mi", "100Mi"],
  ["1024Mi", "1Gi"],
  ["0.5", "500m"],
  ["0.5Gi", "512Mi"],
  ["0.5Ki", "512"],
  ["1.5Ki", "1536"],
  ["2Ki", "2Ki"],
  ["100", "100"],
  ["1000", "1k"],
  ["1500", "1500"],
  ["1000m", "1"],
  ["1e3", "1e3"],
  ["12e6", "12e6"],
  ["1E", "1E"],
  ["100e2", "10e3"],
  ["0.001m", "1u"],
  ["0.0000000001", "1n"],
  ["1.1Ki", "1126400m"],
  ["1e21", "1e21"],
  ["1000E", "1000E"],
  ["-500m", "-500m"],
  ["+5", "5"],
  ["010", "10"],
  ["9Ei", "9223372036854775807"],
  ["1.", "1"],
  [".5", "500m"],
];

for (const [given, want] of canonical) {
  test(`quantity ${given} is written ${want}`, () => {
    const once = canonicalQuantity(given);
    assert.deepEqual(once, { text: want });
    assert.deepEqual(canonicalQuantity(want), { text: want }, "the canonical form stays unchanged");
  });
}

const wrong: [given: string, want: RegExp][] = [
  ["", /must match the regular expression/],
  ["lots", /must match the regular expression/],
  ["1.2.3", /must match the regular expression/],
  ["1 Gi", /must match the regular expression/],
  ["1Kii", /unable to parse quantity's suffix/],
  ["1K", /unable to parse quantity's suffix/],
];

for (const [given, want] of wrong) {
  test(`quantity ${JSON.stringify(given)} is refused`, () => {
    const parsed = canonicalQuantity(given);
    assert("error" in parsed);
    assert.match(parsed.error, want);
  });
}

test("sums, differences and comparisons are exact across units", () => {
  const sum = addQuantities(quantityOf("1Gi"), quantityOf("1"));
  assert.equal(formatQuantity(sum), "1073741825");
  assert.equal(formatQuantity(subtractQuantities(quantityOf("1"), quantityOf("100m"))), "900m");
  assert(compareQuantities(quantityOf("1Gi"), quantityOf("1G")) > 0);
  assert.equal(compareQuantities(quantityOf("1000m"), quantityOf("1")), 0);
});

test("whole units and thousandths are rounded up", () => {
  assert.equal(quantityValue(quantityOf("1100m")), 2n);
  assert.equal(quantityMilliValue(quantityOf("1.0001")), 1001n);
  assert.equal(quantityMilliValue(quantityOf(undefined)), 0n);
});
