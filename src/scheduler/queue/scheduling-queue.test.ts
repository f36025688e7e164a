import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { pod } from "../state/cluster.testing.ts";
import type { ClusterEvent, HintContext, Rejector } from "../state/cluster-event.ts";
import { type SchedulingQueue, schedulingQueue } from "./scheduling-queue.ts";

const context: HintContext = { node: () => undefined, namespaceLabels: () => ({}) };
const event: ClusterEvent = { type: "claim", key: "default/data" };
const always: readonly Rejector[] = [{ name: "Always", mayHelp: () => true }];
const never: readonly Rejector[] = [{ name: "Never", mayHelp: () => false }];

test("schedulingQueue: first come, first served, but higher priority before", () => {
  const queue = schedulingQueue();
  for (const p of [pod({ name: "a" }), pod({ name: "b" }), pod({ name: "vip", priority: 5 })]) queue.add(p, 0);
  assert.deepEqual(drain(queue, 0), ["vip", "a", "b"]);
});

test("schedulingQueue: an unschedulable pod waits for an event", () => {
  const queue = schedulingQueue();
  queue.add(pod({ name: "a" }), 0);
  const a = queue.next(0);
  assert.ok(a);
  queue.giveBack(a, 0, always);
  assert.deepEqual(drain(queue, 60_000), [], "nothing has happened");
  queue.retry(event, context);
  assert.deepEqual(drain(queue, 1), ["a"]);
});

test("schedulingQueue: while others wait, a pod that was tried before pauses", () => {
  const queue = schedulingQueue();
  queue.add(pod({ name: "a", priority: 5 }), 0);
  const a = queue.next(0);
  assert.ok(a);
  queue.giveBack(a, 0, always);
  queue.retry(event, context);
  queue.add(pod({ name: "b" }), 0);
  assert.deepEqual(drain(queue, 999), ["b", "a"]);

  queue.giveBack(a, 0, always);
  queue.retry(event, context);
  queue.add(pod({ name: "b" }), 0);
  assert.deepEqual(drain(queue, 1_000), ["a", "b"]);
});

test("schedulingQueue: an event helps only the pods that it may help", () => {
  const queue = schedulingQueue();
  for (const name of ["a", "b"]) queue.add(pod({ name }), 0);
  const onlyB: Rejector = { name: "OnlyB", mayHelp: ({ pod: { metadata } }) => metadata.name === "b" };
  for (let next = queue.next(0); next !== undefined; next = queue.next(0)) queue.giveBack(next, 0, [...never, onlyB]);
  queue.retry(event, context);
  assert.deepEqual(drain(queue, 5_000), ["b"]);
});

test("schedulingQueue: an event that helps nothing that refused the pod does not wake it, however often it comes", () => {
  const queue = schedulingQueue();
  queue.add(pod({ name: "a" }), 0);
  const a = queue.next(0);
  assert.ok(a);
  queue.giveBack(a, 0, never);
  for (let seconds = 0; seconds < 290; seconds++) {
    queue.retry(event, context);
    assert.equal(queue.next(seconds * 1_000), undefined);
  }
  assert.deepEqual(drain(queue, 300_000), ["a"]);
});

test("schedulingQueue: a pod that nothing in particular refused is helped by anything", () => {
  const queue = schedulingQueue();
  queue.add(pod({ name: "a" }), 0);
  const a = queue.next(0);
  assert.ok(a);
  queue.giveBack(a, 0, []);
  queue.retry(event, context);
  assert.deepEqual(drain(queue, 1_000), ["a"]);
});

test("schedulingQueue: after five minutes an unschedulable pod is tried anyway", () => {
  const queue = schedulingQueue();
  queue.add(pod({ name: "a" }), 0);
  const a = queue.next(0);
  assert.ok(a);
  queue.giveBack(a, 0, always);
  assert.equal(queue.nextDueMs(), 300_000);
  assert.deepEqual(drain(queue, 300_000), ["a"]);
});

test("schedulingQueue: pauses double up to ten seconds", () => {
  const queue = schedulingQueue();
  queue.add(pod({ name: "a" }), 0);
  const pauses: number[] = [];
  for (let i = 0; i < 6; i++) {
    const a = queue.next(queue.nextDueMs() ?? 0);
    assert.ok(a);
    queue.giveBackFailed(a, 0);
    pauses.push(queue.nextDueMs() ?? 0);
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("schedulingQueue: a changed pod is tried again, one whose status changed is not", () => {
  const queue = schedulingQueue();
  const before = pod({ name: "a" });
  queue.add(before, 0);
  const a = queue.next(0);
  assert.ok(a);
  queue.giveBack(a, 0, always);
  queue.add({ ...before, status: { phase: "Pending", reason: "x" } } as Pod, 0);
  assert.deepEqual(drain(queue, 5_000), []);
  queue.add(pod({ name: "a", tolerations: [{ operator: "Exists" }] }), 0);
  assert.deepEqual(drain(queue, 5_000), ["a"]);
});

test("schedulingQueue: a removed pod is not tried", () => {
  const queue = schedulingQueue();
  queue.add(pod({ name: "a" }), 0);
  queue.remove("uid-a");
  assert.equal(queue.length, 0);
  assert.equal(queue.nextDueMs(), undefined);
});

function drain(queue: SchedulingQueue, nowMs: number): string[] {
  const names: string[] = [];
  for (let next = queue.next(nowMs); next !== undefined; next = queue.next(nowMs)) names.push(next.pod.metadata.name);
  return names;
}
