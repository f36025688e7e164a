import assert from "node:assert/strict";
import { test } from "node:test";
import { pod, service } from "./objects.testing.ts";
import { triggerTime } from "./trigger-time.ts";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;
const first = triggerTime(undefined, service(), [pod({ readySince: at(10) })]);

test("triggerTime: a Service seen for the first time counts from its creation", () => {
  assert.equal(first.time, at(0));
});

test("triggerTime: nothing changed gives nothing", () => {
  assert.equal(triggerTime(first.now, service(), [pod({ readySince: at(10) })]).time, undefined);
});

test("triggerTime: the earliest of the pods that changed", () => {
  const pods = [
    pod({ readySince: at(10) }),
    pod({ name: "p2", readySince: at(30) }),
    pod({ name: "p3", readySince: at(20) }),
  ];
  assert.equal(triggerTime(first.now, service(), pods).time, at(20));
});

test("triggerTime: a Service recreated under the same name counts from its new creation", () => {
  const again = service({}, { creationTimestamp: at(50) });
  assert.equal(triggerTime(first.now, again, [pod({ readySince: at(10) })]).time, at(50));
});

test("triggerTime: a pod that became ready in the second in which it was seen before has changed", () => {
  const unready = triggerTime(first.now, service(), [pod({ readySince: at(20), ready: false })]);
  assert.equal(triggerTime(unready.now, service(), [pod({ readySince: at(20) })]).time, at(20));
});
