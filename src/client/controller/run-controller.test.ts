import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { StatusError } from "@fairlead/api/status-error";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import type { ControllerOptions, KeySource } from "./run-controller.ts";
import { startController } from "./run-controller.ts";

function start(t: TestContext, reconcile: ControllerOptions["reconcile"], options: Partial<ControllerOptions> = {}) {
  const clock = createFakeClock();
  const controller = startController({ name: "test", sources: [], reconcile, log: silentLogger, clock, ...options });
  t.after(() => controller.stop());
  return { clock, controller };
}

test("a key that comes while it is worked on comes again, and never twice at once", async (t) => {
  let working = 0;
  const done: string[] = [];
  const { controller, clock } = start(
    t,
    async (key, signal) => {
      assert.equal(++working, 1);
      await clock.sleep(10, signal);
      working -= 1;
      done.push(key);
    },
    { workers: 3 },
  );
  controller.enqueue("a");
  await settle();
  controller.enqueue("a");
  controller.enqueue("a");
  await clock.advance(100);
  assert.deepEqual(done, ["a", "a"]);
});

test("a key that fails comes again with growing pauses until it succeeds", async (t) => {
  const atMs: number[] = [];
  const { controller, clock } = start(t, async () => {
    atMs.push(clock.now());
    if (atMs.length === 2) throw new StatusError("Conflict", "somebody else wrote");
    if (atMs.length < 4) throw new Error("failed");
  });
  controller.enqueue("a");
  await clock.advance(1_000);
  const [first = 0] = atMs;
  assert.deepEqual(
    atMs.map((ms) => ms - first),
    [0, 5, 15, 35],
  );
  controller.enqueue("a");
  await settle();
  assert.equal(atMs.length, 5);
});

test("a reconciliation may ask to look again later", async (t) => {
  let looks = 0;
  const { controller, clock } = start(t, async () => (++looks < 3 ? { afterMs: 1_000 } : undefined));
  controller.enqueue("a");
  await clock.advance(900);
  assert.equal(looks, 1);
  await clock.advance(10_000);
  assert.equal(looks, 3);
});

test("nothing is reconciled before all sources have synced", async (t) => {
  const ready = Promise.withResolvers<void>();
  const seen: string[] = [];
  const source: KeySource = {
    synced: ready.promise,
    subscribe: (add) => {
      add("early");
      return { caughtUp: Promise.resolve(), stop: () => {} };
    },
  };
  start(t, async (key) => void seen.push(key), { sources: [source] });
  await settle();
  assert.deepEqual(seen, []);
  ready.resolve();
  await settle();
  assert.deepEqual(seen, ["early"]);
});

test("stop waits for the work under way, whose signal it aborts", async (t) => {
  const seen: string[] = [];
  const { controller } = start(t, async (_, signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    seen.push("told");
  });
  controller.enqueue("a");
  controller.enqueue("b");
  await settle();
  await controller.stop();
  controller.enqueue("c");
  await settle();
  assert.deepEqual(seen, ["told"]);
});

test("nothing is reconciled before a source has reported all objects that were there", async (t) => {
  const caughtUp = Promise.withResolvers<void>();
  const seen: string[] = [];
  const source: KeySource = {
    synced: Promise.resolve(),
    subscribe: (add) => {
      add("early");
      return { caughtUp: caughtUp.promise, stop: () => {} };
    },
  };
  start(t, async (key) => void seen.push(key), { sources: [source] });
  await settle();
  assert.deepEqual(seen, []);
  caughtUp.resolve();
  await settle();
  assert.deepEqual(seen, ["early"]);
});

test("stop does not wait for a source that never syncs", async (t) => {
  const { controller } = start(t, async () => undefined, {
    sources: [{ synced: new Promise(() => {}), subscribe: () => ({ caughtUp: Promise.resolve(), stop: () => {} }) }],
  });
  await controller.stop();
});

test("keys are counted: how many came, wait and failed, and how long they waited and took", async (t) => {
  const metrics = createMetrics();
  let fails = true;
  const { controller, clock } = start(
    t,
    async (_, signal) => {
      await clock.sleep(2_000, signal);
      if (!fails) return undefined;
      fails = false;
      throw new Error("once");
    },
    { metrics },
  );
  for (const key of ["a", "b", "b"]) controller.enqueue(key);
  await clock.advance(1_000);
  assert.match(metrics.text(), /workqueue_depth\{name="test"\} 1\n/);
  await clock.advance(10_000);
  const text = metrics.text();
  assert.match(text, /workqueue_adds_total\{name="test"\} 3\n/);
  assert.match(text, /workqueue_depth\{name="test"\} 0\n/);
  assert.match(text, /workqueue_retries_total\{name="test"\} 1\n/);
  assert.match(text, /workqueue_work_duration_seconds_sum\{name="test"\} 6\n/);
  assert.match(text, /workqueue_queue_duration_seconds_bucket\{name="test",le="0.001"\} 1\n/);
});
