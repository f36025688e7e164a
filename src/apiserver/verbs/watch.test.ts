import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { decodeEnvelope } from "@fairlead/api/codec/protobuf/decode-envelope";
import { decodeMessage } from "@fairlead/api/codec/protobuf/decode-message";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { statusSchema } from "@fairlead/api/meta/v1/status";
import { field, t as scalars, struct } from "@fairlead/api/schema";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { watchMessages } from "../http/watch-messages.ts";
import type { TestApiServer } from "../testing/start-test-server.testing.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

interface Line {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly code?: number;
    readonly message?: string;
    readonly details?: unknown;
    readonly rows?: readonly { readonly cells: readonly unknown[] }[];
    readonly columnDefinitions?: readonly unknown[] | null;
    readonly metadata: {
      readonly name?: string;
      readonly resourceVersion?: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
}

async function started(t: TestContext): Promise<TestApiServer> {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  return api;
}

const create = (api: TestApiServer, name: string) =>
  api.client().create(configMapKind, { metadata: { name, namespace: "a" } });

/** Reads `count` lines of a watch, then leaves it. */
async function read(api: TestApiServer, query: string, count: number, accept = "application/json"): Promise<Line[]> {
  const path = `/api/v1/configmaps?watch=1&${query}`;
  const { body } = await api.handle({ method: "GET", path, headers: { accept } });
  const lines: Line[] = [];
  for await (const chunk of body) {
    for (const line of Buffer.from(chunk).toString().trimEnd().split("\n")) lines.push(JSON.parse(line));
    if (lines.length >= count) break;
  }
  return lines;
}

const shown = (lines: readonly Line[]) =>
  lines.map(({ type, object }) => `${type} ${object.metadata.name ?? object.kind}`);

test("without a version a watch starts with the objects that exist", async (t) => {
  const api = await started(t);
  await create(api, "x");
  await create(api, "y");
  assert.deepEqual(shown(await read(api, "", 2)), ["ADDED x", "ADDED y"]);
});

test("a change before the first line is read is sent once, after the state from before", async (t) => {
  const api = await started(t);
  const x = await create(api, "x");
  const watching = api.handle({ method: "GET", path: "/api/v1/configmaps?watch=1", headers: {} });
  const { body } = await watching;
  await api.client().update(configMapKind, { ...x, data: { changed: "yes" } });
  await create(api, "y");
  const lines: Line[] = [];
  for await (const chunk of body) {
    for (const line of Buffer.from(chunk).toString().trimEnd().split("\n")) lines.push(JSON.parse(line));
    if (lines.some(({ object }) => object.metadata.name === "y")) break;
  }
  assert.deepEqual(shown(lines), ["ADDED x", "MODIFIED x", "ADDED y"]);
  const revisions = lines.map(({ object }) => Number(object.metadata.resourceVersion));
  assert.deepEqual(
    revisions.toSorted((a, b) => a - b),
    revisions,
  );
  assert.equal(new Set(revisions).size, 3);
});

const oldPaths: readonly (readonly [path: string, want: readonly string[]])[] = [
  ["/api/v1/watch/configmaps", ["ADDED x", "ADDED y", "ADDED z"]],
  ["/api/v1/watch/namespaces/a/configmaps", ["ADDED x", "ADDED y"]],
  ["/api/v1/watch/namespaces/a/configmaps/y", ["ADDED y"]],
  ["/api/v1/watch/namespaces/b/configmaps?watch=false", ["ADDED z"]],
];

for (const [path, want] of oldPaths) {
  test(`a path that says watch is a watch: ${path}`, async (t) => {
    const api = await started(t);
    await create(api, "x");
    await create(api, "y");
    await api.client().create(configMapKind, { metadata: { name: "z", namespace: "b" } });
    const end = path.includes("?") ? "&timeoutSeconds=1" : "?timeoutSeconds=1";
    const { body } = await api.handle({ method: "GET", path: `${path}${end}`, headers: {} });
    const lines: Line[] = [];
    for await (const chunk of body) {
      for (const line of Buffer.from(chunk).toString().trimEnd().split("\n")) lines.push(JSON.parse(line));
    }
    assert.deepEqual(shown(lines), want);
  });
}

test("initial events end with a bookmark that says so", async (t) => {
  const api = await started(t);
  await create(api, "x");
  const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  const lines = await read(api, query, 2);
  assert.deepEqual(shown(lines), ["ADDED x", "BOOKMARK ConfigMap"]);
  assert.deepEqual(lines[1]?.object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
});

test("a watch from a version tells every change after it, and the version of a deletion", async (t) => {
  const api = await started(t);
  const { metadata } = await create(api, "x");
  await create(api, "y");
  await api.client().delete(configMapKind, { namespace: "a", name: "x" });
  const lines = await read(api, `resourceVersion=${metadata.resourceVersion}`, 2);
  assert.deepEqual(shown(lines), ["ADDED y", "DELETED x"]);
  assert.equal(Number(lines[1]?.object.metadata.resourceVersion), Number(metadata.resourceVersion) + 2);
});

test("a watch ends when its time is up, with a last bookmark for who wants one", async (t) => {
  const api = await started(t);
  await create(api, "x");
  const query = "resourceVersion=2&timeoutSeconds=1&allowWatchBookmarks=true";
  assert.deepEqual(shown(await read(api, query, 9)), ["BOOKMARK ConfigMap"]);
});

const ends: readonly { readonly name: string; readonly reads: number; readonly want: readonly string[] }[] = [
  { name: "with changes left to send", reads: 1, want: ["ADDED x"] },
  { name: "with every change sent", reads: 2, want: ["ADDED x", "ADDED y", "BOOKMARK ConfigMap"] },
];

for (const { name, reads, want } of ends) {
  test(`a bookmark stands behind all changes that it covers: a watch that times out ${name}`, async (t) => {
    const clock = createFakeClock();
    const api = await startTestApiServer({ clock });
    t.after(() => api.stop());
    // Each is a chunk of its own.
    const data = { text: "x".repeat(50_000) };
    for (const object of ["x", "y"]) {
      await api.client().create(configMapKind, { metadata: { name: object, namespace: "a" }, data });
    }
    const path = "/api/v1/configmaps?watch=1&resourceVersion=1&timeoutSeconds=1&allowWatchBookmarks=true";
    const chunks = (await api.handle({ method: "GET", path, headers: {} })).body[Symbol.asyncIterator]();
    const lines: Line[] = [];
    for (let read = 0; ; read++) {
      if (read === reads) await clock.advance(2_000);
      const { done, value } = await chunks.next();
      if (done) break;
      lines.push(JSON.parse(Buffer.from(value).toString()));
    }
    assert.deepEqual(shown(lines), want);
  });
}

test("a version from before the store's last compaction is refused as too old, among the events", async (t) => {
  const api = await startedOnCompactedStore(t);
  const lines = await read(api, "resourceVersion=1", 1);
  assert.deepEqual(shown(lines), ["ERROR Status"]);
  assert.equal(lines[0]?.object.code, 410);
});

test("a watch from a version that the store has not reached waits for what comes after it", async (t) => {
  const api = await started(t);
  const { metadata } = await create(api, "x");
  const ahead = Number(metadata.resourceVersion) + 1;
  const reading = read(api, `resourceVersion=${ahead}`, 1);
  await create(api, "y");
  await create(api, "z");
  assert.deepEqual(shown(await reading), ["ADDED z"]);
});

test("initial events of a version that the store does not reach are refused among the events", async (t) => {
  const clock = createFakeClock();
  const api = await startTestApiServer({ clock });
  t.after(() => api.stop());
  const reading = read(api, "resourceVersion=999&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", 1);
  while (clock.sleepers === 0) await new Promise(setImmediate);
  await clock.advance(3_000);
  const [line] = await reading;
  assert.equal(line?.type, "ERROR");
  const { code, message, details } = line?.object ?? {};
  assert.equal(code, 504);
  assert.match(message ?? "", /^Timeout: Too large resource version: 999, current: \d+$/);
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  assert.deepEqual(details, { causes, retryAfterSeconds: 1 });
});

test("a table is sent row by row, its columns once", async (t) => {
  const api = await started(t);
  await create(api, "x");
  await create(api, "y");
  const lines = await read(api, "", 2, "application/json;as=Table;v=v1;g=meta.k8s.io");
  assert.deepEqual(
    lines.map(({ object }) => object.rows?.[0]?.cells[0]),
    ["x", "y"],
  );
  assert.notEqual(lines[0]?.object.columnDefinitions, null);
  assert.equal(lines[1]?.object.columnDefinitions, null);
});

const INITIAL = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
const inProtobuf: readonly { readonly name: string; readonly query: string; readonly count: number }[] = [
  { name: "the state and its bookmark", query: INITIAL, count: 2 },
  { name: "changes", query: "resourceVersion=1", count: 3 },
  { name: "a selector's changes", query: "resourceVersion=1&fieldSelector=metadata.name%3Dx", count: 2 },
];

for (const { name, query, count } of inProtobuf) {
  test(`a watch in protobuf tells what a watch in JSON tells: ${name}`, async (t) => {
    const api = await started(t);
    await create(api, "x");
    await create(api, "y");
    await api.client().delete(configMapKind, { name: "x", namespace: "a" });
    const [events, wanted] = [await readProtobuf(api, query, count), await read(api, query, count)];
    // What JSON has as null, protobuf does not have.
    const withoutNull = JSON.stringify(wanted, (_key, value) => (value === null ? undefined : value));
    assert.deepEqual(events, JSON.parse(withoutNull));
  });
}

test("a watch in protobuf of metadata", async (t) => {
  const api = await started(t);
  const { metadata } = await create(api, "x");
  const as = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  const [event] = await readProtobuf(api, "resourceVersion=1", 1, as);
  const object = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
  assert.deepEqual(event, { type: "ADDED", object: JSON.parse(JSON.stringify(object)) });
});

test("a watch in protobuf that cannot begin says so in a Status", async (t) => {
  const api = await startedOnCompactedStore(t);
  const [event] = await readProtobuf(api, "resourceVersion=1", 1);
  assert.equal(event?.type, "ERROR");
  assert.equal(event?.object.kind, "Status");
  assert.equal(event?.object.code, 410);
});

/** A server on a store whose history begins after version 1. */
async function startedOnCompactedStore(t: TestContext): Promise<TestApiServer> {
  const first = await started(t);
  await create(first, "x");
  const { metadata } = await create(first, "y");
  await first.store.compact(Number(metadata.resourceVersion));
  const second = await startTestApiServer({ store: first.store });
  t.after(() => second.stop());
  return second;
}

/** Reads `count` events of a watch in protobuf, each a WatchEvent with an object in an envelope inside a RawExtension. */
async function readProtobuf(api: TestApiServer, query: string, count: number, as = ""): Promise<Line[]> {
  const path = `/api/v1/configmaps?watch=1&${query}`;
  const accept = `application/vnd.kubernetes.protobuf${as}`;
  const { body, headers } = await api.handle({ method: "GET", path, headers: { accept } });
  assert.equal(headers["content-type"], "application/vnd.kubernetes.protobuf;stream=watch");
  const events: Line[] = [];
  for await (const message of watchMessages(body, headers["content-type"])) {
    const { type, object } = decodeMessage(watchEvent, Buffer.from(message)) as {
      readonly type: string;
      readonly object: { readonly raw: string };
    };
    const { kind, apiVersion, raw } = decodeEnvelope(Buffer.from(object.raw, "base64"));
    const schema = kind === "Status" ? statusSchema : configMapKind.schema;
    events.push({ type, object: { kind, apiVersion, ...decodeMessage(schema, raw) } } as unknown as Line);
    if (events.length === count) break;
  }
  return events;
}

const watchEvent = struct("WatchEvent", "", {
  type: field(1, scalars.string, ""),
  object: field(2, struct("RawExtension", "", { raw: field(1, scalars.bytes, "") }), ""),
});
