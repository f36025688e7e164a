import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTime } from "./time.ts";

const cases: [type: "time" | "microTime", text: string, want: string][] = [
  ["time", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
  ["time", "2026-01-02T03:04:05.9Z", "2026-01-02T03:04:05Z"],
  ["time", "2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"],
  ["microTime", "2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.123456Z"],
  ["microTime", "2026-01-02T03:04:05.123Z", "2026-01-02T03:04:05.123000Z"],
  ["microTime", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000Z"],
];
for (const [type, text, want] of cases) {
  test(`${type} ${text} is stored as ${want}`, () => assert.deepEqual(parseTime(type, text), { text: want }));
}

const wrong: [text: string, want: string][] = [
  ["", 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'],
  ["2026-01-02", 'parsing time "2026-01-02" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'],
  [
    "2026-01-02T03:04:05",
    'parsing time "2026-01-02T03:04:05" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
  ],
  ["2026-13-02T03:04:05Z", 'parsing time "2026-13-02T03:04:05Z": month out of range'],
  ["2026-02-30T03:04:05Z", 'parsing time "2026-02-30T03:04:05Z": day out of range'],
  ["2026-01-02T03:04:05Zx", 'parsing time "2026-01-02T03:04:05Zx": extra text: "x"'],
];
for (const [text, want] of wrong) {
  test(`${JSON.stringify(text)} is no time`, () => assert.deepEqual(parseTime("time", text), { error: want }));
}
