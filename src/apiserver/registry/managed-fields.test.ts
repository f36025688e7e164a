import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const MERGE = "application/merge-patch+json";
const APPLY = "application/apply-patch+yaml";
const own = { ".": {} };

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a" },
  spec: {
    selector: { matchLabels: { app: "a" } },
    template: { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "c", image: "i" }] } },
  },
};

interface Sent {
  readonly method: ApiRequest["method"];
  readonly path: string;
  readonly body: object;
  readonly type?: string;
  readonly userAgent?: string;
}

/** A server, and a function that sends a request and resolves with the parsed answer. */
async function startServer(t: { after(fn: () => Promise<void>): void }) {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  return async ({ method, path, body, type = "application/json", userAgent = "curl/8.5.0" }: Sent) => {
    const headers = { "content-type": type, "user-agent": userAgent };
    const answer = await api.handle({ method, path, headers, body: Buffer.from(JSON.stringify(body)) });
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body) pieces.push(piece);
    return JSON.parse(Buffer.concat(pieces).toString());
  };
}

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1: object;
}

/** `manager operation subresource` of each entry. */
function managersOf(object: { readonly metadata: { readonly managedFields?: readonly Entry[] } }): readonly string[] {
  const entries = object.metadata.managedFields ?? [];
  return entries.map(({ manager, operation, subresource }) => [manager, operation, subresource ?? ""].join(" ").trim());
}

test("every writer has an entry: create, patch, status and scale", async (t) => {
  const send = await startServer(t);
  const created = await send({ method: "POST", path: `${DEPLOYMENTS}?fieldManager=kubectl-create`, body: deployment });
  assert.deepEqual(managersOf(created), ["kubectl-create Update"]);
  const path = `${DEPLOYMENTS}/a`;
  const body = { metadata: { annotations: { a: "b" } } };
  await send({ method: "PATCH", path, type: MERGE, body, userAgent: "kubectl/v1.35.0 (linux/amd64)" });
  const status = { status: { replicas: 1, conditions: [{ type: "Available", status: "True" }] } };
  await send({ method: "PATCH", path: `${path}/status`, type: MERGE, body: status, userAgent: "controller" });
  const scale = { spec: { replicas: 3 } };
  await send({ method: "PATCH", path: `${path}/scale?fieldManager=hpa`, type: MERGE, body: scale });
  const last = await send({ method: "PATCH", path, type: MERGE, body: {} });
  assert.deepEqual(managersOf(last).toSorted(), [
    "controller Update status",
    "hpa Update scale",
    "kubectl Update",
    "kubectl-create Update",
  ]);
  const fields = Object.fromEntries(
    last.metadata.managedFields.map(({ manager, fieldsV1 }: Entry) => [manager, fieldsV1]),
  );
  assert.deepEqual(fields.hpa, { "f:spec": { "f:replicas": {} } });
  assert.deepEqual(fields.kubectl, { "f:metadata": { "f:annotations": { ...own, "f:a": {} } } });
  assert.deepEqual(fields.controller, {
    "f:status": {
      "f:conditions": { ...own, 'k:{"type":"Available"}': { ...own, "f:status": {}, "f:type": {} } },
      "f:replicas": {},
    },
  });
  assert.equal("f:replicas" in fields["kubectl-create"]["f:spec"], false);
});

test("a conflict names the writer, its subresource and its version", async (t) => {
  const send = await startServer(t);
  await send({ method: "POST", path: `${DEPLOYMENTS}?fieldManager=kubectl-create`, body: deployment });
  const path = `${DEPLOYMENTS}/a`;
  await send({ method: "PATCH", path: `${path}/scale?fieldManager=hpa`, type: MERGE, body: { spec: { replicas: 3 } } });
  const applied = { ...deployment, spec: { replicas: 4, revisionHistoryLimit: 2 } };
  const refused = await send({ method: "PATCH", path: `${path}?fieldManager=me`, type: APPLY, body: applied });
  assert.equal(
    refused.message,
    'Apply failed with 2 conflicts: conflicts with "hpa" with subresource "scale" using apps/v1:\n- .spec.replicas\n' +
      'conflicts with "kubectl-create" using apps/v1:\n- .spec.revisionHistoryLimit',
  );
});

test("an update that changes nothing leaves the object and its entries unchanged", async (t) => {
  const send = await startServer(t);
  const body = { metadata: { name: "a" }, data: { x: "1" } };
  const created = await send({ method: "POST", path: CONFIG_MAPS, body });
  const updated = await send({ method: "PUT", path: `${CONFIG_MAPS}/a`, body: created, userAgent: "other" });
  assert.deepEqual(updated, created);
});

test("a client that leaves the entries out does not remove them", async (t) => {
  const send = await startServer(t);
  await send({ method: "POST", path: CONFIG_MAPS, body: { metadata: { name: "a" }, data: { x: "1" } } });
  const body = { metadata: { name: "a" }, data: { x: "1", y: "2" } };
  const updated = await send({ method: "PUT", path: `${CONFIG_MAPS}/a`, body, userAgent: "other/1" });
  assert.deepEqual(managersOf(updated), ["curl Update", "other Update"]);
});

