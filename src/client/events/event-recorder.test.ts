import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import type { Namespace } from "@fairlead/api/core/v1/namespace/namespace";
import type { ObjectReference } from "@fairlead/api/core/v1/references";
import { lookupOf } from "@fairlead/apiserver/admission/admission-request.testing";
import { namespaceLifecycle } from "@fairlead/apiserver/admission/namespace-lifecycle";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { systemClock } from "@fairlead/lib/clock";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { createLogger } from "@fairlead/lib/log";
import { createFakeApi } from "../fake-api.testing.ts";
import { createClient } from "../rest/rest-client.ts";
import { createEventRecorder } from "./event-recorder.ts";

const pod = { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web", uid: "u1" };
const node = { apiVersion: "v1", kind: "Node", name: "node-1", uid: "n1" };

function start(t: TestContext) {
  const api = createFakeApi();
  const client = createClient(api);
  const clock = createFakeClock(Date.UTC(2026, 0, 1));
  const { log, lines } = recordedLog("warn");
  const recorder = createEventRecorder({
    client,
    component: "kubelet",
    host: "node-1",
    clock,
    log,
    random: () => 0.5,
  });
  t.after(async () => {
    const stopped = recorder.stop();
    await clock.advance(1_000);
    await stopped;
  });
  const told = async () => {
    await settle();
    const { items } = await client.list(eventKind);
    return items.map((e) => `${e.count} ${e.type} ${e.reason}: ${e.message}`);
  };
  return { api, client, clock, lines, recorder, told };
}

test("an event has all that describe shows", async (t) => {
  const { client, recorder } = start(t);
  const container = { ...pod, fieldPath: "spec.containers{web}" };
  recorder.record(container, { type: "Warning", reason: "BackOff", message: "restarting" });
  await settle();
  const [event] = (await client.list(eventKind, { namespace: "shop" })).items;
  assert.match(event?.metadata.name ?? "", /^web\.[0-9a-f]{16}$/);
  assert.deepEqual(event?.involvedObject, container);
  assert.deepEqual(event?.source, { component: "kubelet", host: "node-1" });
  assert.deepEqual([event?.reportingComponent, event?.reportingInstance], ["kubelet", "node-1"]);
  assert.deepEqual([event?.firstTimestamp, event?.lastTimestamp], ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]);
});

test("recorders of two nodes report the same object in the same millisecond", async (t) => {
  const { api, clock, recorder, told } = start(t);
  const { log } = recordedLog("warn");
  const others = { client: createClient(api), component: "kubelet", host: "node-2", clock, log };
  const other = createEventRecorder({ ...others, random: () => 0.7 });
  recorder.record(pod, { type: "Warning", reason: "Reserved", message: "on node-1" });
  other.record(pod, { type: "Warning", reason: "Reserved", message: "on node-2" });
  assert.deepEqual(await told(), ["1 Warning Reserved: on node-1", "1 Warning Reserved: on node-2"]);
  const stopped = other.stop();
  await clock.advance(1_000);
  await stopped;
});

test("the event of an object whose name an event cannot have is named for its uid", async (t) => {
  const { client, recorder } = start(t);
  for (const name of ["system:admin", "w".repeat(250)]) {
    recorder.record({ ...pod, name }, { type: "Normal", reason: "Started", message: name });
    await settle();
  }
  const { items } = await client.list(eventKind, { namespace: "shop" });
  assert.equal(items.length, 2);
  for (const { metadata } of items) assert.match(metadata.name, /^u1\.[0-9a-f]{16}$/);
});

