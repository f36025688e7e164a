import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { eventKind } from "../../api/core/v1/event.ts";
import { silentLogger } from "../../lib/log.ts";
import { createFakeClock, settle } from "../clock.testing.ts";
import { createFakeApi } from "../fake-api.testing.ts";
import { createClient } from "../rest-client.ts";
import { createEventRecorder } from "./event-recorder.ts";

const pod = { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web", uid: "u1" };
const node = { apiVersion: "v1", kind: "Node", name: "node-1", uid: "n1" };

function start(t: TestContext) {
  const api = createFakeApi();
  const client = createClient(api);
  const clock = createFakeClock(Date.UTC(2026, 0, 1));
  const recorder = createEventRecorder({
    client,
    component: "kubelet",
    host: "node-1",
    clock,
    log: silentLogger,
    random: () => 0.5,
  });
  t.after(() => recorder.stop());
  const told = async () => {
    await settle();
    const { items } = await client.list(eventKind);
    return items.map((e) => `${e.count} ${e.type} ${e.reason}: ${e.message}`);
  };
  return { api, client, clock, recorder, told };
}

test("an event has all that describe shows", async (t) => {
  const { client, recorder } = start(t);
  recorder.record(pod, {
    type: "Warning",
    reason: "BackOff",
    message: "restarting",
    fieldPath: "spec.containers{web}",
  });
  await settle();
  const [event] = (await client.list(eventKind, { namespace: "shop" })).items;
  assert.match(event?.metadata.name ?? "", /^web\.[0-9a-f]{16}$/);
  assert.deepEqual(event?.involvedObject, { ...pod, fieldPath: "spec.containers{web}" });
  assert.deepEqual(event?.source, { component: "kubelet", host: "node-1" });
  assert.deepEqual([event?.firstTimestamp, event?.lastTimestamp], ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]);
});

test("an object without a namespace is told of in default", async (t) => {
  const { client, recorder } = start(t);
  recorder.record(node, { type: "Normal", reason: "Starting", message: "" });
  await settle();
  assert.equal((await client.list(eventKind, { namespace: "default" })).items.length, 1);
});

test("the same event is counted", async (t) => {
  const { client, clock, recorder, told } = start(t);
  for (let i = 0; i < 3; i++) {
    recorder.record(pod, { type: "Normal", reason: "Pulled", message: "image" });
    await clock.advance(1_000);
  }
  assert.deepEqual(await told(), ["3 Normal Pulled: image"]);
  const [event] = (await client.list(eventKind)).items;
  assert.deepEqual([event?.firstTimestamp, event?.lastTimestamp], ["2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"]);
});

test("an event that was deleted meanwhile is told anew, with its count", async (t) => {
  const { api, client, recorder, told } = start(t);
  recorder.record(pod, { type: "Normal", reason: "Pulled", message: "image" });
  await settle();
  const [event] = (await client.list(eventKind)).items;
  api.remove(`/api/v1/namespaces/shop/events/${event?.metadata.name}`);
  recorder.record(pod, { type: "Normal", reason: "Pulled", message: "image" });
  assert.deepEqual(await told(), ["2 Normal Pulled: image"]);
});

test("many similar ones are combined, and a flood is cut off", async (t) => {
  const { recorder, told } = start(t);
  for (let i = 1; i <= 12; i++) recorder.record(pod, { type: "Warning", reason: "Failed", message: `try ${i}` });
  const combined = await told();
  assert.equal(combined.length, 10);
  assert.deepEqual(combined.at(-1), "3 Warning Failed: (combined from similar events): try 12");
  for (let i = 13; i <= 60; i++) recorder.record(pod, { type: "Warning", reason: "Failed", message: `try ${i}` });
  const flooded = await told();
  assert.equal(flooded.length, 10);
  assert.deepEqual(flooded.at(-1), "16 Warning Failed: (combined from similar events): try 25");
});

test("a server that is away gets the event later", async (t) => {
  const { api, clock, recorder, told } = start(t);
  api.down = new Error("away");
  recorder.record(pod, { type: "Normal", reason: "Pulled", message: "image" });
  await clock.advance(1_000);
  api.down = undefined;
  await clock.advance(5_000);
  assert.deepEqual(await told(), ["1 Normal Pulled: image"]);
});

test("stop waits a moment for what is still to be told", async (t) => {
  const { recorder, told } = start(t);
  recorder.record(pod, { type: "Normal", reason: "Killing", message: "bye" });
  await recorder.stop();
  assert.deepEqual(await told(), ["1 Normal Killing: bye"]);
});
