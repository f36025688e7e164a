import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assignSlots } from "./slots.ts";

const cases = [
  { name: "the first endpoints come in their order", before: "", wanted: "a b c", want: "a b c" },
  { name: "nothing changed, nothing moves", before: "b a", wanted: "a b", want: "b a" },
  { name: "a new endpoint comes last", before: "a b", wanted: "a b c", want: "a b c" },
  { name: "the last endpoint moves into the hole", before: "a b c d", wanted: "a c d", want: "a d c" },
  { name: "the last endpoint just goes", before: "a b c", wanted: "a b", want: "a b" },
  { name: "a replaced endpoint gives its slot to its successor", before: "a b c", wanted: "a x c", want: "a x c" },
  { name: "the last two move into two holes", before: "a b c d e", wanted: "c d e", want: "d e c" },
  { name: "all gone", before: "a b", wanted: "", want: "" },
];

for (const { name, before, wanted, want } of cases) {
  test(`assignSlots: ${name}`, () => {
    assert.equal(assignSlots(words(before), words(wanted)).join(" "), want);
  });
}

test("assignSlots holds exactly what is wanted and moves no more than the change asks for", () => {
  const endpoints = fc.uniqueArray(fc.integer({ min: 0, max: 20 }).map(String));
  fc.assert(
    fc.property(endpoints, endpoints, (before, wanted) => {
      const after = assignSlots(before, wanted);
      assert.deepEqual(new Set(after), new Set(wanted));
      assert.equal(after.length, wanted.length);
      const changed = wanted.filter((endpoint) => !before.includes(endpoint)).length;
      const removed = before.filter((endpoint) => !wanted.includes(endpoint)).length;
      const moved = after.filter((endpoint, slot) => before.includes(endpoint) && before[slot] !== endpoint).length;
      assert.ok(moved <= Math.max(removed - changed, 0), `${moved} moved for ${removed} removed and ${changed} added`);
    }),
  );
});

function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}
