import assert from "node:assert/strict";
import { test } from "node:test";
import { asTyped } from "./as-typed.ts";

const WORDS = new Set(["up", "status", "node", "COMMAND"]);
const cases: { line: string; want: string }[] = [
  { line: 'try: "fairlead status"', want: 'try: "./fairlead status"' },
  { line: '"sudo fairlead up --name a"', want: '"sudo ./fairlead up --name a"' },
  { line: "fairlead node ls", want: "./fairlead node ls" },
  { line: "Usage: fairlead COMMAND [flags]", want: "Usage: ./fairlead COMMAND [flags]" },
  { line: 'fairlead: The cluster "fairlead" is up', want: 'fairlead: The cluster "fairlead" is up' },
  { line: "is run by fairlead 0.1.0", want: "is run by fairlead 0.1.0" },
  { line: "fairlead upwards, /opt/fairlead up", want: "fairlead upwards, /opt/fairlead up" },
];
for (const { line, want } of cases) {
  test(`in a checkout, ${line} is ${want}`, () => assert.equal(asTyped(line, "./fairlead", WORDS), want));
}

test("where the program was started in another way, hints stay unchanged", () =>
  assert.equal(asTyped('"fairlead up"', undefined, WORDS), '"fairlead up"'));
