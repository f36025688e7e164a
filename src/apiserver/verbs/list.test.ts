import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
import type { TestApiServer } from "../testing/start-test-server.testing.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

interface ListAnswer {
  readonly kind: string;
  readonly message?: string;
  readonly code?: number;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly {
    readonly kind?: string;
    readonly metadata: { readonly name: string; readonly resourceVersion: string };
  }[];
}

/** A server with the ConfigMaps a1 … a5 (the even ones labelled `even=yes`) and b1. */
async function filled(t: TestContext): Promise<TestApiServer> {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  for (const name of ["a1", "a2", "a3", "a4", "a5"]) {
    const labels = Number(name[1]) % 2 === 0 ? { even: "yes" } : {};
    await api.client().create(configMapKind, { metadata: { name, namespace: "a", labels } });
  }
  await api.client().create(configMapKind, { metadata: { name: "b1", namespace: "b" } });
  return api;
}

async function ask(api: TestApiServer, path: string): Promise<ListAnswer> {
  const { body } = await api.handle({ method: "GET", path, headers: {} });
  return JSON.parse(await text(body));
}

const names = ({ items }: ListAnswer) => items.map(({ metadata }) => metadata.name).join(" ");

test("a list has its objects in order, without their kind, each with its resource version", async (t) => {
  const api = await filled(t);
  const answer = await ask(api, "/api/v1/configmaps");
  assert.equal(names(answer), "a1 a2 a3 a4 a5 b1");
  assert.equal(answer.kind, "ConfigMapList");
  assert.equal(answer.items[0]?.kind, undefined);
  assert.equal(answer.items.at(-1)?.metadata.resourceVersion, answer.metadata.resourceVersion);
});

test("pages together are the list as it was when the first one was read", async (t) => {
  const api = await filled(t);
  const first = await ask(api, "/api/v1/configmaps?limit=2");
  assert.equal(names(first), "a1 a2");
  assert.equal(first.metadata.remainingItemCount, 4);
  await api.client().delete(configMapKind, { namespace: "a", name: "a3" });
  const second = await ask(api, `/api/v1/configmaps?limit=3&continue=${first.metadata.continue}`);
  assert.equal(names(second), "a3 a4 a5");
  assert.equal(second.metadata.remainingItemCount, 1);
  assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
  const third = await ask(api, `/api/v1/configmaps?limit=3&continue=${second.metadata.continue}`);
  assert.equal(names(third), "b1");
  assert.equal(third.metadata.continue, undefined);
});

const rows: readonly { readonly name: string; readonly path: string; readonly want: string }[] = [
  { name: "one namespace", path: "/api/v1/namespaces/b/configmaps", want: "b1" },
  { name: "a label selector", path: "/api/v1/configmaps?labelSelector=even%3Dyes", want: "a2 a4" },
  { name: "a label selector with a limit", path: "/api/v1/configmaps?labelSelector=even&limit=1", want: "a2" },
  { name: "a field selector", path: "/api/v1/configmaps?fieldSelector=metadata.name%3Da3", want: "a3" },
  {
    name: "an old state, exactly",
    path: "/api/v1/configmaps?resourceVersion=3&resourceVersionMatch=Exact",
    want: "a1 a2",
  },
  { name: "any state", path: "/api/v1/configmaps?resourceVersion=0", want: "a1 a2 a3 a4 a5 b1" },
];

for (const { name, path, want } of rows) {
  test(`a list of ${name}`, async (t) => {
    assert.equal(names(await ask(await filled(t), path)), want);
  });
}

const refusals: readonly { readonly name: string; readonly query: string; readonly want: string }[] = [
  { name: "a match without a version", query: "resourceVersionMatch=Exact", want: "422" },
  { name: "a version that is no number", query: "resourceVersion=x", want: "400" },
  { name: "a continue token that was made up", query: "continue=abc", want: "400" },
  { name: "a selector that cannot be read", query: "labelSelector=a%3D%3D%3Db", want: "400" },
  { name: "a field that cannot be selected by", query: "fieldSelector=data.x%3D1", want: "400" },
  { name: "a version from the future", query: "resourceVersion=999&resourceVersionMatch=Exact", want: "504" },
];

for (const { name, query, want } of refusals) {
  test(`a list refuses ${name}`, async (t) => {
    const { code } = await ask(await filled(t), `/api/v1/configmaps?${query}`);
    assert.equal(String(code), want);
  });
}

test("pages of what a selector chooses are of one state, and say nothing of what remains", async (t) => {
  const api = await filled(t);
  const path = "/api/v1/configmaps?labelSelector=even&limit=1";
  const first = await ask(api, path);
  assert.equal(names(first), "a2");
  assert.equal(first.metadata.remainingItemCount, undefined);
  await api.client().delete(configMapKind, { namespace: "a", name: "a4" });
  const second = await ask(api, `${path}&continue=${first.metadata.continue}`);
  assert.equal(names(second), "a4");
  assert.equal(second.metadata.continue, undefined);
});

