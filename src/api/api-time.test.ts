import assert from "node:assert/strict";
import { test } from "node:test";
import { apiMicroTime, apiTime } from "./api-time.ts";
import { parseTime } from "./codec/time.ts";

const cases = [
  { ms: 0, time: "1970-01-01T00:00:00Z", micro: "1970-01-01T00:00:00.000000Z" },
  { ms: Date.UTC(2026, 10, 21, 2, 30, 59, 7), time: "2026-11-21T02:30:59Z", micro: "2026-11-21T02:30:59.007000Z" },
  { ms: 1_999.9, time: "1970-01-01T00:00:01Z", micro: "1970-01-01T00:00:01.999000Z" },
];

for (const { ms, time, micro } of cases) {
  test(`${ms} ms are ${micro}, and are read as they were written`, () => {
    assert.equal(apiTime(ms), time);
    assert.equal(apiMicroTime(ms), micro);
    assert.deepEqual(parseTime("time", apiTime(ms)), { text: time });
    assert.deepEqual(parseTime("microTime", apiMicroTime(ms)), { text: micro });
  });
}
