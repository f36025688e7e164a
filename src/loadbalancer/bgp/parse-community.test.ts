import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommunity } from "./parse-community.ts";

const cases: { text: string; want: readonly number[] | undefined }[] = [
  { text: "64500:100", want: [64500, 100] },
  { text: "0:65535", want: [0, 65535] },
  { text: "large:4294967295:1:2", want: [4294967295, 1, 2] },
  { text: "64500", want: undefined },
  { text: "64500:65536", want: undefined },
  { text: "64500:1:2", want: undefined },
  { text: "large:1:2", want: undefined },
  { text: "large:1:2:3:4", want: undefined },
  { text: "large:4294967296:1:2", want: undefined },
  { text: "no-export", want: undefined },
  { text: "1:2));reject", want: undefined },
  { text: ":", want: undefined },
  { text: "", want: undefined },
];

for (const { text, want } of cases) {
  test(`parseCommunity: ${JSON.stringify(text)}`, () => assert.deepEqual(parseCommunity(text), want));
}
