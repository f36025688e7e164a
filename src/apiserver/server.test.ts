import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { isAlreadyExists, isConflict, isNotFound } from "@fairlead/api/status-error";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { createLogger } from "@fairlead/lib/log";
import { startTestApiServer, testAdmin } from "./testing/start-test-server.testing.ts";

const map = (name: string, data: Record<string, string> = {}) => ({ metadata: { name, namespace: "default" }, data });

test("an object that was created can be read, changed, listed and deleted", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const created = await client.create(configMapKind, map("a", { x: "1" }));
  assert.equal(created.data?.x, "1");
  assert.notEqual(created.metadata.uid, "");
  const key = { namespace: "default", name: "a" };
  assert.deepEqual(await client.get(configMapKind, key), created);
  const updated = await client.update(configMapKind, { ...created, data: { x: "2" } });
  assert.equal(updated.data?.x, "2");
  await assert.rejects(client.update(configMapKind, { ...created, data: { x: "3" } }), isConflict);
  const patched = await client.patch(configMapKind, key, "merge", { data: { y: "4" } });
  assert.deepEqual(patched.data, { x: "2", y: "4" });
  const list = await client.list(configMapKind, { namespace: "default" });
  assert.deepEqual(
    list.items.map(({ data }) => data),
    [{ x: "2", y: "4" }],
  );
  await assert.rejects(client.create(configMapKind, map("a")), isAlreadyExists);
  await client.delete(configMapKind, key);
  await assert.rejects(client.get(configMapKind, key), isNotFound);
});

test("an update of a missing object of a kind that updates create", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const lease = await client.create(leaseKind, { metadata: { name: "a", namespace: "default" }, spec: {} });
  const { uid, ...meta } = lease.metadata;
  await client.delete(leaseKind, { namespace: "default", name: "a" });
  await assert.rejects(client.update(leaseKind, lease), {
    reason: "Conflict",
    message: `Operation cannot be fulfilled on leases.coordination.k8s.io "a": Precondition failed: UID in precondition: ${uid}, UID in object meta: `,
  });
  const put = { ...lease, metadata: { ...meta, uid: "" } };
  const made = await client.update(leaseKind, put);
  assert.notEqual(made.metadata.uid, uid, "without a uid it is created, whatever version was read");
});

for (const [how, isRead] of [
  ["is read from the connection", true],
  ["comes with the request", false],
] as const) {
  test(`a body in YAML that ${how} is parsed`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const send = async (body: string, type: string) => {
      const bytes = new TextEncoder().encode(body);
      const headers = { "content-type": type };
      const path = "/api/v1/namespaces/default/configmaps";
      const request = { method: "POST" as const, path, headers, ...(isRead ? {} : { body: bytes }) };
      const { status, body: answer } = await api.server.handle(
        request,
        testAdmin,
        isRead ? async () => bytes : undefined,
      );
      return [status, JSON.parse(await text(answer))] as const;
    };
    const [status, made] = await send("metadata:\n  name: a\ndata: {x: '1'}\n", "application/yaml; charset=utf-8");
    assert.deepEqual([status, made.data], [201, { x: "1" }]);
    const [refused, { message }] = await send("{a: [", "application/yaml");
    assert.equal(refused, 400);
    assert.match(message, /yaml: line 1/);
  });
}

test("a body is read only once the user may make the request and something takes it", async (t) => {
  const api = await startTestApiServer({
    authorizers: [{ authorize: ({ user }) => ({ verdict: user.name === "eve" ? "deny" : "allow", reason: "" }) }],
  });
  t.after(() => api.stop());
  let reads = 0;
  const readBody = async () => {
    reads++;
    return new TextEncoder().encode('{"metadata":{"name":"a"}}');
  };
  const post = async (path: string, name: string) => {
    const user = { name, uid: "", groups: [], extra: {} };
    return (await api.server.handle({ method: "POST", path, headers: {} }, user, readBody)).status;
  };
  const path = "/api/v1/namespaces/default/configmaps";
  assert.equal(await post(path, "eve"), 403);
  assert.equal(await post(`${path}/a`, "jane"), 405);
  assert.equal(await post("/api/v1/unknown", "jane"), 404);
  assert.equal(await post("/api", "jane"), 405);
  assert.equal(reads, 0);
  assert.equal(await post(path, "jane"), 201);
  assert.equal(reads, 1);
});

