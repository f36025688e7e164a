import assert from "node:assert/strict";
import { test } from "node:test";
import { eventKind } from "../../api/core/v1/event.ts";
import { namespaceKind } from "../../api/core/v1/namespace.ts";
import { startTestApiServer } from "../../apiserver/testing/start-test-server.testing.ts";
import { systemClock } from "../../lib/clock.ts";
import { createLogger, silentLogger } from "../../lib/log.ts";
import { testPod } from "../testing/pods.testing.ts";
import { createEventRecorder } from "./event-recorder.ts";
import { podReference } from "./references.ts";

test("the same event again raises the count, another one is another", async () => {
  const api = await startTestApiServer();
  const client = api.client();
  await client.create(namespaceKind, { metadata: { name: "shop" } });
  const recorder = createEventRecorder({ client, nodeName: "node-1", clock: systemClock, log: silentLogger });
  const app = podReference(testPod(), "app");
  for (let round = 0; round < 3; round += 1) recorder.event(app, "Warning", "BackOff", "again");
  recorder.event(app, "Normal", "Started", "Container started");
  await recorder.flush();

  const { items } = await client.list(eventKind, { namespace: "shop" });
  assert.deepEqual(items.map((e) => [e.reason, e.count, e.involvedObject.fieldPath, e.source?.host]).toSorted(), [
    ["BackOff", 3, "spec.containers{app}", "node-1"],
    ["Started", 1, "spec.containers{app}", "node-1"],
  ]);
  await api.stop();
});

const gone = (): Promise<never> => Promise.reject(new Error("connection refused"));

const failures = [
  { name: "refused", level: "debug", broken: {} },
  { name: "not taken by anybody", level: "warn", broken: { create: gone } },
] as const;

for (const { name, level, broken } of failures) {
  test(`an event that is ${name} is given up, and told of at level ${level}`, async () => {
    const api = await startTestApiServer();
    const lines: string[] = [];
    const client = { ...api.client(), ...broken };
    const log = createLogger((line) => lines.push(line), { level: "debug" });
    const recorder = createEventRecorder({ client, nodeName: "node-1", clock: systemClock, log });
    const nowhere = { ...podReference(testPod()), namespace: "Not A Namespace" };
    recorder.event(nowhere, "Normal", "Started", "Container started");
    await recorder.flush();
    const told = lines.filter((line) => line.includes("could not be written"));
    assert.deepEqual(
      told.map((line) => line.split(/ +/)[1]),
      [level],
    );
    await api.stop();
  });
}
