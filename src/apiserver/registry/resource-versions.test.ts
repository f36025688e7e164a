import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { horizontalPodAutoscalerKind as hpaV1Kind } from "@fairlead/api/autoscaling/v1/horizontalpodautoscaler/horizontalpodautoscaler";
import {
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalerKind as hpaV2Kind,
} from "@fairlead/api/autoscaling/v2/horizontalpodautoscaler/horizontalpodautoscaler";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { eventKind as eventsEventKind } from "@fairlead/api/events/v1/event/event";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import type { Client, WatchEvent } from "@fairlead/client/client";
import { startTestApiServer, type TestApiServer } from "../testing/start-test-server.testing.ts";
import type { WidgetV1 } from "../testing/widgets.testing.ts";
import { widgetKindV1, widgetKindV2, widgets } from "../testing/widgets.testing.ts";

const key = { namespace: "default", name: "w" };

async function start(t: TestContext): Promise<Client> {
  const api = await startTestApiServer({ resources: [widgets] });
  t.after(() => api.stop());
  return api.client();
}

/** Manager, version and fields of each entry: `a example.com/v1 {"f:spec":...}`. */
function owners({ metadata }: Pick<WidgetV1, "metadata">): readonly string[] {
  return (metadata.managedFields ?? []).map(
    ({ manager, apiVersion, fieldsV1 }) => `${manager} ${apiVersion} ${JSON.stringify(fieldsV1)}`,
  );
}

test("an object written in one version is read in the other, with the defaults of the version it was written in", async (t) => {
  const client = await start(t);
  const created = await client.create(widgetKindV1, { metadata: key, spec: { color: "red" } });
  assert.deepEqual([created.apiVersion, created.spec], ["example.com/v1", { size: 1, color: "red" }]);
  const read = await client.get(widgetKindV2, key);
  assert.deepEqual([read.apiVersion, read.spec], ["example.com/v2", { replicas: 1, look: { color: "red" } }]);
  assert.equal(read.metadata.uid, created.metadata.uid);
  assert.equal(read.metadata.resourceVersion, created.metadata.resourceVersion);
  assert.equal(read.metadata.generation, 1);
});

test("an update in one version loses nothing that only the other one knows", async (t) => {
  const client = await start(t);
  await client.create(widgetKindV2, { metadata: key, spec: { replicas: 3, look: { color: "red", pattern: "dots" } } });
  const read = await client.get(widgetKindV1, key);
  await client.update(widgetKindV1, { ...read, spec: { ...read.spec, color: "blue" } });
  assert.deepEqual((await client.get(widgetKindV2, key)).spec, {
    replicas: 3,
    look: { color: "blue", pattern: "dots" },
  });
});

for (const type of ["merge", "strategic", "json"] as const) {
  test(`a ${type} patch in one version changes the object in the other`, async (t) => {
    const client = await start(t);
    await client.create(widgetKindV2, { metadata: key, spec: { replicas: 3, look: { pattern: "dots" } } });
    const patch = type === "json" ? [{ op: "add", path: "/spec/color", value: "blue" }] : { spec: { color: "blue" } };
    const patched = await client.patch(widgetKindV1, key, type, patch);
    assert.deepEqual(patched.spec, { size: 3, color: "blue" });
    const { spec, metadata } = await client.get(widgetKindV2, key);
    assert.deepEqual(spec, { replicas: 3, look: { color: "blue", pattern: "dots" } });
    assert.equal(metadata.generation, 2);
  });
}