test("a watch has the events from a resource version on, translated by its selector", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const { resourceVersion } = await client.list(configMapKind);
  const seen: string[] = [];
  const watching = (async () => {
    for await (const event of client.watch(configMapKind, { resourceVersion, labelSelector: "on=yes" })) {
      if (event.type === "BOOKMARK") continue;
      seen.push(`${event.type} ${event.object.metadata.name}`);
      if (event.type === "DELETED") return;
    }
  })();
  await client.create(configMapKind, map("a"));
  const key = { namespace: "default", name: "a" };
  await client.patch(configMapKind, key, "merge", { metadata: { labels: { on: "yes" } } });
  await client.patch(configMapKind, key, "merge", { data: { x: "1" } });
  await client.patch(configMapKind, key, "merge", { metadata: { labels: null } });
  await watching;
  assert.deepEqual(seen, ["ADDED a", "MODIFIED a", "DELETED a"]);
});

test("a pod that runs on a node is deleted with grace, and gone when the kubelet says so", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const key = { namespace: "default", name: "p" };
  await client.create(podKind, {
    metadata: key,
    spec: { nodeName: "n", terminationGracePeriodSeconds: 7, containers: [{ name: "c", image: "i" }] },
  });
  await client.delete(podKind, key);
  const dying = await client.get(podKind, key);
  assert.equal(dying.metadata.deletionGracePeriodSeconds, 7);
  await client.delete(podKind, key, { gracePeriodSeconds: 0 });
  await assert.rejects(client.get(podKind, key), isNotFound);
});

test("what is only tried is answered without a resource version, and not there afterwards", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const body = Buffer.from(JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "a" } }));
  const ask = (method: "GET" | "POST", path: string, body?: Buffer) =>
    api.handle({
      method,
      path: `/api/v1/namespaces/default/configmaps${path}`,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body }),
    });
  const tried = await ask("POST", "?dryRun=All", body);
  assert.equal(tried.status, 201);
  const { metadata } = JSON.parse(await text(tried.body));
  assert.equal(metadata.name, "a");
  assert.equal("resourceVersion" in metadata, false);
  assert.equal((await ask("GET", "/a")).status, 404);
});

const unknownKinds = [
  { path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", status: 200 },
  { path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.example.com", status: 404 },
  { path: "/apis/apps/v1/nothings", status: 404 },
];

for (const { path, status } of unknownKinds) {
  test(`${path} is answered with ${status}`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const response = await api.handle({ method: "GET", path, headers: {} });
    assert.equal(response.status, status);
    if (status === 200) assert.deepEqual(JSON.parse(await text(response.body)).items, []);
  });
}

test("requests for what is not there, or by methods that are not, are counted together, whatever they name", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const get = async (path: string) => text((await api.handle({ method: "GET", path, headers: {} })).body);
  await get("/api/v1/configmaps");
  for (let i = 0; i < 100; i++) await get(`/apis/made-up-${i}.example.com/v1/things-${i}`);
  for (let i = 0; i < 100; i++) {
    for (const path of ["/healthz", "/api/v1/pods"]) await api.handle({ method: `MADE-UP-${i}`, path, headers: {} });
  }
  const metrics = await get("/metrics");
  const counted = [...metrics.matchAll(/^apiserver_request_total\{(.*)\} (\d+)$/gm)].map(([, labels, count]) => {
    const values = new Map([...(labels ?? "").matchAll(/(\w+)="(.*?)"/g)].map(([, name, value]) => [name, value]));
    return `${count} ${values.get("verb")} ${values.get("resource")} ${values.get("code")}`;
  });
  assert.deepEqual(counted.sort(), ["1 LIST configmaps 200", "100 LIST  404", "100 other  200", "100 other pods 405"]);
  assert.doesNotMatch(metrics, /made-up/i);
});

const MAPS = "/api/v1/namespaces/default/configmaps";
const whileStopping: readonly { readonly name: string; readonly path: string; readonly isBefore: boolean }[] = [
  { name: "a list", path: MAPS, isBefore: false },
  { name: "a watch", path: `${MAPS}?watch=1`, isBefore: false },
  { name: "a get with a version", path: `${MAPS}/a?resourceVersion=0`, isBefore: false },
  {
    name: "a watch that waits for a version",
    path: `${MAPS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=999`,
    isBefore: true,
  },
];

for (const { name, path, isBefore } of whileStopping) {
  test(`a server that stops refuses ${name}, asked ${isBefore ? "before" : "after"} the stop`, async (t) => {
    const logged: string[] = [];
    const log = createLogger((line) => logged.push(line));
    const api = await startTestApiServer({ log, clock: createFakeClock() });
    t.after(() => api.stop());
    const request = { method: "GET", path, headers: {} };
    const asked = isBefore ? api.handle(request) : undefined;
    await settle();
    await api.server.stop();
    const { status, headers, body } = await (asked ?? api.handle(request));
    const { reason, message } = JSON.parse(await text(body));
    assert.deepEqual(
      [status, headers["retry-after"], reason, message],
      [503, "1", "ServiceUnavailable", "apiserver is shutting down"],
    );
    assert.deepEqual(logged, []);
  });
}
