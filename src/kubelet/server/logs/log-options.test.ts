import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../refusal.ts";
import { logOptions } from "./log-options.ts";

const UNDECODED = '400 {"message": "Unable to decode query."}';
const INVALID = '422 {"message": "Invalid request."}';

const rows: readonly (readonly [name: string, query: string, want: string])[] = [
  ["nothing", "", "false false false - -"],
  ["flags", "follow=true&previous=1&timestamps=yes", "true true true - -"],
  ["flags that are off, in any case", "follow=False&previous=0&timestamps=FALSE", "false false false - -"],
  ["a flag without a value", "follow", "true false false - -"],
  ["numbers", "tailLines=5&limitBytes=10", "false false false 5 10"],
  ["a number with a sign", "tailLines=%2B5", "false false false 5 -"],
  ["the old name of a number", "tail=7&tailLines=5", "false false false 7 -"],
  ["all lines", "tail=all", "false false false - -"],
  ["a number that is none", "tailLines=five", UNDECODED],
  ["a number that is empty", "limitBytes=", UNDECODED],
  ["a number that is too large", "tailLines=9223372036854775808", UNDECODED],
  ["fewer than no lines", "tailLines=-1", INVALID],
  ["no bytes", "limitBytes=0", INVALID],
];

for (const [name, query, want] of rows) {
  test(`logOptions: ${name}`, () => {
    try {
      const options = logOptions(new URLSearchParams(query), 0);
      const { follow, previous, timestamps, tailLines = "-", limitBytes = "-" } = options;
      assert.equal([follow, previous, timestamps, tailLines, limitBytes].join(" "), want);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      assert.equal(`${error.status} ${error.message}`, want);
    }
  });
}
