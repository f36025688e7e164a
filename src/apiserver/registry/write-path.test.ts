import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { AdmissionPlugin, AdmissionRequest, ConnectRequest } from "../admission/admission.ts";
import { forbidden } from "../admission/refuse.ts";
import { responseAnswer } from "../answers/answer.ts";
import { textResponse } from "../http/response.ts";
import { podBinding } from "../subresources/pods/pod-binding.ts";
import type { SubresourceHandler } from "../subresources/subresource.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import { createTurns } from "./turns.ts";

/** What plugins were shown, in order. */
interface Seen {
  readonly phase: "admit" | "validate";
  readonly request: AdmissionRequest;
}

/** A server whose one plugin notes what it sees, and may change objects. */
async function started(
  t: TestContext,
  change: (request: AdmissionRequest) => KubeObject = ({ object }) => object,
  options: Parameters<typeof startTestApiServer>[0] = {},
) {
  const seen: Seen[] = [];
  const noting: AdmissionPlugin = {
    name: "Noting",
    admit(request) {
      seen.push({ phase: "admit", request });
      return change(request);
    },
    validate(request) {
      seen.push({ phase: "validate", request });
    },
  };
  const api = await startTestApiServer({ admission: [noting], ...options });
  t.after(() => api.stop());
  return { api, seen };
}

const MAPS = "/api/v1/namespaces/shop/configmaps";

async function send(
  api: Awaited<ReturnType<typeof startTestApiServer>>,
  request: string,
  body?: object,
  type = "application/json",
) {
  const [method = "", path = ""] = request.split(" ");
  const response = await api.handle({
    method,
    path,
    headers: { "content-type": type },
    ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await text(response.body)) };
}

test("plugins see a new object before its strategy and its name, and validate what is stored", async (t) => {
  const { api, seen } = await started(t);
  const containers = [{ name: "c", image: "i" }];
  const { body } = await send(api, "POST /api/v1/namespaces/shop/pods?fieldManager=me&dryRun=All", {
    metadata: { generateName: "web-", uid: "mine", creationTimestamp: "2020-01-01T00:00:00Z" },
    spec: { containers },
    status: { message: "mine" },
  });
  const [first, last] = seen.map(({ request }) => request as unknown as AdmissionRequest<Pod>);
  assert.deepEqual(
    seen.map(({ phase }) => phase),
    ["admit", "validate"],
  );
  assert.deepEqual([first?.name, first?.object.metadata.name, first?.object.metadata.uid], ["", undefined, undefined]);
  assert.equal(first?.object.metadata.namespace, "shop");
  assert.equal(first?.object.status.message, "mine");
  assert.equal(first?.object.spec.restartPolicy, "Always");
  assert.equal(first?.object.metadata.managedFields?.[0]?.manager, "me");
  assert.deepEqual(first?.options, {
    kind: "CreateOptions",
    apiVersion: "meta.k8s.io/v1",
    dryRun: ["All"],
    fieldManager: "me",
  });
  assert.equal(first?.dryRun, true);
  assert.deepEqual(first?.resource, { group: "", version: "v1", plural: "pods" });
  assert.match(last?.object.metadata.name ?? "", /^web-.{5}$/);
  assert.equal(last?.object.status.message, undefined);
  assert.equal(body.metadata.uid, last?.object.metadata.uid);
  assert.equal(body.status.message, undefined);
});

test("a status that a plugin gives a new object is not stored", async (t) => {
  const { api } = await started(
    t,
    ({ object }) => ({ ...object, status: { phase: "Running", message: "plugin" } }) as KubeObject,
  );
  const pod = await api.client().create(podKind, {
    metadata: { name: "p", namespace: "shop" },
    spec: { containers: [{ name: "c", image: "i" }] },
  });
  assert.deepEqual([pod.status.phase, pod.status.message], ["Pending", undefined]);
});

