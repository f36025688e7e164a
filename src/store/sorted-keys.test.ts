import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareKeys } from "./key-order.ts";
import { createSortedChunks } from "./sorted-chunks.ts";
import { createSortedKeys } from "./sorted-keys.ts";

const orders: { name: string; inOrder: readonly string[] }[] = [
  { name: "letters", inOrder: ["", "/", "/a", "/a/b", "/b"] },
  { name: "a key before what it begins", inOrder: ["/a", "/a\0", "/a/", "/a0"] },
  {
    name: "characters of one to four bytes",
    inOrder: ["a", "é", "힣", "\u{E000}", "\u{FFFD}", "\u{10000}", "\u{1F600}"],
  },
];

for (const { name, inOrder } of orders) {
  test(`keys are in the order of their UTF-8 bytes: ${name}`, () => {
    assert.deepEqual(inOrder.toReversed().toSorted(compareKeys), inOrder);
    const bytes = inOrder.map((key) => Buffer.from(key));
    assert.deepEqual(bytes.toSorted(Buffer.compare), bytes);
  });
}

test("many keys, added and removed at random, are as a plain sorted list has them", () => {
  const key = fc.nat(3_000).map((n) => `/k${n}`);
  const step = fc.record({ add: fc.boolean(), key });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1_500, maxLength: 4_000, size: "max" }), key, key, (steps, start, end) => {
      const keys = createSortedKeys();
      const plain = new Set<string>();
      for (const { add, key: k } of steps) {
        if (add) {
          keys.add(k);
          plain.add(k);
        } else {
          keys.delete(k);
          plain.delete(k);
        }
      }
      const want = [...plain].sort();
      assert.deepEqual([...keys.range("", "~")], want);
      const part = want.filter((k) => k >= start && k < end);
      assert.deepEqual([...keys.range(start, end)], part);
      assert.equal(keys.count(start, end), part.length);
    }),
    { numRuns: 20 },
  );
});

test("an item replaces the one with its key, and what was cleared is gone", () => {
  const items = createSortedChunks(({ key }: { readonly key: string; readonly n: number }) => key);
  for (let n = 0; n < 2_000; n++) items.set({ key: `/k${n % 1_000}`, n });
  assert.equal(items.count("/", "0"), 1_000);
  assert.deepEqual([...items.parts("/k7", "/k70")].flat(), [{ key: "/k7", n: 1_007 }]);
  items.clear();
  assert.equal(items.count("/", "0"), 0);
  items.set({ key: "/a", n: 1 });
  assert.deepEqual([...items.parts("/", "0")].flat(), [{ key: "/a", n: 1 }]);
});