test("the event of an object without a namespace is created in default", async (t) => {
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

test("an event that was deleted meanwhile is created again, with its count", async (t) => {
  const { api, client, recorder, told } = start(t);
  recorder.record(pod, { type: "Normal", reason: "Pulled", message: "image" });
  await settle();
  const [event] = (await client.list(eventKind)).items;
  api.remove(`/api/v1/namespaces/shop/events/${event?.metadata.name}`);
  recorder.record(pod, { type: "Normal", reason: "Pulled", message: "image" });
  assert.deepEqual(await told(), ["2 Normal Pulled: image"]);
});

test("many similar ones are combined, and a flood is cut off, but counted", async (t) => {
  const { clock, recorder, told } = start(t);
  for (let i = 1; i <= 12; i++) recorder.record(pod, { type: "Warning", reason: "Failed", message: `try ${i}` });
  const combined = await told();
  assert.equal(combined.length, 10);
  assert.deepEqual(combined.at(-1), "3 Warning Failed: (combined from similar events): try 12");
  for (let i = 13; i <= 60; i++) recorder.record(pod, { type: "Warning", reason: "Failed", message: `try ${i}` });
  const flooded = await told();
  assert.equal(flooded.length, 10);
  assert.deepEqual(flooded.at(-1), "16 Warning Failed: (combined from similar events): try 25");
  await clock.advance(300_000);
  recorder.record(pod, { type: "Warning", reason: "Failed", message: "try 61" });
  assert.deepEqual((await told()).at(-1), "52 Warning Failed: (combined from similar events): try 61");
});

test("the parts of an object are counted each on its own", async (t) => {
  const { recorder, told } = start(t);
  for (const name of ["web", "side", "web"]) {
    recorder.record(
      { ...pod, fieldPath: `spec.containers{${name}}` },
      { type: "Normal", reason: "Started", message: "" },
    );
  }
  assert.deepEqual(await told(), ["2 Normal Started: ", "1 Normal Started: "]);
});

test("an object that is gone is remembered no more, one of its name is another one", async (t) => {
  const { recorder, told } = start(t);
  const pulled = { type: "Normal", reason: "Pulled", message: "image" } as const;
  recorder.record(pod, pulled);
  recorder.record({ ...pod, fieldPath: "spec.containers{web}" }, pulled);
  recorder.forget({ ...pod, uid: "other" });
  recorder.record(pod, pulled);
  assert.deepEqual(await told(), ["2 Normal Pulled: image", "1 Normal Pulled: image"]);
  recorder.forget(pod);
  recorder.record(pod, pulled);
  assert.deepEqual(await told(), ["2 Normal Pulled: image", "1 Normal Pulled: image", "1 Normal Pulled: image"]);
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

test("stop waits a moment for events that are still to be written", async (t) => {
  const { recorder, told } = start(t);
  recorder.record(pod, { type: "Normal", reason: "Killing", message: "bye" });
  await recorder.stop();
  assert.deepEqual(await told(), ["1 Normal Killing: bye"]);
});

test("an event that cannot be written is dropped after twelve attempts, and logged once", async (t) => {
  const { api, clock, lines, recorder, told } = start(t);
  api.down = new Error("away");
  recorder.record(pod, { type: "Normal", reason: "Pulled", message: "image" });
  await clock.advance(120_000);
  api.down = undefined;
  await clock.advance(60_000);
  assert.deepEqual(await told(), []);
  assert.deepEqual(lines(), ["warn Cannot write an event: giving up"]);
});

test("more events than may wait are dropped, and logged", async (t) => {
  const { api, lines, recorder } = start(t);
  api.down = new Error("away");
  for (let i = 0; i <= 1_000; i++) recorder.record(pod, { type: "Normal", reason: "Pulled", message: `image ${i}` });
  assert.deepEqual(lines(), ["warn Too many events wait for the API server: one was dropped"]);
});

const refusals: readonly { name: string; about: ObjectReference; want: string }[] = [
  { name: "of a namespace that is gone is no worry", about: { ...pod, namespace: "gone" }, want: "debug" },
  { name: "of a namespace that is ending is none either", about: { ...pod, namespace: "ending" }, want: "debug" },
  { name: "that is wrong is one", about: { ...pod, name: "Not A Name", uid: "Nor a UID" }, want: "warn" },
];

for (const { name, about, want } of refusals) {
  test(`a refused event ${name}`, async (t) => {
    const namespaces = lookupOf({ shop: namespace("Active"), ending: namespace("Terminating") });
    const api = await startTestApiServer({ admission: [namespaceLifecycle({ namespaces, clock: systemClock })] });
    t.after(() => api.stop());
    const client = api.client();
    const { log, lines } = recordedLog();
    await using recorder = createEventRecorder({ client, component: "kubelet", clock: systemClock, log });
    recorder.record(about, { type: "Normal", reason: "Started", message: "Container started" });
    recorder.record(pod, { type: "Normal", reason: "Started", message: "Container started" });
    await recorder.stop();
    const refused = lines().filter((line) => line.endsWith("An event was refused"));
    assert.deepEqual(refused, [`${want} An event was refused`]);
    assert.equal((await client.list(eventKind, { namespace: "shop" })).items.length, 1);
  });
}

function namespace(phase: "Active" | "Terminating"): Namespace {
  // A draft with what the admission of events reads.
  return { metadata: {}, status: { phase } } as Namespace;
}

/** A log, and its lines: level and message. */
function recordedLog(level: "debug" | "warn" = "debug") {
  const lines: string[] = [];
  const log = createLogger((line) => lines.push(line), { level });
  return { log, lines: () => lines.map((line) => line.replace(/^\S+ (\w+) +(.*?)( \w+=.*)?\n$/, "$1 $2")) };
}
