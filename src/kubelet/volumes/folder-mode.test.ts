import assert from "node:assert/strict";
import { test } from "node:test";
import { folderMode } from "./folder-mode.ts";

for (const { inMemory, fsGroup, want } of [
  { inMemory: false, fsGroup: undefined, want: "777" },
  { inMemory: false, fsGroup: 9, want: "2777" },
  { inMemory: true, fsGroup: undefined, want: "1777" },
  { inMemory: true, fsGroup: 9, want: "3777" },
]) {
  test(`folderMode: in memory ${inMemory}, fsGroup ${fsGroup}`, () => {
    assert.equal(folderMode({ inMemory, fsGroup }).toString(8), want);
  });
}
