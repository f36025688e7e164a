import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { webSpec } from "@fairlead/api/apps/v1/apps.testing";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Scale } from "@fairlead/api/autoscaling/v1/scale/scale";
import type { Status } from "@fairlead/api/status-error";
import { defaultAuthorizers, userNamed } from "../../testing/default-authorizers.testing.ts";
import { startTestApiServer } from "../../testing/start-test-server.testing.ts";

const key = { namespace: "default", name: "web" };
const PATH = "/apis/apps/v1/namespaces/default/deployments/web/scale";

interface Answer {
  readonly status: number;
  readonly body: Scale & Status;
}

/** A server with a Deployment and a ReplicaSet, both `web`. */
async function started(t: TestContext) {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  await client.create(deploymentKind, { metadata: key, spec: { ...webSpec, replicas: 2 } });
  await client.create(replicaSetKind, { metadata: key, spec: webSpec });
  const ask = async (method: "GET" | "PUT" | "PATCH" | "DELETE", body?: unknown, more: Ask = {}): Promise<Answer> => {
    const { path = PATH, type = "application/json", accept = "application/json" } = more;
    const answer = await api.handle({
      method,
      path,
      headers: { "content-type": type, accept },
      ...(body !== undefined && { body: new TextEncoder().encode(JSON.stringify(body)) }),
    });
    return { status: answer.status, body: JSON.parse(await text(answer.body)) };
  };
  return { api, client, ask };
}

interface Ask {
  readonly path?: string;
  readonly type?: string;
  readonly accept?: string;
}

const MERGE = { type: "application/merge-patch+json" };
const APPLY = { type: "application/apply-patch+yaml", path: `${PATH}?fieldManager=me` };

test("a workload is shown as a Scale", async (t) => {
  const { client, ask } = await started(t);
  const stored = await client.get(deploymentKind, key);
  await client.update(deploymentKind, { ...stored, status: { replicas: 1 } }, { subresource: "status" });
  const { uid, resourceVersion, creationTimestamp } = (await client.get(deploymentKind, key)).metadata;
  const { body } = await ask("GET");
  assert.deepEqual(body, {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name: "web", namespace: "default", uid, resourceVersion, creationTimestamp },
    spec: { replicas: 2 },
    status: { replicas: 1, selector: "app=web" },
  });
  const { body: ofReplicaSet } = await ask("GET", undefined, { path: PATH.replace("deployments", "replicasets") });
  assert.equal(ofReplicaSet.spec.replicas, 1);
});

test("a Scale is printed with its own columns", async (t) => {
  const { ask } = await started(t);
  const { body } = await ask("GET", undefined, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
  const table = body as unknown as { columnDefinitions: { name: string }[]; rows: { cells: unknown[] }[] };
  assert.deepEqual(
    table.columnDefinitions.map(({ name }) => name),
    ["Name", "Desired", "Available", "Age"],
  );
  assert.deepEqual(table.rows[0]?.cells.slice(0, 3), ["web", 2, 0]);
});

test("a Scale that is put back changes the number of pods and nothing else", async (t) => {
  const { client, ask } = await started(t);
  const before = await client.get(deploymentKind, key);
  const { body: scale } = await ask("GET");
  const labels = { not: "taken" };
  const { status, body } = await ask("PUT", {
    ...scale,
    metadata: { ...scale.metadata, labels },
    spec: { replicas: 0 },
    status: { replicas: 9 },
  });
  assert.equal(status, 200);
  assert.equal(body.kind, "Scale");
  assert.equal(body.spec.replicas ?? 0, 0);
  const after = await client.get(deploymentKind, key);
  assert.deepEqual(after.spec, { ...before.spec, replicas: 0 });
  assert.deepEqual(after.status, before.status);
  assert.equal(after.metadata.labels, undefined);
  assert.equal(after.metadata.generation, 2);
  assert.equal(after.metadata.resourceVersion, body.metadata.resourceVersion);
});

const refusals: { name: string; change: (scale: Scale) => unknown; code: number; message: RegExp }[] = [
  {
    name: "a Scale that was read too long ago",
    change: (scale) => ({ ...scale, metadata: { ...scale.metadata, resourceVersion: "1" } }),
    code: 409,
    message: /^Operation cannot be fulfilled on deployments\.apps "web": the object has been modified/,
  },
  {
    name: "a Scale of another object of that name",
    change: (scale) => ({ ...scale, metadata: { name: "web", uid: "another" } }),
    code: 409,
    message: /Precondition failed: UID in precondition: another, UID in object meta: /,
  },
  {
    name: "a negative number",
    change: (scale) => ({ ...scale, spec: { replicas: -1 } }),
    code: 422,
    message:
      /^Scale\.autoscaling "web" is invalid: spec\.replicas: Invalid value: -1: must be greater than or equal to 0$/,
  },
  {
    name: "another name",
    change: (scale) => ({ ...scale, metadata: { name: "other" } }),
    code: 400,
    message: /does not match the name on the URL \(web\)/,
  },
  {
    name: "a Deployment",
    change: () => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } }),
    code: 400,
    message: /^the API version in the data \(apps\/v1\) does not match the expected API version \(autoscaling\/v1\)$/,
  },
];
for (const { name, change, code, message } of refusals) {
  test(`a write of a Scale is refused: ${name}`, async (t) => {
    const { client, ask } = await started(t);
    const { body: scale } = await ask("GET");
    const { status, body } = await ask("PUT", change(scale));
    assert.equal(status, code, JSON.stringify(body));
    assert.match(body.message ?? "", message);
    assert.equal((await client.get(deploymentKind, key)).spec.replicas, 2);
  });
}

