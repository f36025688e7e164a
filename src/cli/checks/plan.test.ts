import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type Check, LONGEST, planChecks, type Wish } from "./plan.ts";

const all = ["src/dns/answer.test.ts", "test/docs.test.ts", "test/lab/adversity.test.ts", "test/lab/names.test.ts"];
const many = Array.from({ length: 31 }, (_, i) => `src/dns/${i}.test.ts`);
const wish: Wish = {
  ...{ fast: false, lab: false, named: [], testFiles: all },
  ...{ node: "node", arch: "x64", processors: 2 },
};

const types = "Types: tsc --noEmit";
const lint = "Lint and format: biome check --error-on-warnings .";
const fast = "Fast tests, 2 at once: node --test --test-concurrency=1 src/dns/answer.test.ts test/docs.test.ts";
const lab = "Lab tests, 3 at once: node --test test/lab/adversity.test.ts; node --test test/lab/names.test.ts";

const cases: readonly { readonly name: string; readonly wish: Partial<Wish>; readonly want: readonly string[] }[] = [
  { name: "everything", wish: {}, want: [types, lint, fast, lab] },
  { name: "without the lab", wish: { fast: true }, want: [types, lint, fast] },
  { name: "only the lab", wish: { lab: true }, want: [lab] },
  {
    name: "a fast file, without types and lint of the whole",
    wish: { named: ["src/dns/answer.test.ts"] },
    want: ["Fast tests: node --test --test-concurrency=2 src/dns/answer.test.ts"],
  },
  {
    name: "a lab file",
    wish: { named: ["test/lab/names.test.ts"] },
    want: ["Lab tests, 3 at once: node --test test/lab/names.test.ts"],
  },
  {
    name: "files of both",
    wish: { named: ["test/lab/names.test.ts", "test/docs.test.ts"] },
    want: [
      "Fast tests: node --test --test-concurrency=2 test/docs.test.ts",
      "Lab tests, 3 at once: node --test test/lab/names.test.ts",
    ],
  },
  {
    name: "the longest fast files have a runner each, which begins first, and the others one for every thirty",
    wish: { fast: true, testFiles: [...many, "test/corpus.test.ts"] },
    want: [
      types,
      lint,
      [
        "Fast tests, 2 at once: node --test --test-concurrency=1 test/corpus.test.ts",
        `node --test --test-concurrency=1 ${many.slice(0, 30).join(" ")}`,
        `node --test --test-concurrency=1 ${many.slice(30).join(" ")}`,
      ].join("; "),
    ],
  },
  {
    name: "the longest lab files begin first, and no more than four run at once",
    wish: { lab: true, testFiles: [...all].reverse(), processors: 16 },
    want: ["Lab tests, 4 at once: node --test test/lab/adversity.test.ts; node --test test/lab/names.test.ts"],
  },
];

for (const { name, wish: given, want } of cases) {
  test(`test: ${name}`, () => assert.deepEqual(planChecks({ ...wish, ...given }).map(written), want));
}

test("test: the files that begin first exist", () => {
  for (const file of LONGEST)
    assert.ok(existsSync(path.join(import.meta.dirname, "../../..", file)), `${file} is missing`);
});

function written({ name, commands, jobs }: Check): string {
  const lines = commands.map(({ words }) => words.map((word) => word.replace(/^node_modules\/.*\//, "")).join(" "));
  return `${name}${jobs > 1 ? `, ${jobs} at once` : ""}: ${lines.join("; ")}`;
}