test("what a plugin makes of an object is decoded again: pruned, with defaults", async (t) => {
  const change = ({ object }: AdmissionRequest) =>
    ({
      ...object,
      spec: { containers: [{ name: "c", image: "i", unknown: 1 }], extra: true },
    }) as unknown as KubeObject;
  const { api } = await started(t, change);
  const pod = await api.client().create(podKind, {
    metadata: { name: "p", namespace: "shop" },
    spec: { containers: [{ name: "x", image: "y" }] },
  });
  assert.equal("extra" in pod.spec, false);
  assert.equal("unknown" in (pod.spec.containers[0] ?? {}), false);
  assert.equal(pod.spec.containers[0]?.terminationMessagePath, "/dev/termination-log");
});

test("managedFields that a plugin breaks are kept as they were before it, and the client is warned", async (t) => {
  const change = ({ object }: AdmissionRequest) =>
    ({
      ...object,
      metadata: { ...object.metadata, labels: { by: "plugin" }, managedFields: [{ manager: "m", operation: "Guess" }] },
    }) as KubeObject;
  const { api } = await started(t, change);
  for (const request of [`POST ${MAPS}?fieldManager=me`, `PUT ${MAPS}/m?fieldManager=me`]) {
    const { headers, body } = await send(api, request, { metadata: { name: "m" }, data: { a: request } });
    assert.match(headers.warning ?? "", /managedFields was in an invalid state after admission/, request);
    assert.equal(body.metadata.labels.by, "plugin");
    assert.deepEqual(
      body.metadata.managedFields.map(({ manager, operation }: { manager: string; operation: string }) => [
        manager,
        operation,
      ]),
      [["me", "Update"]],
    );
  }
});

test("a generated name that is taken does not run plugins that change objects again", async (t) => {
  const memory = createMemoryStore();
  let isTaken = false;
  const store: typeof memory = {
    ...memory,
    async txn(request) {
      const [write] = request.success;
      if (!isTaken && write?.type === "put") {
        isTaken = true;
        await memory.txn({ compare: [], success: [write] });
      }
      return memory.txn(request);
    },
  };
  const { api, seen } = await started(t, undefined, { store });
  const map = await api.client().create(configMapKind, { metadata: { generateName: "m-", namespace: "shop" } });
  assert.equal(isTaken, true);
  assert.deepEqual(
    seen.map(({ phase }) => phase),
    ["admit", "validate", "validate"],
  );
  assert.equal(seen.at(-1)?.request.object.metadata.name, map.metadata.name);
});

test("plugins see an update as the client wrote it, and validate what is stored", async (t) => {
  const { api, seen } = await started(t);
  const client = api.client();
  const container = { name: "c", image: "i" };
  const pod = await client.create(podKind, {
    metadata: { name: "p", namespace: "shop" },
    spec: { containers: [container] },
  });
  seen.length = 0;
  const [stored] = pod.spec.containers;
  assert.ok(stored !== undefined);
  const changed = {
    ...pod,
    spec: { ...pod.spec, containers: [{ ...stored, image: "other" }] },
    status: { ...pod.status, message: "mine" },
  };
  await client.update(podKind, changed, { subresource: "status" });
  const [first, last] = seen.map(({ request }) => request as unknown as AdmissionRequest<Pod>);
  assert.deepEqual([first?.subresource, first?.operation, first?.name], ["status", "update", "p"]);
  assert.equal(first?.object.spec.containers[0]?.image, "other");
  assert.equal(last?.object.spec.containers[0]?.image, "i");
  assert.equal(last?.object.status.message, "mine");
  assert.equal(first?.previous?.metadata.uid, pod.metadata.uid);
});

test("a patch has the options of the update, or of the creation, that it becomes", async (t) => {
  const { api, seen } = await started(t);
  const apply = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" }, data: { a: "b" } };
  const path = `${MAPS}/m?fieldManager=me&fieldValidation=Strict`;
  await send(api, `PATCH ${path}`, apply, "application/apply-patch+yaml");
  await send(api, `PATCH ${path}`, { data: { a: "c" } }, "application/merge-patch+json");
  const given = { apiVersion: "meta.k8s.io/v1", fieldManager: "me", fieldValidation: "Strict" };
  const admitted = seen.filter(({ phase }) => phase === "admit").map(({ request }) => request);
  assert.deepEqual(
    admitted.map(({ operation, options }) => ({ operation, options })),
    [
      { operation: "create", options: { kind: "CreateOptions", ...given } },
      { operation: "update", options: { kind: "UpdateOptions", ...given } },
    ],
  );
});

