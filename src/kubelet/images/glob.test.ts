import assert from "node:assert/strict";
import { test } from "node:test";
import { globMatches } from "./glob.ts";

const fits: readonly [glob: string, text: string][] = [
  ["", ""],
  ["example", "example"],
  ["*", ""],
  ["*", "example"],
  ["ex*le", "example"],
  ["*a*b*", "xaxbx"],
  ["*.", "a."],
  ["ex?mple", "example"],
  ["[a-e]u", "eu"],
  ["[xa-e]u", "xu"],
  ["[^a-d]u", "eu"],
  ["\\*", "*"],
  ["[\\]]", "]"],
];
const fitsNot: readonly [glob: string, text: string][] = [
  ["", "a"],
  ["a", ""],
  ["a", "ab"],
  ["?", ""],
  ["*b", "bc"],
  ["a.c", "abc"],
  ["(a|b)", "a"],
  ["[^e]u", "eu"],
  ["[z-a]", "b"],
];
/** None of them fits even itself. */
const broken: readonly string[] = ["[", "[]", "[a", "a[", "[a-]", "[-a]", "a\\", "[^]"];

for (const [glob, text] of fits) test(`${glob} fits "${text}"`, () => assert.equal(globMatches(glob, text), true));
for (const [glob, text] of fitsNot)
  test(`${glob} does not fit "${text}"`, () => assert.equal(globMatches(glob, text), false));
for (const glob of broken) test(`${glob} is broken`, () => assert.equal(globMatches(glob, glob), false));

test("a pattern with many stars takes no longer than its length says", { timeout: 5_000 }, () => {
  assert.equal(globMatches("*a".repeat(60), `${"a".repeat(5_000)}b`), false);
});
