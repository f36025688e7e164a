import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { RuntimeError } from "../runtime-error.ts";
import { changedPods, watchChanges } from "./changes.ts";
import type { CriConnection } from "./connection.ts";
import { subscribeRequest } from "./containerd-events.ts";
import { mayLower } from "./read-machine.ts";

const cases: { name: string; before: Record<string, string>; after: Record<string, string>; want: string[] }[] = [
  { name: "nothing", before: { c1: "a RUNNING" }, after: { c1: "a RUNNING" }, want: [] },
  { name: "a new one", before: {}, after: { c1: "a RUNNING" }, want: ["a"] },
  { name: "another state", before: { c1: "a RUNNING" }, after: { c1: "a EXITED" }, want: ["a"] },
  { name: "one that is gone", before: { c1: "a EXITED" }, after: {}, want: ["a"] },
  { name: "each pod once", before: {}, after: { c1: "a RUNNING", c2: "a RUNNING", c3: "b RUNNING" }, want: ["a", "b"] },
  { name: "what is not a pod's", before: {}, after: { c1: " RUNNING" }, want: [] },
];

for (const { name, before, after, want } of cases) {
  test(`changedPods: ${name}`, () => {
    assert.deepEqual([...changedPods(new Map(Object.entries(before)), new Map(Object.entries(after)))], want);
  });
}

test("only with CAP_SYS_RESOURCE may a score be lowered", () => {
  assert.equal(mayLower("CapEff:\t000001ffffffffff\n"), true);
  assert.equal(mayLower("CapEff:\t000001fffeffffff\n"), false);
});

test("subscribeRequest writes each filter as field 1", () => {
  assert.equal(subscribeRequest(["a==b", "c"]).toString("latin1"), "\n\x04a==b\n\x01c");
});

/** A runtime with one container, whose state the test sets, and a clock that stands still. */
function setUp(containerdEvents: CriConnection["containerdEvents"]) {
  const clock = createFakeClock(0);
  const runtime = { state: "CONTAINER_RUNNING", lists: 0 };
  const told: { uid: string; atMs: number }[] = [];
  const cri = {
    async call<Answer>(method: string) {
      if (method === "ListPodSandbox") return { items: [] } as Answer;
      runtime.lists += 1;
      const labels = { "io.kubernetes.pod.uid": "a" };
      return { containers: [{ id: "c1", labels, state: runtime.state }] } as Answer;
    },
    events: <Event>() => unimplemented<Event>(),
    containerdEvents,
  };
  const watch = watchChanges({ cri, clock, log: silentLogger, pollIntervalMs: 500 });
  watch.subscribe((uid) => told.push({ uid, atMs: clock.now() }));
  return { clock, runtime, told, watch };
}

/** A stream that the runtime does not know. */
function unimplemented<Event>(): AsyncIterable<Event> {
  const next = () => Promise.reject(new RuntimeError("Unimplemented", "unknown method"));
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

/** Events that the test sends. The stream ends with the signal, or as the test says. */
function sentEvents() {
  let next = Promise.withResolvers<boolean>();
  return {
    send() {
      next.resolve(true);
      next = Promise.withResolvers();
    },
    end: () => next.resolve(false),
    async *stream(signal: AbortSignal) {
      signal.addEventListener("abort", () => next.resolve(false));
      while (await next.promise) yield {};
    },
  };
}

test("a runtime that sends events is looked at after an event, and seldom otherwise", async () => {
  const events = sentEvents();
  const { clock, runtime, told, watch } = setUp(events.stream);
  await clock.advance(5_000);
  const before = runtime.lists;
  await clock.advance(60_000);
  assert.ok(runtime.lists - before <= 1, `${runtime.lists - before} looks in a minute`);
  runtime.state = "CONTAINER_EXITED";
  events.send();
  await clock.advance(50);
  assert.deepEqual(told.at(-1), { uid: "a", atMs: 65_020 });
  await watch.stop();
  assert.equal(clock.sleepers, 0);
});

test("a runtime that no longer sends events is looked at often", async () => {
  const events = sentEvents();
  const { clock, runtime, told, watch } = setUp(events.stream);
  await clock.advance(5_000);
  events.end();
  await clock.advance(600);
  runtime.state = "CONTAINER_EXITED";
  await clock.advance(500);
  assert.equal(told.length, 2);
  await watch.stop();
});

test("a runtime without events is looked at often, and not asked for events again", async () => {
  let subscriptions = 0;
  const { clock, runtime, watch } = setUp(() => {
    subscriptions += 1;
    return unimplemented();
  });
  await clock.advance(60_000);
  assert.equal(subscriptions, 1);
  assert.equal(runtime.lists, 121);
  await watch.stop();
});
