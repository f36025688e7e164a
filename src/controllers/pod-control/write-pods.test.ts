import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordedEvent } from "../../client/events/event-recorder.ts";
import { inProcessTransport } from "../../client/in-process-transport.ts";
import { createClient } from "../../client/rest-client.ts";
import { ownedPod, replicaSet } from "../replicaset/objects.testing.ts";
import { podFromTemplate } from "./pod-from-template.ts";
import { createPods, deletePods, type PodWriter } from "./write-pods.ts";

/** A writer to a server that answers everything with this. */
function writerTo(code: number, body: object, signal = new AbortController().signal) {
  const asked: string[] = [];
  const told: RecordedEvent[] = [];
  async function* bytes() {
    yield new TextEncoder().encode(JSON.stringify(body));
  }
  const handle = async ({ method, path }: { readonly method: string; readonly path: string }) => {
    asked.push(`${method} ${path}`);
    return { status: code, headers: {}, body: bytes() };
  };
  const client = createClient(inProcessTransport(handle, "me"));
  const record: PodWriter["events"]["record"] = (_, event) => told.push(event);
  return { asked, told, writer: { client, events: { record }, owner: replicaSet(3), signal } };
}

const status = (reason: string, message: string, details: object = {}) => ({
  ...{ kind: "Status", apiVersion: "v1", status: "Failure", reason, message, details },
});
const pod = podFromTemplate(replicaSet(3), replicaSet(3).spec.template);
const stopped = AbortSignal.abort(new Error("stopped"));

test("a pod that was made is told of", async () => {
  const { writer, told } = writerTo(201, ownedPod("web-1"));
  const { pods, error } = await createPods(writer, 1, pod);
  assert.equal(error, undefined);
  assert.deepEqual(
    pods.map(({ metadata }) => metadata.name),
    ["web-1"],
  );
  assert.deepEqual(told, [{ type: "Normal", reason: "SuccessfulCreate", message: "Created pod: web-1" }]);
});

test("after a refusal no further pod is tried", async () => {
  const { writer, told, asked } = writerTo(403, status("Forbidden", "too many"));
  const { pods, error } = await createPods(writer, 8, pod);
  assert.deepEqual(pods, []);
  assert.match(String(error), /too many/);
  assert.deepEqual(told, [{ type: "Warning", reason: "FailedCreate", message: "Error creating: too many" }]);
  assert.equal(asked.length, 1);
});

test("in a namespace that is going away no pod is missed", async () => {
  const causes = [{ reason: "NamespaceTerminating" }];
  const { writer, told } = writerTo(403, status("Forbidden", "going away", { causes }));
  assert.deepEqual(await createPods(writer, 2, pod), { pods: [] });
  assert.deepEqual(told, []);
});

test("a pod that cannot be deleted is told of, and one that is gone is not", async () => {
  const refused = writerTo(403, status("Forbidden", "not allowed"));
  const { pods, error } = await deletePods(refused.writer, [ownedPod("web-1")]);
  assert.deepEqual(pods, []);
  assert.equal((error as Error).message, "unable to delete pods: not allowed");
  assert.deepEqual(refused.told, [{ type: "Warning", reason: "FailedDelete", message: "Error deleting: not allowed" }]);
  const gone = writerTo(404, status("NotFound", "gone"));
  assert.deepEqual(await deletePods(gone.writer, [ownedPod("web-1")]), { pods: [] });
  assert.deepEqual(gone.told, []);
});

test("a controller that is being stopped tells nobody that it could not go on", async () => {
  const { writer, told } = writerTo(500, {}, stopped);
  assert.equal((await createPods(writer, 2, pod)).error, stopped.reason);
  assert.notEqual((await deletePods(writer, [ownedPod("web-1")])).error, undefined);
  assert.deepEqual(told, []);
});
