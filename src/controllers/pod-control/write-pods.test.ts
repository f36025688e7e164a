import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordedEvent } from "@fairlead/client/events/event-recorder";
import { ownedPod, replicaSet } from "../replicaset/objects.testing.ts";
import { type Answer, refusal, scriptedClient } from "../scripted-client.testing.ts";
import { podFromTemplate } from "./pod-from-template.ts";
import { createPods, deletePods, type PodWriter } from "./write-pods.ts";

/** A writer to a server that answers everything with this. */
function writerTo(answer: Answer, signal = new AbortController().signal) {
  const recorded: RecordedEvent[] = [];
  const { client, asked } = scriptedClient(() => answer);
  const record: PodWriter["events"]["record"] = (_, event) => recorded.push(event);
  return { asked, recorded, writer: { client, events: { record }, owner: replicaSet(3), signal } };
}

const pod = podFromTemplate(replicaSet(3), replicaSet(3).spec.template);
const stopped = AbortSignal.abort(new Error("stopped"));

test("a pod that was made causes an event", async () => {
  const { writer, recorded } = writerTo({ code: 201, body: ownedPod("web-1") });
  const { pods, error } = await createPods(writer, 1, pod);
  assert.equal(error, undefined);
  assert.deepEqual(
    pods.map(({ metadata }) => metadata.name),
    ["web-1"],
  );
  assert.deepEqual(recorded, [{ type: "Normal", reason: "SuccessfulCreate", message: "Created pod: web-1" }]);
});

test("after a refusal no further pod is tried", async () => {
  const { writer, recorded, asked } = writerTo(refusal(403, "Forbidden", "too many"));
  const { pods, error } = await createPods(writer, 8, pod);
  assert.deepEqual(pods, []);
  assert.match(String(error), /too many/);
  assert.deepEqual(recorded, [{ type: "Warning", reason: "FailedCreate", message: "Error creating: too many" }]);
  assert.equal(asked.length, 1);
});

test("in a namespace that is going away no pod is missed", async () => {
  const causes = [{ reason: "NamespaceTerminating" }];
  const { writer, recorded, asked } = writerTo(refusal(403, "Forbidden", "going away", { causes }));
  assert.deepEqual(await createPods(writer, 8, pod), { pods: [] });
  assert.deepEqual(recorded, []);
  assert.equal(asked.length, 1, "and none is tried after the first refusal");
});

test("a pod that cannot be deleted causes an event, and one that is gone does not", async () => {
  const refused = writerTo(refusal(403, "Forbidden", "not allowed"));
  const { pods, error } = await deletePods(refused.writer, [ownedPod("web-1")]);
  assert.deepEqual(pods, []);
  assert.equal((error as Error).message, "unable to delete pods: not allowed");
  assert.deepEqual(refused.recorded, [
    { type: "Warning", reason: "FailedDelete", message: "Error deleting: not allowed" },
  ]);
  const gone = writerTo(refusal(404, "NotFound", "gone"));
  assert.deepEqual(await deletePods(gone.writer, [ownedPod("web-1")]), { pods: [] });
  assert.deepEqual(gone.recorded, []);
});

test("a controller that is being stopped records no failure", async () => {
  const { writer, recorded } = writerTo({ code: 500, body: {} }, stopped);
  assert.equal((await createPods(writer, 2, pod)).error, stopped.reason);
  assert.notEqual((await deletePods(writer, [ownedPod("web-1")])).error, undefined);
  assert.deepEqual(recorded, []);
});