test("a list shows every object in the version of its path, whatever each was written in", async (t) => {
  const client = await start(t);
  await client.create(widgetKindV1, { metadata: { ...key, name: "a" }, spec: { color: "red" } });
  await client.create(widgetKindV2, {
    metadata: { ...key, name: "b" },
    spec: { replicas: 2, look: { color: "blue" } },
  });
  const inV1 = await client.list(widgetKindV1, { namespace: "default" });
  assert.deepEqual(
    inV1.items.map(({ apiVersion, spec }) => [apiVersion, spec]),
    [
      ["example.com/v1", { size: 1, color: "red" }],
      ["example.com/v1", { size: 2, color: "blue" }],
    ],
  );
  const inV2 = await client.list(widgetKindV2, { namespace: "default" });
  assert.deepEqual(
    inV2.items.map(({ spec }) => spec.look?.color),
    ["red", "blue"],
  );
});

test("a field selector names the fields of the version of its path", async (t) => {
  const client = await start(t);
  for (const [name, color] of [
    ["a", "red"],
    ["b", "blue"],
    ["c", "blue"],
  ] as const) {
    await client.create(widgetKindV2, { metadata: { ...key, name }, spec: { look: { color } } });
  }
  const named = async (fieldSelector: string, limit?: number) =>
    (await client.list(widgetKindV1, { fieldSelector, limit })).items.map(({ metadata }) => metadata.name);
  assert.deepEqual(await named("spec.color=blue"), ["b", "c"]);
  assert.deepEqual(await named("spec.color=blue", 1), ["b"]);
  assert.deepEqual(await named("spec.color!=blue"), ["a"]);
  assert.deepEqual(await named("metadata.name=c"), ["c"]);
  await assert.rejects(named("spec.look.color=blue"), /field label not supported/);
  const { items } = await client.list(widgetKindV2, { fieldSelector: "spec.look.color=red" });
  assert.equal(items.length, 1);
});

