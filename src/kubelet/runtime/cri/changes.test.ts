import assert from "node:assert/strict";
import { test } from "node:test";
import { changedPods } from "./changes.ts";
import { mayLower } from "./read-machine.ts";

const cases: { name: string; before: Record<string, string>; after: Record<string, string>; want: string[] }[] = [
  { name: "nothing", before: { c1: "a RUNNING" }, after: { c1: "a RUNNING" }, want: [] },
  { name: "a new one", before: {}, after: { c1: "a RUNNING" }, want: ["a"] },
  { name: "another state", before: { c1: "a RUNNING" }, after: { c1: "a EXITED" }, want: ["a"] },
  { name: "one that is gone", before: { c1: "a EXITED" }, after: {}, want: ["a"] },
  { name: "each pod once", before: {}, after: { c1: "a RUNNING", c2: "a RUNNING", c3: "b RUNNING" }, want: ["a", "b"] },
  { name: "what is not a pod's", before: {}, after: { c1: " RUNNING" }, want: [] },
];

for (const { name, before, after, want } of cases) {
  test(`changedPods: ${name}`, () => {
    assert.deepEqual([...changedPods(new Map(Object.entries(before)), new Map(Object.entries(after)))], want);
  });
}

test("only with CAP_SYS_RESOURCE may a score be lowered", () => {
  assert.equal(mayLower("CapEff:\t000001ffffffffff\n"), true);
  assert.equal(mayLower("CapEff:\t000001fffeffffff\n"), false);
});
