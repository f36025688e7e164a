import assert from "node:assert/strict";
import { test } from "node:test";
import { renderColumns } from "./render-columns.ts";

const cases: { name: string; rows: string[][]; want: string[] }[] = [
  { name: "nothing", rows: [], want: [] },
  { name: "a header alone", rows: [["NAME", "AGE"]], want: ["NAME   AGE"] },
  {
    name: "columns as wide as their widest cell, without blanks at the end",
    rows: [
      ["NAME", "STATE", "END"],
      ["a", "running", "-"],
      ["a-long-name", "ok", ""],
    ],
    want: ["NAME          STATE     END", "a             running   -", "a-long-name   ok"],
  },
  { name: "rows that are too short", rows: [["A", "B"], ["1"]], want: ["A   B", "1"] },
];
for (const { name, rows, want } of cases) {
  test(`renderColumns: ${name}`, () => {
    assert.deepEqual(renderColumns(rows), want);
  });
}
