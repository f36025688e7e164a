import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { webSpec } from "@fairlead/api/apps/v1/apps.testing";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { startTestApiServer } from "../../testing/start-test-server.testing.ts";

const key = { namespace: "default", name: "web" };

async function started(t: TestContext) {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  await client.create(deploymentKind, { metadata: { ...key, labels: { team: "a" } }, spec: webSpec });
  return client;
}

const changes: { name: string; patch: unknown; status?: true; want: number }[] = [
  { name: "the spec", patch: { spec: { paused: true } }, want: 2 },
  { name: "an annotation, which its ReplicaSet gets too", patch: { metadata: { annotations: { a: "b" } } }, want: 2 },
  { name: "both", patch: { metadata: { annotations: { a: "b" } }, spec: { paused: true } }, want: 2 },
  { name: "a label", patch: { metadata: { labels: { a: "b" } } }, want: 1 },
  { name: "nothing", patch: { spec: { paused: false } }, want: 1 },
  {
    name: "an annotation, by way of the status",
    patch: { metadata: { annotations: { a: "b" } }, status: { replicas: 1 } },
    status: true,
    want: 1,
  },
];

for (const { name, patch, status, want } of changes) {
  test(`a Deployment's generation after a change of ${name}`, async (t) => {
    const client = await started(t);
    const options = status === true ? { subresource: "status" } : {};
    const { metadata } = await client.patch(deploymentKind, key, "merge", patch, options);
    assert.equal(metadata.generation, want);
  });
}

test("who writes the status may annotate a Deployment, and leaves its labels alone", async (t) => {
  const client = await started(t);
  const patch = { metadata: { annotations: { a: "b" }, labels: { team: "b" } }, status: { replicas: 1 } };
  const { metadata, status } = await client.patch(deploymentKind, key, "merge", patch, { subresource: "status" });
  assert.deepEqual(metadata.annotations, { a: "b" });
  assert.deepEqual(metadata.labels, { team: "a" });
  assert.equal(status.replicas, 1);
});