async function take<T>(events: AsyncIterable<WatchEvent<T>>, count: number): Promise<WatchEvent<T>[]> {
  const taken: WatchEvent<T>[] = [];
  for await (const event of events) {
    if (event.type === "BOOKMARK") continue;
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

test("a watch in one version sees the writes of the other, and what a selector of its fields makes of them", async (t) => {
  const client = await start(t);
  const { resourceVersion } = await client.list(widgetKindV1);
  const all = take(client.watch(widgetKindV1, { resourceVersion }), 3);
  const blue = take(client.watch(widgetKindV1, { resourceVersion, fieldSelector: "spec.color=blue" }), 2);
  await client.create(widgetKindV2, { metadata: key, spec: { look: { color: "red" } } });
  await client.patch(widgetKindV2, key, "merge", { spec: { look: { color: "blue" } } });
  await client.delete(widgetKindV2, key);
  const colors = (events: WatchEvent<WidgetV1>[]) =>
    events.map((event) => (event.type === "BOOKMARK" ? "" : `${event.type} ${event.object.spec.color}`));
  assert.deepEqual(colors(await all), ["ADDED red", "MODIFIED blue", "DELETED blue"]);
  assert.deepEqual(colors(await blue), ["ADDED blue", "DELETED blue"]);
});

test("fields are owned in the version in which they were written, and change their owner across versions", async (t) => {
  const client = await start(t);
  await client.create(widgetKindV1, { metadata: key, spec: { size: 2, color: "red" } }, { fieldManager: "a" });
  const first = await client.patch(widgetKindV2, key, "merge", { spec: { replicas: 5 } }, { fieldManager: "b" });
  assert.deepEqual(owners(first), [
    'a example.com/v1 {"f:spec":{"f:color":{}}}',
    'b example.com/v2 {"f:spec":{"f:replicas":{}}}',
  ]);
});

test("server-side apply: conflicts are found across versions, and force takes the fields", async (t) => {
  const client = await start(t);
  const apiVersion = "example.com/v2";
  const applied = { apiVersion, kind: "Widget", metadata: key, spec: { look: { color: "green" }, tags: ["x"] } };
  await client.create(widgetKindV1, { metadata: key, spec: { color: "red" } }, { fieldManager: "a" });
  await assert.rejects(
    client.patch(widgetKindV2, key, "apply", applied, { fieldManager: "b" }),
    /Apply failed with 1 conflict: conflict with "a" using example.com\/v1: .spec.color/,
  );
  const forced = await client.patch(widgetKindV2, key, "apply", applied, { fieldManager: "b", force: true });
  assert.deepEqual(forced.spec, { replicas: 1, look: { color: "green" }, tags: ["x"] });
  assert.deepEqual(owners(forced), [
    'b example.com/v2 {"f:spec":{"f:look":{"f:color":{}},"f:tags":{"v:\\"x\\"":{}}}}',
    'a example.com/v1 {"f:spec":{"f:size":{}}}',
  ]);
});

test("server-side apply in another version than before removes what is no longer applied", async (t) => {
  const client = await start(t);
  const inV1 = { apiVersion: "example.com/v1", kind: "Widget", metadata: key };
  const inV2 = { apiVersion: "example.com/v2", kind: "Widget", metadata: key };
  const apply = (kind: typeof widgetKindV1 | typeof widgetKindV2, fieldManager: string, object: object) =>
    client.patch(kind as typeof widgetKindV2, key, "apply", object, { fieldManager });
  await apply(widgetKindV1, "a", { ...inV1, spec: { size: 4, color: "red", tags: ["x", "y"] } });
  await apply(widgetKindV2, "b", { ...inV2, spec: { tags: ["y", "z"] } });
  const left = await apply(widgetKindV2, "a", { ...inV2, spec: { replicas: 4 } });
  assert.deepEqual(left.spec, { replicas: 4, tags: ["y", "z"] });
  const back = await apply(widgetKindV1, "b", { ...inV1, spec: { tags: ["z"] } });
  assert.deepEqual((await client.get(widgetKindV2, key)).spec, { replicas: 4, tags: ["z"] });
  assert.deepEqual(owners(back), [
    'a example.com/v2 {"f:spec":{"f:replicas":{}}}',
    'b example.com/v1 {"f:spec":{"f:tags":{"v:\\"z\\"":{}}}}',
  ]);
});

test("an autoscaler keeps what version 1 does not know when it is applied in version 1", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const hpaKey = { namespace: "default", name: "web" };
  const spec = { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 5 };
  const memory = {
    type: "Resource",
    resource: { name: "memory", target: { type: "AverageValue", averageValue: "100Mi" } },
  };
  const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } };
  await client.create(hpaV2Kind, { metadata: hpaKey, spec: { ...spec, metrics: [memory] } }, { fieldManager: "a" });
  const applied = {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    spec: { ...spec, targetCPUUtilizationPercentage: 60 },
  };
  const inV1 = await client.patch(hpaV1Kind, hpaKey, "apply", applied, { fieldManager: "b", force: true });
  assert.equal(inV1.spec.targetCPUUtilizationPercentage, 60);
  assert.match(inV1.metadata.annotations?.["autoscaling.alpha.kubernetes.io/metrics"] ?? "", /100Mi/);
  const inV2 = await client.get(hpaV2Kind, hpaKey);
  assert.deepEqual(inV2.spec.metrics, [memory, cpu]);
  assert.equal(inV2.metadata.annotations, undefined);
  assert.deepEqual(
    inV2.metadata.managedFields?.map(({ manager, apiVersion }) => `${manager} ${apiVersion}`),
    ["b autoscaling/v1", "a autoscaling/v2"],
  );
  const { items } = await client.list(hpaV1Kind);
  assert.deepEqual(items, [withoutManagers(inV1)]);
});

/** Metrics of an autoscaler, and what a table shows of them in both versions. The status has a percentage of cpu alone. */
const metricTables: { readonly name: string; readonly metrics: readonly string[]; readonly want: string }[] = [
  { name: "cpu first", metrics: ["cpu", "queue"], want: "cpu: 20%/50%, <unknown>/30 (avg)" },
  { name: "cpu last", metrics: ["queue", "cpu"], want: "<unknown>/30 (avg), cpu: <unknown>/50%" },
  {
    name: "cpu between others",
    metrics: ["queue", "cpu", "rate"],
    want: "<unknown>/30 (avg), cpu: <unknown>/50% + 1 more...",
  },
  { name: "no cpu", metrics: ["rate"], want: "<unknown>/5" },
];

