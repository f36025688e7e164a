import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_RESIZE } from "../resize/pod-resize.ts";
import { NEW_RECORD } from "./pod-record.ts";
import { parseWrittenRecord, recallRecord, recordText } from "./written-record.ts";

const stop = { graceSeconds: 30, deadlineMs: 25_000, underWay: true, retryAtMs: 0, writeAtMs: 0 };
const failure = { reason: "DeadlineExceeded", message: "too long" };

test("a record without a stop or resources is not written", () => {
  assert.equal(recordText({ ...NEW_RECORD, failure }, { wallMs: 0, monotonicMs: 0 }), undefined);
});

const cases: { name: string; afterMs: number; wantLeftMs: number }[] = [
  { name: "the grace period goes on over a restart", afterMs: 5_000, wantLeftMs: 15_000 },
  { name: "it may be over", afterMs: 60_000, wantLeftMs: 0 },
  { name: "a clock that was set back makes it no longer than it was", afterMs: -3_600_000, wantLeftMs: 30_000 },
];

for (const { name, afterMs, wantLeftMs } of cases) {
  test(`recallRecord: ${name}`, () => {
    const text = recordText({ ...NEW_RECORD, failure, stop }, { wallMs: 1_000_000, monotonicMs: 5_000 });
    const read = parseWrittenRecord(text ?? "");
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
    assert.deepEqual(parseWrittenRecord(text), {});
  });
}

test("parseWrittenRecord: what is not a failure is left out", () => {
  const text = '{"graceSeconds":1,"deadlineAt":2,"failure":{"reason":1}}';
  assert.deepEqual(parseWrittenRecord(text), { stop: { graceSeconds: 1, deadlineAt: 2, failure: undefined } });
});

test("the resources of containers come back, and those that are none do not", () => {
  const small = { requests: { cpu: "1" } };
  const large = { requests: { cpu: "2" }, limits: { memory: "1Gi" } };
  const resize = {
    ...NO_RESIZE,
    allocated: new Map([["app", large]]),
    given: new Map([["id-1", small]]),
    inProgress: { generation: 3, error: "not now" },
  };
  const now = { wallMs: 0, monotonicMs: 0 };
  const recalled = recallRecord(NEW_RECORD, parseWrittenRecord(recordText({ ...NEW_RECORD, resize }, now) ?? ""), now);
  assert.deepEqual(recalled.resize, { ...resize, inProgress: { generation: 3, error: undefined } });
  assert.equal(recalled.judged, false);
  const damaged =
    '{"resize":{"allocated":{"app":{"requests":{"cpu":1,"memory":"1"}},"b":7},"given":[1],"generation":"x"}}';
  assert.deepEqual(parseWrittenRecord(damaged), {
    resize: { allocated: { app: { requests: { memory: "1" } } }, given: {} },
  });
});
