import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { isConflict, isExpired, isNotFound, StatusError } from "@fairlead/api/status-error";
import type { Client } from "../client.ts";
import { createFakeApi } from "../fake-api.testing.ts";
import { isConnectionError } from "../transport/connection-error.ts";
import { inProcessTransport } from "../transport/in-process-transport.testing.ts";
import type { ApiRequest, ApiResponse } from "../transport/transport.ts";
import { createClient } from "./rest-client.ts";

/** A client of a server that answers everything with `body`, and what it was asked. */
function clientOf(status: number, body: string, pieces = 1): { client: Client; asked: string[] } {
  const asked: string[] = [];
  const bytes = new TextEncoder().encode(body);
  const handle = async ({ method, path, headers, body: sent }: ApiRequest): Promise<ApiResponse> => {
    const type =
      headers["content-type"] === undefined ? "" : ` ${headers["content-type"]} ${new TextDecoder().decode(sent)}`;
    asked.push(`${method} ${path}${type}`);
    const size = Math.ceil(bytes.length / pieces);
    async function* parts() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    return { status, headers: {}, body: parts() };
  };
  return { client: createClient(inProcessTransport(handle, "me")), asked };
}

const key = { namespace: "shop", name: "a" };
const json = "application/json";
const calls: { name: string; call: (client: Client) => Promise<unknown>; want: string }[] = [
  { name: "get", call: (c) => c.get(configMapKind, key), want: "GET /api/v1/namespaces/shop/configmaps/a" },
  {
    name: "get in a group",
    call: (c) => c.get(leaseKind, key),
    want: "GET /apis/coordination.k8s.io/v1/namespaces/shop/leases/a",
  },
  {
    name: "get without a namespace",
    call: (c) => c.get(namespaceKind, { name: "shop" }),
    want: "GET /api/v1/namespaces/shop",
  },
  { name: "list everywhere", call: (c) => c.list(configMapKind), want: "GET /api/v1/configmaps" },
  {
    name: "list some",
    call: (c) => c.list(configMapKind, { namespace: "shop", labelSelector: "a in (b,c)", limit: 5, continue: "x/y" }),
    want: "GET /api/v1/namespaces/shop/configmaps?labelSelector=a%20in%20(b%2Cc)&limit=5&continue=x%2Fy",
  },
  {
    name: "create",
    call: (c) => c.create(configMapKind, { metadata: key, data: { x: "1" } }, { fieldManager: "me", dryRun: true }),
    want: `POST /api/v1/namespaces/shop/configmaps?fieldManager=me&dryRun=All ${json} {"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"shop","name":"a"},"data":{"x":"1"}}`,
  },
  {
    name: "create below an object",
    call: (c) => c.create(configMapKind, { metadata: key }, { subresource: "binding" }),
    want: `POST /api/v1/namespaces/shop/configmaps/a/binding ${json} {"apiVersion":"v1","kind":"ConfigMap","metadata":{"namespace":"shop","name":"a"}}`,
  },
  {
    name: "update a status",
    call: (c) => c.update(configMapKind, { metadata: key } as unknown as ConfigMap, { subresource: "status" }),
    want: `PUT /api/v1/namespaces/shop/configmaps/a/status ${json} {"metadata":{"namespace":"shop","name":"a"},"apiVersion":"v1","kind":"ConfigMap"}`,
  },
  {
    name: "apply",
    call: (c) =>
      c.patch(configMapKind, key, "apply", {}, { fieldManager: "me", fieldValidation: "Strict", force: true }),
    want: "PATCH /api/v1/namespaces/shop/configmaps/a?fieldManager=me&fieldValidation=Strict&force=true application/apply-patch+yaml {}",
  },
  {
    name: "patch",
    call: (c) => c.patch(configMapKind, key, "json", []),
    want: "PATCH /api/v1/namespaces/shop/configmaps/a application/json-patch+json []",
  },
  {
    name: "delete",
    call: (c) => c.delete(configMapKind, key, { gracePeriodSeconds: 0, preconditions: { uid: "u" } }),
    want: `DELETE /api/v1/namespaces/shop/configmaps/a ${json} {"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"u"}}`,
  },
  { name: "raw", call: (c) => c.raw("GET", "/version"), want: "GET /version" },
];

for (const { name, call, want } of calls) {
  test(`client: ${name}`, async () => {
    const { client, asked } = clientOf(200, '{"metadata":{},"items":[]}');
    await call(client);
    assert.deepEqual(asked, [want]);
  });
}

test("client: a namespaced object cannot be created without a namespace", async () => {
  const { client } = clientOf(200, "{}");
  assert.throws(
    () => client.create(configMapKind, { metadata: { name: "a" } }),
    /Cannot create ConfigMap "a": metadata.namespace is not set/,
  );
});

