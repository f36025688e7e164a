import assert from "node:assert/strict";
import { test } from "node:test";
import { apiMicroTime, apiTime } from "./api-time.ts";
import { parseTime } from "./codec/time.ts";

const cases = [
  { ms: 0, time: "1970-01-01T00:00:00Z", micro: "1970-01-01T00:00:00.000000Z" },
  { ms: Date.UTC(2026, 10, 21, 2, 30, 59, 7), time: "2026-11-21T02:30:59Z", micro: "2026-11-21T02:30:59.007000Z" },
  { ms: -1, time: "1969-12-31T23:59:59Z", micro: "1969-12-31T23:59:59.999000Z" },
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

test("a time is that of its own second, whichever was asked for before", () => {
  const times = [1_000, 1_999, 2_000, 1_500, 0].map(apiTime);
  const seconds = [1, 1, 2, 1, 0].map((second) => `1970-01-01T00:00:0${second}Z`);
  assert.deepEqual(times, seconds);
});
