import assert from "node:assert/strict";
import { test } from "node:test";
import { NEW_RECORD } from "./pod-record.ts";
import { parseWrittenRecord, recallRecord, writtenRecord } from "./written-record.ts";

const stop = { graceSeconds: 30, deadlineMs: 25_000, underWay: true, retryAtMs: 0, writeAtMs: 0 };
const failure = { reason: "DeadlineExceeded", message: "too long" };

test("a record without a stop is not written", () => {
  assert.equal(writtenRecord({ ...NEW_RECORD, failure }, { wallMs: 0, monotonicMs: 0 }), undefined);
});

const cases: { name: string; afterMs: number; wantLeftMs: number }[] = [
  { name: "the grace period goes on over a restart", afterMs: 5_000, wantLeftMs: 15_000 },
  { name: "it may be over", afterMs: 60_000, wantLeftMs: 0 },
  { name: "a clock that was set back makes it no longer than it was", afterMs: -3_600_000, wantLeftMs: 30_000 },
];

for (const { name, afterMs, wantLeftMs } of cases) {
  test(`recallRecord: ${name}`, () => {
    const written = writtenRecord({ ...NEW_RECORD, failure, stop }, { wallMs: 1_000_000, monotonicMs: 5_000 });
    const read = parseWrittenRecord(JSON.stringify(written));
    assert.ok(read !== undefined);
    // The monotonic clock of another process starts elsewhere.
    const now = { wallMs: 1_000_000 + afterMs, monotonicMs: 70 };
    const recalled = recallRecord(NEW_RECORD, read, now);
    assert.deepEqual(recalled.failure, failure);
    const { stop: found } = recalled;
    assert.deepEqual([found?.graceSeconds, found?.deadlineMs, found?.underWay], [30, 70 + wantLeftMs, false]);
  });
}

for (const text of ["", "{", "null", "[]", '{"graceSeconds":1}', '{"graceSeconds":"1","deadlineAt":2}']) {
  test(`parseWrittenRecord: ${JSON.stringify(text)} is none`, () => {
    assert.equal(parseWrittenRecord(text), undefined);
  });
}

test("parseWrittenRecord: what is not a failure is left out", () => {
  const text = '{"graceSeconds":1,"deadlineAt":2,"failure":{"reason":1}}';
  assert.deepEqual(parseWrittenRecord(text), { graceSeconds: 1, deadlineAt: 2, failure: undefined });
});
