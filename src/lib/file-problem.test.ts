import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileProblem } from "./file-problem.ts";

const cases = [
  { file: `${import.meta.filename}.none`, want: "there is no such file or folder" },
  { file: `${import.meta.filename}/inner`, want: "a part of its path is not a folder" },
  { file: import.meta.dirname, want: "it is a folder" },
  { file: `/${"a".repeat(300)}`, want: "the name is too long" },
];
for (const { file, want } of cases) {
  test(`a file that cannot be read: ${want}`, async () => {
    await assert.rejects(readFile(file), (error: NodeJS.ErrnoException) => {
      assert.equal(fileProblem(error), want);
      return true;
    });
  });
}

test("an error without words of ours keeps its message", () => assert.equal(fileProblem(new Error("lost")), "lost"));
