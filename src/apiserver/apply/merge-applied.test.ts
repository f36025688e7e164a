import assert from "node:assert/strict";
import { test } from "node:test";
import { field, list, struct, t } from "@fairlead/api/schema";
import { mergeApplied } from "./merge-applied.ts";

/** Facts from the table of `typed/merge_test.go` of structured-merge-diff: a letter is an item of a set. */
const sets: readonly (readonly [name: string, live: string, applied: string, want: string])[] = [
  ["live items that are not applied stay", "abc", "ab", "abc"],
  ["new items come behind those before them", "ab", "abc", "abc"],
  ["nothing is applied", "abc", "", "abc"],
  ["nothing is live", "", "abc", "abc"],
  ["the applied order counts", "ab", "ba", "ba"],
  ["all of it", "cagf", "cfag", "cfag"],
  ["items of one side only: live ones first", "abc", "def", "abcdef"],
  ["more applied ones", "abc", "defxyz", "abcdefxyz"],
  ["fewer applied ones", "abcxyz", "def", "abcxyzdef"],
  ["the last live item is shared", "abc", "cdef", "abcdef"],
  ["the last of both is shared", "abcgf", "cdef", "abcgdef"],
  ["a shared tail", "abcxyz", "defxyz", "abcdefxyz"],
  ["a new item before the first live one", "cdef", "ace", "acdef"],
  ["new items between and behind live ones", "abcd", "aAcC", "abAcdC"],
  ["ends that change places", "abcd", "defa", "bcdefa"],
  ["many that change places", "cdefghij", "2h3e4kl", "cdfg2hij3e4kl"],
  ["and a first one that stays", "abcdefghij", "1b2h3e4kl", "a1bcdfg2hij3e4kl"],
  ["a live duplicate that is not applied stays", "abb", "c", "abbc"],
  ["an applied one becomes a single item", "abb", "b", "ab"],
  ["beside another applied item it stays", "abb", "a", "abb"],
  ["a duplicate around items that change places", "abcdec", "1b2ed", "a1bc2ecd"],
  ["the applied one of it stays", "abcdec", "1b2ced", "a1b2ced"],
  ["two duplicates, one applied", "aabb", "bcd", "aabcd"],
  ["two duplicates, none applied", "aabb", "", "aabb"],
  ["all are applied", "cagfca", "cfag", "cfag"],
];

const setSchema = list(t.string, { listType: "set" });

for (const [name, live, applied, want] of sets) {
  test(`sets: ${name}`, () => {
    const merged = mergeApplied(setSchema, [...live], [...applied]);
    assert.deepEqual(merged, [...want]);
    assert.deepEqual(mergeApplied(setSchema, merged, [...applied]), [...want], "merging again changes nothing");
  });
}

const itemSchema = struct("Item", "An item.", {
  key: field(1, t.string, "A key."),
  id: field(2, t.int32, "A key.", { default: 1 }),
  left: field(3, t.bool, "A value."),
  right: field(4, t.int32, "A value."),
});
const listSchema = list(itemSchema, { listType: "map", mapKeys: ["key", "id"] });
const [a1, a2, b2, c3] = [
  { key: "a", id: 1 },
  { key: "a", id: 2 },
  { key: "b", id: 2 },
  { key: "c", id: 3 },
];

/** From the same table. */
const lists: readonly {
  readonly name: string;
  readonly live: readonly object[];
  readonly applied: readonly object[];
  readonly want: readonly object[];
}[] = [
  { name: "items with other keys are other items", live: [a1, b2], applied: [a1, a2], want: [a1, b2, a2] },
  { name: "a new item before a live one", live: [b2], applied: [a1, b2, c3], want: [a1, b2, c3] },
  { name: "a new order of the last ones", live: [a1, b2, c3], applied: [c3, b2], want: [a1, c3, b2] },
  { name: "a new order around a live one", live: [a1, b2, c3], applied: [c3, a1], want: [b2, c3, a1] },
  {
    name: "an item is merged with the live one where it is put",
    live: [b2, { ...a1, left: true }],
    applied: [{ ...a1, right: 3 }, b2],
    want: [{ ...a1, left: true, right: 3 }, b2],
  },
  {
    name: "a default key is the same as none",
    live: [b2, { ...a1, left: true }],
    applied: [{ key: "a" }, b2],
    want: [{ ...a1, left: true }, b2],
  },
  {
    name: "an item that replaces duplicates has none of their fields",
    live: [{ ...a1, left: true }, b2, { ...a1, left: false, right: 2 }],
    applied: [{ ...a1, right: 3 }, c3, b2],
    want: [{ ...a1, right: 3 }, c3, b2],
  },
  {
    name: "duplicates that are not applied keep their fields",
    live: [
      { ...a1, right: 1 },
      { ...a1, right: 2 },
    ],
    applied: [b2],
    want: [{ ...a1, right: 1 }, { ...a1, right: 2 }, b2],
  },
];

for (const { name, live, applied, want } of lists) {
  test(`lists: ${name}`, () => assert.deepEqual(mergeApplied(listSchema, live, applied), want));
}