test("an object without entries is tracked from its first apply on, as upstream's before-first-apply", async (t) => {
  const send = await startServer(t);
  await send({ method: "POST", path: CONFIG_MAPS, body: { metadata: { name: "a" }, data: { x: "1" } } });
  const path = `${CONFIG_MAPS}/a`;
  const reset = await send({ method: "PATCH", path, type: MERGE, body: { metadata: { managedFields: [{}] } } });
  assert.deepEqual(managersOf(reset), []);
  const changed = await send({ method: "PATCH", path, type: MERGE, body: { data: { x: "2" } } });
  assert.deepEqual(managersOf(changed), []);
  const applied = { apiVersion: "v1", kind: "ConfigMap", data: { y: "1" } };
  const result = await send({ method: "PATCH", path: `${path}?fieldManager=me`, type: APPLY, body: applied });
  assert.deepEqual(managersOf(result), ["me Apply", "before-first-apply Update"]);
});

test("a create takes its fields from entries that it brings, and drops malformed ones", async (t) => {
  const send = await startServer(t);
  const entry = { manager: "old", operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1" };
  const rows = [
    { fieldsV1: { "f:data": { "f:y": {} } }, want: ["curl Update"] },
    { fieldsV1: { "f:data": { "f:gone": {} } }, want: ["old Update", "curl Update"] },
    { fieldsV1: { "x:data": {} }, want: ["curl Update"] },
    { fieldsV1: { "k:{": {} }, want: ["curl Update"] },
  ];
  for (const [index, { fieldsV1, want }] of rows.entries()) {
    const metadata = { name: `a${index}`, managedFields: [{ ...entry, fieldsV1 }] };
    const created = await send({ method: "POST", path: CONFIG_MAPS, body: { metadata, data: { x: "1", y: "2" } } });
    assert.deepEqual(managersOf(created).toSorted(), want.toSorted());
  }
});

test("a write through a subresource cannot change the entries", async (t) => {
  const send = await startServer(t);
  await send({ method: "POST", path: DEPLOYMENTS, body: deployment });
  const body = { metadata: { managedFields: [{}] }, status: { replicas: 1 } };
  const path = `${DEPLOYMENTS}/a/status`;
  const written = await send({ method: "PATCH", path, type: MERGE, body });
  assert.deepEqual(managersOf(written).toSorted(), ["curl Update", "curl Update status"]);
});

const userAgents: readonly { readonly name: string; readonly userAgent: string; readonly want: string }[] = [
  { name: "the text before the slash", userAgent: "kubectl/v1.35.0 (linux/amd64)", want: "kubectl" },
  { name: "a whole text without a slash", userAgent: "my tool", want: "my tool" },
  { name: "no text", userAgent: "", want: "unknown" },
  { name: "unprintable characters are left out", userAgent: "a\tb\u0000/1", want: "ab" },
  { name: "at most 128 bytes", userAgent: "ü".repeat(100), want: "ü".repeat(64) },
];

for (const { name, userAgent, want } of userAgents) {
  test(`the manager of a write without fieldManager: ${name}`, async (t) => {
    const send = await startServer(t);
    const created = await send({
      method: "POST",
      path: CONFIG_MAPS,
      body: { metadata: { name: "a" }, data: { x: "1" } },
      userAgent,
    });
    assert.deepEqual(managersOf(created), [`${want} Update`]);
  });
}

test("client-side apply gives way to server-side apply of kubectl", async (t) => {
  const send = await startServer(t);
  const configuration = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", annotations: {} },
    data: { x: "1" },
  };
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(configuration) };
  const body = { ...configuration, metadata: { name: "a", annotations } };
  await send({ method: "POST", path: `${CONFIG_MAPS}?fieldManager=kubectl-client-side-apply`, body });
  const applied = { ...configuration, metadata: { name: "a" }, data: { x: "2" } };
  const path = `${CONFIG_MAPS}/a?fieldManager=`;
  const other = await send({ method: "PATCH", path: `${path}other`, type: APPLY, body: applied });
  assert.equal(
    other.message,
    'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.x',
  );
  const result = await send({ method: "PATCH", path: `${path}kubectl`, type: APPLY, body: applied });
  assert.deepEqual(result.data, { x: "2" });
  assert.equal(
    result.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"],
    `${JSON.stringify({ apiVersion: "v1", data: { x: "2" }, kind: "ConfigMap", metadata: { name: "a" } })}\n`,
  );
});

test("writes to an object that others write at the same time are not lost", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const headers = { "content-type": MERGE, "user-agent": "w/1" };
  await api.handle({
    method: "POST",
    path: CONFIG_MAPS,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ metadata: { name: "a" } })),
  });
  const write = (i: number) =>
    api.handle({
      method: "PATCH",
      path: `${CONFIG_MAPS}/a`,
      headers,
      body: Buffer.from(JSON.stringify({ data: { [`k${i}`]: "1" } })),
    });
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => write(i)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array(10).fill(200),
  );
});
