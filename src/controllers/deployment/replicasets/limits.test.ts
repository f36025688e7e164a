import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment } from "../objects.testing.ts";
import { rollingLimits } from "./limits.ts";

/** replicas, maxSurge, maxUnavailable; what they come to. */
const table: [number, number | string, number | string, number, number][] = [
  [10, "25%", "25%", 3, 2],
  [1, "25%", "25%", 1, 0],
  [3, 1, 0, 1, 0],
  [3, 0, "10%", 0, 1],
  [3, "100%", "100%", 3, 3],
  [2, 5, 5, 5, 2],
  [0, 1, 1, 1, 0],
  [0, "25%", "25%", 0, 0],
];

for (const [replicas, maxSurge, maxUnavailable, surge, unavailable] of table) {
  test(`rollingLimits: ${replicas} with ${maxSurge} and ${maxUnavailable}`, () => {
    assert.deepEqual(rollingLimits(deployment({ replicas, maxSurge, maxUnavailable })), {
      maxSurge: surge,
      maxUnavailable: unavailable,
    });
  });
}

test("rollingLimits: recreating has none", () => {
  assert.deepEqual(rollingLimits(deployment({ recreate: true })), { maxSurge: 0, maxUnavailable: 0 });
});