const status = (reason: string, code: number) =>
  JSON.stringify({ kind: "Status", message: "no", reason, code, details: { name: "a", retryAfterSeconds: 3 } });
const refusals: { name: string; status: number; body: string; want: (error: unknown) => boolean }[] = [
  { name: "not found", status: 404, body: status("NotFound", 404), want: isNotFound },
  { name: "conflict", status: 409, body: status("Conflict", 409), want: isConflict },
  {
    name: "a reason we do not know",
    status: 429,
    body: status("Novel", 429),
    want: (e) => e instanceof StatusError && e.reason === "TooManyRequests",
  },
  {
    name: "details are kept",
    status: 429,
    body: status("TooManyRequests", 429),
    want: (e) => e instanceof StatusError && e.details?.retryAfterSeconds === 3,
  },
  {
    name: "a proxy's page",
    status: 503,
    body: "<html>",
    want: (e) => e instanceof StatusError && e.code === 503 && e.message === "<html>",
  },
  {
    name: "an empty page",
    status: 502,
    body: "",
    want: (e) => e instanceof StatusError && e.code === 502 && e.message === "The server answered 502",
  },
  { name: "an answer that is cut", status: 200, body: '{"metadata"', want: isConnectionError },
];

for (const { name, status: code, body, want } of refusals) {
  test(`client: a refusal is an error: ${name}`, async () => {
    await assert.rejects(clientOf(code, body).client.get(configMapKind, key), want);
  });
}

test("client: items of a list say what they are, and the list where to go on", async () => {
  const { client } = clientOf(
    200,
    '{"metadata":{"resourceVersion":"7","continue":"next"},"items":[{"metadata":{"name":"a"}}]}',
  );
  const list = await client.list(configMapKind);
  assert.deepEqual(
    [list.resourceVersion, list.continue, list.items[0]?.kind, list.items[0]?.apiVersion],
    ["7", "next", "ConfigMap", "v1"],
  );
});

const added = JSON.stringify({ type: "ADDED", object: { metadata: { name: "ä", resourceVersion: "5" } } });
const bookmark = JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } });

for (const pieces of [1, 7, 1000]) {
  test(`client: a watch in ${pieces} pieces`, async () => {
    const { client, asked } = clientOf(200, `${added}\n${bookmark}\n`, pieces);
    const seen: string[] = [];
    for await (const event of client.watch(configMapKind, { resourceVersion: "4", timeoutSeconds: 9 })) {
      seen.push(
        event.type === "BOOKMARK" ? `BOOKMARK ${event.resourceVersion}` : `${event.type} ${event.object.metadata.name}`,
      );
    }
    assert.deepEqual(seen, ["ADDED ä", "BOOKMARK 9"]);
    assert.deepEqual(asked, [
      "GET /api/v1/configmaps?watch=1&allowWatchBookmarks=true&resourceVersion=4&timeoutSeconds=9",
    ]);
  });
}

test("client: a watch whose place is forgotten says so, before or after it began", async () => {
  const expired = { kind: "Status", message: "too old", reason: "Expired", code: 410 };
  const inside = clientOf(200, `${added}\n${JSON.stringify({ type: "ERROR", object: expired })}\n`);
  const before = clientOf(410, JSON.stringify(expired));
  for (const { client } of [inside, before]) {
    const watch = async () => {
      for await (const event of client.watch(configMapKind, { resourceVersion: "1" }))
        assert.equal(event.type, "ADDED");
    };
    await assert.rejects(watch(), isExpired);
  }
});

test("client: leaving a watch ends its request", async () => {
  let signal: AbortSignal | undefined;
  const api = createFakeApi();
  api.put("/api/v1/namespaces/shop/configmaps/a", { metadata: {} });
  const client = createClient({
    send: (request) => {
      signal = request.signal;
      return api.send(request);
    },
    close: api.close,
  });
  for await (const event of client.watch(configMapKind, { resourceVersion: "1" })) {
    assert.equal(event.type, "ADDED");
    break;
  }
  assert.equal(signal?.aborted, true);
});

test("client: a server that is away is an error of its own, and an abort is the caller's reason", async () => {
  const api = createFakeApi();
  api.down = new Error("connection refused");
  const client = createClient(api);
  await assert.rejects(
    client.get(configMapKind, key),
    (e) => isConnectionError(e) && (e.cause as Error).message === "connection refused",
  );
  const reason = new Error("changed my mind");
  await assert.rejects(client.get(configMapKind, key, { signal: AbortSignal.abort(reason) }), reason);
});

test("client: a closed in-process transport refuses", async () => {
  const transport = inProcessTransport(async () => assert.fail("not reached"), "me");
  await transport.close();
  await assert.rejects(createClient(transport).get(configMapKind, key), isConnectionError);
});