test("a deletion is shown with its options and what is stored", async (t) => {
  const { api, seen } = await started(t);
  await api.client().create(configMapKind, { metadata: { name: "m", namespace: "shop" } });
  seen.length = 0;
  await send(api, `DELETE ${MAPS}/m`, { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" });
  const [first] = seen;
  assert.equal(first?.request.operation, "delete");
  assert.equal(first?.request.previous?.metadata.name, "m");
  assert.equal(first?.request.options.kind, "DeleteOptions");
  assert.equal(first?.request.options.propagationPolicy, "Background");
});

test("plugins see a Scale, not its workload, and what they make of it becomes the workload's", async (t) => {
  const change = ({ object, kind }: AdmissionRequest) =>
    kind.kind === "Scale" ? ({ ...object, spec: { replicas: 7 } } as KubeObject) : object;
  const { api, seen } = await started(t, change);
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
  await api.client().create(deploymentKind, {
    metadata: { name: "d", namespace: "shop" },
    spec: { replicas: 1, selector: { matchLabels: { a: "b" } }, template },
  });
  seen.length = 0;
  const path = "/apis/apps/v1/namespaces/shop/deployments/d/scale";
  const { body } = await send(api, `PUT ${path}`, {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: { name: "d", namespace: "shop" },
    spec: { replicas: 3 },
  });
  assert.equal(body.spec.replicas, 7);
  const [first] = seen.map(
    ({ request }) => request as unknown as AdmissionRequest<KubeObject & { spec: { replicas: number } }>,
  );
  assert.deepEqual(first?.kind.kind, "Scale");
  assert.deepEqual(first?.resource.plural, "deployments");
  assert.deepEqual([first?.object.spec.replicas, first?.previous?.spec.replicas], [3, 1]);
  const deployment = await api.client().get(deploymentKind, { name: "d", namespace: "shop" });
  assert.equal(deployment.spec.replicas, 7);
  const entry = deployment.metadata.managedFields?.find(({ subresource }) => subresource === "scale");
  assert.deepEqual(entry?.fieldsV1, { "f:spec": { "f:replicas": {} } });
});

test("what is created below an object passes admission, too", async (t) => {
  const refused: AdmissionPlugin = {
    name: "NoBindings",
    validate(request) {
      if (request.kind.kind === "Binding") throw forbidden(request, "no bindings");
    },
  };
  const { api, seen } = await started(t);
  const { store } = api;
  await api.client().create(podKind, {
    metadata: { name: "p", namespace: "shop" },
    spec: { containers: [{ name: "c", image: "i" }] },
  });
  const second = await startTestApiServer({
    store,
    admission: [refused],
    subresources: [podBinding({ store, turns: createTurns(), clock: { now: () => 0 } })],
  });
  t.after(() => second.stop());
  const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: "p" }, target: { kind: "Node", name: "n" } };
  const { status, body } = await send(second, "POST /api/v1/namespaces/shop/pods/p/binding", binding);
  assert.equal(`${status} ${body.message}`, '403 pods "p" is forbidden: no bindings');
  assert.ok(seen.length > 0);
});

test("plugins see connections, with what their query says", async (t) => {
  const connections: ConnectRequest[] = [];
  const exec: SubresourceHandler = {
    groupResource: "pods",
    name: "exec",
    isLong: true,
    handle: async () => responseAnswer(textResponse(200, "done")),
  };
  const noting: AdmissionPlugin = { name: "Noting", connect: (request) => void connections.push(request) };
  const api = await startTestApiServer({ admission: [noting], subresources: [exec] });
  t.after(() => api.stop());
  await api.client().create(podKind, {
    metadata: { name: "p", namespace: "shop" },
    spec: { containers: [{ name: "c", image: "i" }] },
  });
  const query = "command=sh&command=-c&container=c&stdin=true&stdout=1&tty=false";
  const path = `/api/v1/namespaces/shop/pods/p/exec?${query}`;
  await api.handle({ method: "POST", path, headers: {} });
  const [seen] = connections;
  assert.deepEqual(seen?.object, {
    kind: "PodExecOptions",
    apiVersion: "v1",
    stdin: true,
    stdout: true,
    container: "c",
    command: ["sh", "-c"],
  });
  assert.deepEqual(
    [seen?.operation, seen?.subresource, seen?.name, seen?.kind.kind],
    ["connect", "exec", "p", "PodExecOptions"],
  );
});

