import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { allTestFiles, namedTestFile } from "./find-test-files.ts";

const root = path.resolve(import.meta.dirname, "../../..");

const cases: readonly {
  readonly name: string;
  readonly typed: string;
  readonly cwd?: string;
  readonly want: string;
}[] = [
  { name: "a path from the root", typed: "test/docs.test.ts", want: "test/docs.test.ts" },
  { name: "a path from a folder below", typed: "../docs.test.ts", cwd: "test/lab", want: "test/docs.test.ts" },
  { name: "an absolute path", typed: path.join(root, "test/docs.test.ts"), want: "test/docs.test.ts" },
  {
    name: "a missing file",
    typed: "test/none.test.ts",
    want: 'Cannot run the tests of "test/none.test.ts": there is no such file',
  },
  { name: "a folder", typed: "test", want: 'Cannot run the tests of "test": it is a folder, name its files' },
  {
    name: "a source",
    typed: "src/cli/checks/plan.ts",
    want: `Cannot run the tests of "src/cli/checks/plan.ts": tests are named *.test.ts, below src or test of ${root}`,
  },
];

for (const { name, typed, cwd = ".", want } of cases) {
  test(`namedTestFile: ${name}`, () => {
    const named = () => namedTestFile(typed, { root, cwd: path.join(root, cwd) });
    if (want.startsWith("Cannot")) assert.throws(named, { name: "UsageError", message: want });
    else assert.equal(named(), want);
  });
}

test("allTestFiles: this file is among them, and files of the lab", () => {
  const files = allTestFiles(root);
  assert.ok(files.includes("src/cli/checks/find-test-files.test.ts"));
  assert.ok(files.includes("test/lab/tutorials/dns.test.ts"));
  assert.deepEqual(
    files.filter((file) => !file.endsWith(".test.ts")),
    [],
  );
});
