import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { containsAll, containsAny } from "./encoded-fields.ts";
import type { FieldSet } from "./field-set.ts";
import {
  decodeFieldSet,
  difference,
  encodeFieldSet,
  intersection,
  isEmptySet,
  leafSet,
  setOf,
  union,
} from "./field-set.ts";

/** Sets of paths of at most so many steps. */
function fieldSets(depth: number): fc.Arbitrary<FieldSet> {
  if (depth === 0) return fc.constant(leafSet);
  const step = fc.constantFrom("f:a", "f:b", 'k:{"name":"c"}');
  const children = fc.uniqueArray(fc.tuple(step, fieldSets(depth - 1)), { maxLength: 3, selector: ([name]) => name });
  return fc.record({ member: fc.boolean(), children }).map((set) => setOf(set.children, set.member));
}

/** As in an entry: the object itself is no member. */
const owned = fieldSets(3).map(({ children }) => ({ member: false, children }));

test("encoded fields contain a set exactly when the decoded ones do", () => {
  fc.assert(
    fc.property(owned, owned, (fields, set) => {
      const encoded = encodeFieldSet(fields);
      assert.equal(containsAll(encoded, set), isEmptySet(difference(set, fields)));
      assert.equal(containsAny(encoded, set), !isEmptySet(intersection(fields, set)));
    }),
  );
});

test("sets: encoding and decoding gives the same set, and union, difference and intersection fit together", () => {
  fc.assert(
    fc.property(owned, owned, (a, b) => {
      assert.deepEqual(encodeFieldSet(decodeFieldSet(encodeFieldSet(a)) ?? b), encodeFieldSet(a));
      const parts = union(difference(a, b), intersection(a, b));
      assert.deepEqual(encodeFieldSet(parts), encodeFieldSet(a));
      assert(isEmptySet(intersection(difference(a, b), b)));
      assert(isEmptySet(difference(a, union(a, b))));
    }),
  );
});
