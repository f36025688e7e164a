import assert from "node:assert/strict";
import { test } from "node:test";
import { firstByKey, repeatedIndices } from "./by-key.ts";

const items = ["a1", "b1", "a2", "a3", "__proto__", "__proto__"];
const letter = (item: string) => item[0];

test("items whose key an earlier one has are repeated", () => {
  assert.deepEqual([...repeatedIndices(items, letter)], [2, 3, 5]);
  assert.deepEqual([...repeatedIndices([], letter)], []);
});

test("the first item of a key is found", () => {
  const found = firstByKey(items, letter);
  assert.equal(found.get("a"), "a1");
  assert.equal(found.get("c"), undefined);
});
