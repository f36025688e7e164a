import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nearest } from "./nearest.ts";

const WORDS = ["up", "down", "status", "node ls", "node add", "image load", "logs", "version", "run server"];
const cases: { word: string; want: string | undefined }[] = [
  { word: "stauts", want: "status" },
  { word: "statu", want: "status" },
  { word: "dwon", want: "down" },
  { word: "log", want: "logs" },
  { word: "ver", want: "version" },
  { word: "node lst", want: "node ls" },
  { word: "imgae load", want: "image load" },
  { word: "pu", want: "up" },
  { word: "delete", want: undefined },
  { word: "x", want: undefined },
  { word: "", want: undefined },
];
for (const { word, want } of cases) {
  test(`"${word}" most likely means ${want ?? "nothing"}`, () => assert.equal(nearest(word, WORDS), want));
}

test("a word that is a candidate is its own suggestion, and one mistake in a long one is forgiven", () => {
  const word = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom("", "#"), (text, place, by) => {
      assert.equal(nearest(text, [...WORDS, text]), text);
      const at = place % text.length;
      assert.equal(nearest(text.slice(0, at) + by + text.slice(at + 1), [text]), text);
    }),
  );
});

test("a long line is compared with nothing", () => assert.equal(nearest("a".repeat(1_000_000), WORDS), undefined));