test("plugins warn, also of what is refused", async (t) => {
  const warning: AdmissionPlugin = {
    name: "Warning",
    validate(request) {
      request.warn(["think again"]);
      throw forbidden(request, "no");
    },
  };
  const { api } = await started(t, undefined, { admission: [warning] });
  const { status, headers } = await send(api, `POST ${MAPS}`, { metadata: { name: "m" } });
  assert.deepEqual([status, headers.warning], [403, '299 - "think again"']);
});

test("an owner that is named twice is kept once, and the client is warned", async (t) => {
  const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "1" };
  const { api } = await started(t);
  const metadata = { name: "m", ownerReferences: [owner, { ...owner, name: "q" }, owner] };
  const { body, headers } = await send(api, `POST ${MAPS}`, { metadata });
  assert.deepEqual(body.metadata.ownerReferences, [owner, { ...owner, name: "q" }]);
  assert.match(headers.warning ?? "", /contains duplicate entries; .* duplicate UID\(s\) observed: 1"/);
  const patch = { metadata: { ownerReferences: [owner, owner] } };
  const patched = await send(api, `PATCH ${MAPS}/m`, patch, "application/merge-patch+json");
  assert.deepEqual(patched.body.metadata.ownerReferences, [owner]);
  assert.match(patched.headers.warning ?? "", /duplicate entries after mutating admission happens; /);
});

const finalizing: readonly {
  readonly name: string;
  readonly ends: boolean;
  readonly given: object;
  readonly want: string;
}[] = [
  { name: "the last finalizer of an ending namespace ends it", ends: true, given: { spec: {} }, want: "gone" },
  {
    name: "another one holds it",
    ends: true,
    given: { spec: { finalizers: ["example.com/x"] } },
    want: "example.com/x",
  },
  { name: "a namespace that is not deleted stays", ends: false, given: { spec: {} }, want: "" },
  {
    name: "a finalizer that is none",
    ends: false,
    given: { spec: { finalizers: ["mine"] } },
    want: "422",
  },
  {
    name: "a stale writer",
    ends: false,
    given: { metadata: { name: "n", resourceVersion: "1" }, spec: {} },
    want: "409",
  },
];

for (const { name, ends, given, want } of finalizing) {
  test(`finalize: ${name}`, async (t) => {
    const { api } = await started(t);
    const client = api.client();
    await client.create(namespaceKind, { metadata: { name: "n" } });
    if (ends) await client.delete(namespaceKind, { name: "n" });
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" }, ...given };
    const answer = await send(api, "PUT /api/v1/namespaces/n/finalize", body);
    const after = await send(api, "GET /api/v1/namespaces/n");
    const shown = after.status === 404 ? "gone" : (after.body.spec.finalizers ?? []).join();
    assert.equal(answer.status === 200 ? shown : String(answer.status), want);
  });
}

test("what a store cannot write at once is refused, and nothing of it is written", async (t) => {
  const memory = createMemoryStore();
  const store = { ...memory, limits: { operationsMax: 4, bytesMax: 2_000 } };
  const { api } = await started(t, undefined, { store });
  const large = { metadata: { name: "m" }, data: { a: "x".repeat(2_000) } };
  const map = await send(api, `POST ${MAPS}`, large);
  assert.equal(`${map.status} ${map.body.message}`, "413 Request entity too large: limit is 2000");
  const ports = [80, 81, 82].map((port) => ({ name: `p${port}`, port }));
  const service = { metadata: { name: "s" }, spec: { type: "NodePort", ports } };
  const answer = await send(api, "POST /api/v1/namespaces/shop/services", service);
  assert.match(answer.body.message, /what it claims are 5 writes of the store, limit is 4$/);
  assert.equal((await send(api, "GET /api/v1/namespaces/shop/services/s")).status, 404);
});