const METRICS: Readonly<Record<string, object>> = {
  cpu: { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
  queue: {
    type: "External",
    external: { metric: { name: "q" }, target: { type: "AverageValue", averageValue: "30" } },
  },
  rate: { type: "Pods", pods: { metric: { name: "r" }, target: { type: "AverageValue", averageValue: "5" } } },
};

for (const { name, metrics, want } of metricTables) {
  test(`tables of both versions show an autoscaler's metrics in the stored order: ${name}`, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const client = api.client();
    const hpaKey = { namespace: "default", name: "web" };
    await client.create(hpaV2Kind, {
      metadata: hpaKey,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        maxReplicas: 5,
        metrics: metrics.map((metric) => METRICS[metric]),
      },
    } as Draft<HorizontalPodAutoscaler>);
    const cpu = { type: "Resource", resource: { name: "cpu", current: { averageValue: "1", averageUtilization: 20 } } };
    const status = { status: { desiredReplicas: 3, currentMetrics: [cpu] } };
    await client.patch(hpaV2Kind, hpaKey, "merge", status, { subresource: "status" });
    const path = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
    const shown = await Promise.all([path("v1"), path("v2"), `${path("v1")}/web`].map((asked) => tableOf(api, asked)));
    assert.deepEqual(
      shown.map(({ rows }) => rows[0]?.cells[2]),
      [want, want, want],
    );
    assert.equal(shown[0]?.rows[0]?.object.apiVersion, "autoscaling/v1");
  });
}

interface Table {
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: { readonly apiVersion: string } }[];
}

async function tableOf(api: TestApiServer, path: string): Promise<Table> {
  const headers = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
  const { body } = await api.handle({ method: "GET", path: `${path}?includeObject=Object`, headers });
  return JSON.parse(await text(body)) as Table;
}

test("an event is one object under both of its groups, whichever it was written in", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const eventKey = { namespace: "default", name: "e" };
  const { resourceVersion } = await client.list(eventsEventKind);
  const seen = take(client.watch(eventsEventKind, { resourceVersion }), 1);
  const written = await client.create(eventKind, {
    metadata: eventKey,
    involvedObject: { kind: "Pod", name: "p", namespace: "default" },
    reason: "Started",
    message: "Container started",
    type: "Normal",
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:00:00Z",
    count: 1,
    source: { component: "kubelet" },
  });
  const read = await client.get(eventsEventKind, eventKey);
  assert.equal(read.apiVersion, "events.k8s.io/v1");
  assert.equal(read.note, "Container started");
  assert.equal(read.regarding?.name, "p");
  assert.equal(read.deprecatedSource?.component, "kubelet");
  assert.equal(read.metadata.uid, written.metadata.uid);
  const [told] = await seen;
  assert.ok(told?.type === "ADDED" && told.object.reason === "Started");
  assert.deepEqual((await client.list(eventsEventKind)).items, [withoutManagers(read)]);

  const path = "/apis/events.k8s.io/v1/namespaces/default/events";
  const { rows } = await tableOf(api, path);
  assert.deepEqual(rows[0]?.cells.slice(1, 4), ["Normal", "Started", "pod/p"]);

  await client.update(eventKind, { ...written, count: 2 });
  assert.equal((await client.get(eventsEventKind, eventKey)).deprecatedCount, 2);
  await client.delete(eventsEventKind, eventKey);
  assert.deepEqual((await client.list(eventKind)).items, []);
});

/** As lists show an object to clients in this process. */
function withoutManagers<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
