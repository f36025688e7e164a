import assert from "node:assert/strict";
import { test } from "node:test";
import { BANNED_PHRASES, bannedPhrases } from "./banned-phrases.testing.ts";

const cases: readonly { readonly name: string; readonly text: string; readonly want: readonly string[] }[] = [
  { name: "in a comment", text: "// It waits in vain.", want: ["1: in vain"] },
  { name: "at the beginning of a sentence", text: "/** Anew. */", want: ["1: anew"] },
  { name: "in a message", text: `const a = 1;\nthrow new Error("called off");`, want: ["2: called off"] },
  { name: "over a line break of a comment", text: "/**\n * It ends for\n * good.\n */", want: ["2: for good"] },
  { name: "over a line break of a line comment", text: "  // so\n  // often", want: ["1: so often"] },
  { name: "over a line break of a quotation", text: "> on account\n> of", want: ["1: on account of"] },
  { name: "twice", text: "amid this\namid that", want: ["1: amid", "2: amid"] },
  { name: "as a part of other words", text: "amidst renewal, forgood, vainly", want: [] },
  { name: "words that stand apart", text: "for a good reason", want: [] },
];

for (const { name, text, want } of cases) {
  test(`banned phrases: ${name}`, () => {
    assert.deepEqual(
      bannedPhrases(text).map((line) => line.replace(/^(\d+): "(.*?)".*/, "$1: $2")),
      want,
    );
  });
}

test("banned phrases: each one is found, and says what to write", () => {
  for (const { phrase, instead } of BANNED_PHRASES) {
    assert.deepEqual(bannedPhrases(`a ${phrase} b`), [`1: "${phrase}"; write ${instead}`]);
  }
});
