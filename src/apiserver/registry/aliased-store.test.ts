import assert from "node:assert/strict";
import { test } from "node:test";
import { eventKind } from "../../api/core/v1/event.ts";
import { eventKind as eventsEventKind } from "../../api/events/v1/event.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

const key = { namespace: "default", name: "e" };

test("an event is one object under both of its groups, whichever it was written in", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const { resourceVersion } = await client.list(eventsEventKind);
  const seen = (async () => {
    for await (const event of client.watch(eventsEventKind, { resourceVersion })) return event;
    return undefined;
  })();
  const written = await client.create(eventKind, {
    metadata: key,
    involvedObject: { kind: "Pod", name: "p", namespace: "default" },
    reason: "Started",
    message: "Container started",
    type: "Normal",
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:00:00Z",
    count: 1,
    source: { component: "kubelet" },
  });
  const read = await client.get(eventsEventKind, key);
  assert.equal(read.apiVersion, "events.k8s.io/v1");
  assert.equal(read.note, "Container started");
  assert.equal(read.regarding?.name, "p");
  assert.equal(read.deprecatedSource?.component, "kubelet");
  assert.equal(read.metadata.uid, written.metadata.uid);
  const told = await seen;
  assert.ok(told?.type === "ADDED" && told.object.reason === "Started");
  assert.deepEqual((await client.list(eventsEventKind)).items, [read]);

  await client.update(eventKind, { ...written, count: 2 });
  assert.equal((await client.get(eventsEventKind, key)).deprecatedCount, 2);
  await client.delete(eventsEventKind, key);
  assert.deepEqual((await client.list(eventKind)).items, []);
});
