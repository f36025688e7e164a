import assert from "node:assert/strict";
import { test } from "node:test";
import { costRatio } from "./cost-ratio.testing.ts";
import { createRecent } from "./recent.ts";

/** `a=2`: two bytes are set, the key not counted. A limit of 3 keys and 10 bytes. */
const cases: { name: string; set: string; want: string }[] = [
  { name: "all of few keys are remembered", set: "a=1 b=1 c=1", want: "a=1 b=1 c=1" },
  { name: "the key that was set longest ago is forgotten", set: "a=1 b=1 c=1 d=1", want: "b=1 c=1 d=1" },
  { name: "a key that is set again counts as new", set: "a=1 b=1 c=1 a=2 d=1", want: "c=1 a=2 d=1" },
  { name: "so does the newest one", set: "a=1 b=1 b=2 c=1 d=1", want: "b=2 c=1 d=1" },
  { name: "so does the only one", set: "a=1 a=2 b=1 c=1 d=1", want: "b=1 c=1 d=1" },
  { name: "so does one between others", set: "a=1 b=1 c=1 b=2 d=1 e=1", want: "b=2 d=1 e=1" },
  { name: "as many are forgotten as make room", set: "a=3 b=3 c=8", want: "c=8" },
  { name: "a value that fills the limit stays", set: "a=4 b=4", want: "a=4 b=4" },
  { name: "a value that is replaced is not counted", set: "a=8 a=1 b=6", want: "a=1 b=6" },
  { name: "a value that is too large is not remembered, nor is any other", set: "a=1 b=10", want: "" },
  { name: "a map that has forgotten all remembers again", set: "a=10 b=1 c=1 d=1 e=1", want: "c=1 d=1 e=1" },
];

for (const { name, set, want } of cases) {
  test(`recent: ${name}`, () => {
    const recent = createRecent<string>(3, { bytesMax: 10, bytesOf: Number });
    const pairs = set.split(" ").map((pair) => pair.split("=") as [string, string]);
    for (const [key, value] of pairs) recent.set(key, value);
    const kept = [...want.matchAll(/(\w)=/g)].map(([, key = ""]) => key);
    const others = pairs.map(([key]) => key).filter((key) => !kept.includes(key));
    assert.equal(kept.map((key) => `${key}=${recent.get(key)}`).join(" "), want);
    assert.deepEqual(
      others.filter((key) => recent.get(key) !== undefined),
      [],
    );
  });
}

test("a key costs the same in a map of eight times the size", () => {
  const ratio = costRatio(
    (size) => {
      const recent = createRecent<number>(size);
      let next = 0;
      const fill = () => {
        for (let i = 0; i < size; i++) recent.set(`key-${next++}`, i);
      };
      fill();
      return fill;
    },
    2_000,
    8,
  );
  assert.ok(ratio < 24, `setting 8 times as many keys took ${ratio.toFixed(1)} times as long`);
});
