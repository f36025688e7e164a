import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { startTestApiServer } from "../../testing/start-test-server.testing.ts";

const key = { namespace: "default", name: "a" };
const resize = { subresource: "resize" };

async function started(t: TestContext) {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } };
  const containers = ["c", "d"].map((name) => ({ name, image: "i", resources }));
  const metadata = { ...key, labels: { app: "a" } };
  const pod = await client.create(podKind, { metadata, spec: { containers } }, { fieldManager: "maker" });
  return { client, pod };
}

test("resize changes the resources of containers, and nothing else", async (t) => {
  const { client, pod } = await started(t);
  const [c, d] = pod.spec.containers;
  assert.ok(c !== undefined && d !== undefined);
  const other = { ...c, image: "j", resources: { requests: { cpu: "1", memory: "64Mi" }, limits: { memory: "1Gi" } } };
  const given = {
    ...pod,
    metadata: { ...pod.metadata, labels: { app: "b" }, annotations: { a: "b" }, finalizers: ["a/b"] },
    spec: { ...pod.spec, hostname: "h", containers: [other, d] },
    status: { phase: "Running" as const },
  };
  const answered = await client.update(podKind, given, resize);
  assert.deepEqual(answered.spec, { ...pod.spec, containers: [{ ...c, resources: other.resources }, d] });
  assert.deepEqual(answered.status, pod.status);
  const { labels, annotations, finalizers, generation } = answered.metadata;
  assert.deepEqual([labels, annotations, finalizers, generation], [{ app: "a" }, undefined, undefined, 2]);
  assert.deepEqual(await client.get(podKind, { ...key, ...resize }), answered);
});

test("a patch of resize owns the amounts that it changes", async (t) => {
  const { client } = await started(t);
  const patch = { spec: { containers: [{ name: "c", image: "j", resources: { requests: { cpu: "2" } } }] } };
  const answered = await client.patch(podKind, key, "strategic", patch, { ...resize, fieldManager: "scaler" });
  assert.deepEqual(
    answered.spec.containers.map(({ image, resources }) => [image, resources.requests?.cpu]),
    [
      ["i", "2"],
      ["i", "100m"],
    ],
  );
  const entry = answered.metadata.managedFields?.find(({ manager }) => manager === "scaler");
  assert.equal(entry?.subresource, "resize");
  const fields = { "f:resources": { "f:requests": { "f:cpu": {} } } };
  assert.deepEqual(entry?.fieldsV1, { "f:spec": { "f:containers": { 'k:{"name":"c"}': fields } } });
});

test("applying to resize takes over resources alone, and conflicts about no other field", async (t) => {
  const { client } = await started(t);
  const container = { name: "c", image: "j", resources: { requests: { cpu: "2" } } };
  const applied = { apiVersion: "v1", kind: "Pod", metadata: key, spec: { containers: [container] } };
  const options = { ...resize, fieldManager: "scaler" };
  await assert.rejects(client.patch(podKind, key, "apply", applied, options), {
    message:
      'Apply failed with 1 conflict: conflict with "maker" using v1: .spec.containers[name="c"].resources.requests.cpu',
  });
  const answered = await client.patch(podKind, key, "apply", applied, { ...options, force: true });
  assert.deepEqual(answered.spec.containers[0]?.image, "i");
  assert.equal(answered.spec.containers[0]?.resources.requests?.cpu, "2");
  const entry = answered.metadata.managedFields?.find(({ manager }) => manager === "scaler");
  const fields = { "f:resources": { "f:requests": { "f:cpu": {} } } };
  assert.deepEqual(entry?.fieldsV1, { "f:spec": { "f:containers": { 'k:{"name":"c"}': fields } } });
});

test("resize refuses what may not change, and other verbs", async (t) => {
  const { client, pod } = await started(t);
  const without = { ...pod, spec: { ...pod.spec, containers: pod.spec.containers.slice(1) } };
  await assert.rejects(client.update(podKind, without, resize), {
    message: 'Pod "a" is invalid: spec.containers: Forbidden: containers may not be added or removed on resize',
  });
  await assert.rejects(client.create(podKind, pod, resize), { reason: "MethodNotAllowed" });
});
