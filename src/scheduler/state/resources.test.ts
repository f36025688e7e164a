import assert from "node:assert/strict";
import { test } from "node:test";
import { node } from "./cluster.testing.ts";
import { allocatableOf } from "./resources.ts";

test("a Node's allocatable resources are read once: waiting pods compare with them at every event", () => {
  const one = node("n1", { allocatable: { cpu: "1500m", memory: "1Gi" } });
  const read = allocatableOf(one);
  assert.equal(read.get("cpu"), 1_500);
  assert.equal(read.get("memory"), 2 ** 30);
  assert.equal(allocatableOf(one), read);
  assert.equal(allocatableOf(node("n1", { allocatable: { cpu: "2" } })).get("cpu"), 2_000);
});