test("patches are about the Scale", async (t) => {
  const { client, ask } = await started(t);
  assert.equal((await ask("PATCH", { spec: { replicas: 5 } }, MERGE)).status, 200);
  assert.equal((await client.get(deploymentKind, key)).spec.replicas, 5);
  const steps = [
    { op: "test", path: "/spec/replicas", value: 5 },
    { op: "replace", path: "/spec/replicas", value: 6 },
  ];
  assert.equal((await ask("PATCH", steps, { type: "application/json-patch+json" })).body.spec.replicas, 6);
  const strategic = { type: "application/strategic-merge-patch+json" };
  assert.equal((await ask("PATCH", { spec: { replicas: 7 } }, strategic)).body.spec.replicas, 7);
  const stale = { metadata: { resourceVersion: "1" }, spec: { replicas: 8 } };
  assert.equal((await ask("PATCH", stale, MERGE)).status, 409);
  const negative = await ask("PATCH", { spec: { replicas: -1 } }, MERGE);
  assert.match(negative.body.message ?? "", /^Scale\.autoscaling "web" is invalid: spec\.replicas/);
  const tried = await ask("PATCH", { spec: { replicas: 9 } }, { ...MERGE, path: `${PATH}?dryRun=All` });
  assert.equal(tried.body.spec.replicas, 9);
  assert.equal((await client.get(deploymentKind, key)).spec.replicas, 7);
});

test("who applies a Scale owns the workload's number of pods, under the subresource's name", async (t) => {
  const { client, ask } = await started(t);
  const scale = (replicas: number) => ({
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: { name: "web" },
    spec: { replicas },
  });
  const negative = await ask("PATCH", scale(-1), APPLY);
  assert.equal(negative.status, 422);
  assert.match(negative.body.message ?? "", /^Scale\.autoscaling "web" is invalid: spec\.replicas: Invalid value: -1/);
  const first = await ask("PATCH", scale(4), APPLY);
  assert.equal(first.status, 409, "the Deployment's maker set the number");
  assert.match(first.body.message ?? "", /\.spec\.replicas/);
  const forced = await ask("PATCH", scale(4), { ...APPLY, path: `${APPLY.path}&force=true` });
  assert.equal(forced.status, 200, forced.body.message);
  const { spec, metadata } = await client.get(deploymentKind, key);
  assert.equal(spec.replicas, 4);
  const mine = metadata.managedFields?.filter(({ manager }) => manager === "me");
  assert.deepEqual(
    mine?.map(({ operation, apiVersion, subresource, fieldsV1 }) => [operation, apiVersion, subresource, fieldsV1]),
    [["Apply", "apps/v1", "scale", { "f:spec": { "f:replicas": {} } }]],
  );
  const nothing = { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "web" } };
  assert.equal((await ask("PATCH", nothing, APPLY)).status, 200);
  assert.equal((await client.get(deploymentKind, key)).spec.replicas, 1, "nobody says a number any more");
});

test("the right to change a workload is not the right to scale it", async (t) => {
  const api = await startTestApiServer({ authorizers: defaultAuthorizers() });
  t.after(() => api.stop());
  await api.client().create(replicaSetKind, { metadata: key, spec: webSpec });
  const client = api.client(userNamed("system:serviceaccount:kube-system:replicaset-controller"));
  await client.update(replicaSetKind, await client.get(replicaSetKind, key));
  await assert.rejects(
    client.patch(replicaSetKind, key, "merge", { spec: { replicas: 5 } }, { subresource: "scale" }),
    { message: /cannot patch resource "replicasets\/scale" in API group "apps" in the namespace "default"/ },
  );
});

test("what is not there cannot be scaled, nor a Scale be deleted", async (t) => {
  const { api, ask } = await started(t);
  const missing = { ...MERGE, path: PATH.replace("/web/", "/gone/") };
  const { status, body } = await ask("PATCH", { spec: { replicas: 1 } }, missing);
  assert.equal(status, 404);
  assert.equal(body.message, 'deployments.apps "gone" not found');
  assert.equal((await ask("DELETE")).status, 405);
  const belowPod = await api.handle({ method: "GET", path: "/api/v1/namespaces/default/pods/web/scale", headers: {} });
  assert.equal(belowPod.status, 404);
});