test("all pages of a list count once", async (t) => {
  const store = createMemoryStore();
  const counted: (boolean | undefined)[] = [];
  const watched: Store = {
    ...store,
    range(request) {
      if (request.limit !== undefined) counted.push(request.counts);
      return store.range(request);
    },
  };
  const api = await startTestApiServer({ store: watched });
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  const configMap = (name: string) => ({ metadata: { name, namespace: "a" } });
  for (const name of ["a1", "a2", "a3", "a4", "a5"]) await api.client().create(configMapKind, configMap(name));
  const revision = await store.revision();
  await api.client().create(configMapKind, configMap("later"));
  const remaining: (number | undefined)[] = [];
  let next: string | undefined;
  do {
    const from = next === undefined ? `resourceVersion=${revision}&resourceVersionMatch=Exact` : `continue=${next}`;
    const { metadata } = await ask(api, `/api/v1/configmaps?limit=2&${from}`);
    remaining.push(metadata.remainingItemCount);
    next = metadata.continue;
  } while (next !== undefined);
  assert.deepEqual(remaining, [3, 1, undefined]);
  assert.deepEqual(counted, [true, false, false]);
});

const NOT_A_COUNT = [0, -1, 1.5, "3", null];
for (const remaining of NOT_A_COUNT) {
  test(`a token that says that ${JSON.stringify(remaining)} objects remain is refused`, async (t) => {
    const token = Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: 2, start: "a/", remaining }));
    const { code } = await ask(await filled(t), `/api/v1/configmaps?limit=2&continue=${token.toString("base64url")}`);
    assert.equal(code, 400);
  });
}

test("pages with writes between them are read from the cache, with a selector and without", async (t) => {
  const store = createMemoryStore();
  let reads = 0;
  const counting: Store = {
    ...store,
    range(request) {
      reads++;
      return store.range(request);
    },
  };
  const api = await startTestApiServer({ store: counting });
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  const client = api.client();
  const create = (name: string) =>
    client.create(configMapKind, { metadata: { name, namespace: "a", labels: { app: "x" } } });
  for (const name of ["a1", "a2", "a3", "a4", "a5"]) await create(name);
  for (const selector of ["", "&labelSelector=app%3Dx"]) {
    const first = await ask(api, `/api/v1/configmaps?limit=2${selector}`);
    reads = 0;
    await client.delete(configMapKind, { namespace: "a", name: "a3" });
    await create("a3a");
    const second = await ask(api, `/api/v1/configmaps?limit=2${selector}&continue=${first.metadata.continue}`);
    assert.equal(names(second), "a3 a4");
    const third = await ask(api, `/api/v1/configmaps?limit=2${selector}&continue=${second.metadata.continue}`);
    assert.equal(names(third), "a5");
    assert.equal(third.metadata.resourceVersion, first.metadata.resourceVersion);
    assert.equal(reads, 0);
    await client.delete(configMapKind, { namespace: "a", name: "a3a" });
    await create("a3");
  }
});

test("a page whose state has been forgotten is refused with 410", async (t) => {
  const api = await filled(t);
  const first = await ask(api, "/api/v1/configmaps?limit=2");
  await api.client().delete(configMapKind, { namespace: "a", name: "a5" });
  await api.store.compact(await api.store.revision());
  const { code } = await ask(api, `/api/v1/configmaps?limit=2&continue=${first.metadata.continue}`);
  assert.equal(code, 410);
});

test("a large list is compressed for who can read it", async (t) => {
  const api = await filled(t);
  const data = { text: "x".repeat(200_000) };
  await api.client().create(configMapKind, { metadata: { name: "large", namespace: "a" }, data });
  const headers = { "accept-encoding": "gzip" };
  const answer = await api.handle({ method: "GET", path: "/api/v1/configmaps", headers });
  assert.equal(answer.headers["content-encoding"], "gzip");
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  assert.equal(JSON.parse(gunzipSync(Buffer.concat(parts)).toString()).items.length, 7);
});

test("a selected page of an earlier state is read at most 10,000 objects at a time, however large it may be", async (t) => {
  const store = createMemoryStore();
  const limits: (number | undefined)[] = [];
  const recording: Store = {
    ...store,
    range: (request) => {
      limits.push(request.limit);
      return store.range(request);
    },
  };
  const api = await startTestApiServer({ store: recording });
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  for (const name of ["a1", "a2"]) await api.client().create(configMapKind, { metadata: { name, namespace: "a" } });
  const revision = await store.revision();
  limits.length = 0;
  const exact = `resourceVersion=${revision}&resourceVersionMatch=Exact`;
  const answer = await ask(api, `/api/v1/configmaps?limit=5000000&fieldSelector=metadata.name%3Da2&${exact}`);
  assert.equal(names(answer), "a2");
  assert.deepEqual(limits, [10_000]);
});
