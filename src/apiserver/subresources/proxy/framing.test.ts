import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { serveOverTls } from "../../testing/serve-over-tls.testing.ts";
import { leadingTo } from "../fake-kubelet.testing.ts";
import { createKubeletConnection } from "../kubelet-connection.ts";
import { proxied, proxySubresources } from "./proxy.ts";
import { targetBackend } from "./proxy-backend.ts";
import { type RawRequest, startRawBackend } from "./raw-backend.testing.ts";

/** A body that spells a request of its own. */
const SMUGGLED = "POST /run/kube-system/victim/c?cmd=id HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
const PREFIX = "/api/v1/nodes/n1/proxy";

/** A request's lines, what the server says, and what comes to the kubelet: at most one request. */
interface Hostile {
  readonly name: string;
  readonly head: readonly string[];
  readonly body?: string;
  readonly status: number;
  /** Method, path and body; none when nothing may come. */
  readonly want?: readonly [line: string, body: string];
}

const length = (body: string) => `Content-Length: ${body.length}`;
const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

const cases: readonly Hostile[] = [
  ...["POST", "PUT", "PATCH", "DELETE"].flatMap((method) => [
    {
      name: `${method} with a length`,
      head: [`${method} ${PREFIX}/x HTTP/1.1`, length(SMUGGLED)],
      body: SMUGGLED,
      status: 200,
      want: [`${method} /x HTTP/1.1`, SMUGGLED] as const,
    },
    {
      name: `${method} in chunks`,
      head: [`${method} ${PREFIX}/x HTTP/1.1`, "Transfer-Encoding: chunked"],
      body: chunked(SMUGGLED),
      status: 200,
      want: [`${method} /x HTTP/1.1`, SMUGGLED] as const,
    },
    {
      name: `${method} whose Connection header names its length`,
      head: [`${method} ${PREFIX}/x HTTP/1.1`, length(SMUGGLED), "Connection: content-length"],
      body: SMUGGLED,
      status: 200,
      want: [`${method} /x HTTP/1.1`, SMUGGLED] as const,
    },
  ]),
  {
    name: "GET with a body",
    head: [`GET ${PREFIX}/x HTTP/1.1`, length(SMUGGLED)],
    body: SMUGGLED,
    status: 200,
    want: ["GET /x HTTP/1.1", SMUGGLED],
  },
  {
    name: "GET in chunks",
    head: [`GET ${PREFIX}/x HTTP/1.1`, "Transfer-Encoding: chunked"],
    body: chunked(SMUGGLED),
    status: 200,
    want: ["GET /x HTTP/1.1", SMUGGLED],
  },
  {
    name: "GET of what the API serves itself, with a body",
    head: ["GET /api/v1/pods HTTP/1.1", length(SMUGGLED)],
    body: SMUGGLED,
    status: 200,
  },
  {
    name: "GET of a path whose bytes are no UTF-8",
    head: [`GET ${PREFIX}/caf%E9%2f%C0%AF.html HTTP/1.1`],
    status: 200,
    want: ["GET /caf%E9%2f%C0%AF.html HTTP/1.1", ""],
  },
  { name: "HEAD", head: [`HEAD ${PREFIX}/x HTTP/1.1`], status: 200, want: ["HEAD /x HTTP/1.1", ""] },
  {
    name: "OPTIONS with a body",
    head: [`OPTIONS ${PREFIX}/x HTTP/1.1`, length(SMUGGLED)],
    body: SMUGGLED,
    status: 200,
    want: ["OPTIONS /x HTTP/1.1", SMUGGLED],
  },
  { name: "an unknown method", head: [`TRACE ${PREFIX}/x HTTP/1.1`], status: 405 },
  {
    name: "an empty body",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Content-Length: 0"],
    status: 200,
    want: ["DELETE /x HTTP/1.1", ""],
  },
  {
    name: "a length and chunks",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Content-Length: 4", "Transfer-Encoding: chunked"],
    body: chunked(SMUGGLED),
    status: 400,
  },
  {
    name: "two lengths",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Content-Length: 0", length(SMUGGLED)],
    body: SMUGGLED,
    status: 400,
  },
  {
    name: "an unknown transfer coding",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Transfer-Encoding: xchunked"],
    body: chunked(SMUGGLED),
    status: 501,
  },
  {
    name: "chunks that are not the last coding",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Transfer-Encoding: chunked, identity"],
    body: chunked(SMUGGLED),
    status: 501,
  },
  {
    name: "a length with a sign",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Content-Length: +5"],
    body: SMUGGLED,
    status: 400,
  },
  {
    name: "a space before the colon",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Transfer-Encoding : chunked"],
    body: chunked(SMUGGLED),
    status: 400,
  },
  {
    name: "a chunk with an extension that hides a line break",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Transfer-Encoding: chunked"],
    body: `2;\nxx\r\nab\r\n0\r\n\r\n${SMUGGLED}`,
    status: 400,
  },
  {
    name: "a bare carriage return in a header",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "X-A: b\rTransfer-Encoding: chunked"],
    status: 400,
  },
  {
    name: "a line break in the path, percent-encoded",
    head: [`DELETE ${PREFIX}/x%20HTTP/1.1%0d%0aX-Evil:%20yes HTTP/1.1`, length(SMUGGLED)],
    body: SMUGGLED,
    status: 200,
    want: ["DELETE /x%20HTTP/1.1%0d%0aX-Evil:%20yes HTTP/1.1", SMUGGLED],
  },
  {
    name: "a trailer",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Trailer: X-Evil", "Transfer-Encoding: chunked"],
    body: "2\r\nab\r\n0\r\nX-Evil: yes\r\n\r\n",
    status: 200,
    want: ["DELETE /x HTTP/1.1", "ab"],
  },
  {
    name: "a body after 100 Continue",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Expect: 100-continue", length(SMUGGLED)],
    body: SMUGGLED,
    status: 100,
    want: ["DELETE /x HTTP/1.1", SMUGGLED],
  },
  {
    name: "an unknown expectation",
    head: [`DELETE ${PREFIX}/x HTTP/1.1`, "Expect: the-unexpected"],
    status: 417,
  },
];

for (const { name, head, body = "", status, want } of cases) {
  test(`proxied over HTTP/1.1: ${name}`, async (t) => {
    const { requests, sendRaw } = await nodeProxy(t);
    const rest = [
      "Host: api",
      "X-Named: a",
      "X-Kept: b",
      "Keep-Alive: 5",
      "TE: trailers",
      "Connection: X-Named, close",
    ];
    const lines = [...head, ...rest];
    const answer = await sendRaw(`${lines.join("\r\n")}\r\n\r\n${body}`);
    assert.equal(statusOf(answer), status, answer);
    assert.deepEqual(requests.map(shown), want === undefined ? [] : [want]);
    for (const { headers, body: got } of requests) assertFramedOnce(headers, got);
  });
}

for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"] as const) {
  test(`proxied to a pod or a Service: ${method} with a body`, async (t) => {
    const backend = await startRawBackend("tcp");
    t.after(backend.stop);
    const target = targetBackend({ scheme: "http", host: "127.0.0.1", port: backend.port });
    const path = "/api/v1/namespaces/shop/services/quote/proxy/x";
    const request: ApiRequest = {
      method,
      path,
      headers: { connection: "x-named, close", "x-named": "a", "x-kept": "b", "transfer-encoding": "chunked" },
      body: Buffer.from(SMUGGLED),
    };
    for (let i = 0; i < 2; i++) await text((await proxied(target, request)).body);
    const one = [`${method} /x HTTP/1.1`, SMUGGLED];
    assert.deepEqual(backend.requests.map(shown), [one, one]);
    for (const { headers, body } of backend.requests) assertFramedOnce(headers, body);
  });
}

test("proxied over HTTP/2: DELETE with a body", async (t) => {
  const { requests, port, jane } = await nodeProxy(t);
  const session = http2.connect(`https://127.0.0.1:${port}`, jane);
  t.after(() => session.destroy());
  for (let i = 0; i < 2; i++) {
    const stream = session.request(
      { ":path": `${PREFIX}/x`, ":method": "DELETE", te: "trailers" },
      { endStream: false },
    );
    stream.end(SMUGGLED);
    const [headers] = await once(stream, "response");
    assert.equal(headers[":status"], 200);
    await text(stream);
  }
  const one = ["DELETE /x HTTP/1.1", SMUGGLED];
  assert.deepEqual(requests.map(shown), [one, one]);
  for (const { headers, body } of requests) assertFramedOnce(headers, body);
});

const uncarriable: readonly { readonly name: string; readonly request: ApiRequest }[] = [
  {
    name: "a line break in the path",
    request: { method: "DELETE", path: `${PREFIX}/x HTTP/1.1\r\nX-Evil: yes\r\n`, headers: {} },
  },
  {
    name: "a line break in a header",
    request: { method: "DELETE", path: `${PREFIX}/x`, headers: { "x-a": "b\r\nX-Evil: yes" } },
  },
  {
    name: "a letter that HTTP/1.1 cannot carry in a path",
    request: { method: "GET", path: `${PREFIX}/\u{d55c}`, headers: {} },
  },
];

for (const { name, request } of uncarriable) {
  test(`not passed on: ${name}`, async (t) => {
    const backend = await startRawBackend("tcp");
    t.after(backend.stop);
    const target = targetBackend({ scheme: "http", host: "127.0.0.1", port: backend.port });
    await assert.rejects(proxied(target, request), { reason: "BadRequest" });
    assert.deepEqual(backend.requests, []);
  });
}

test("proxied: the backend gets the client's address, the host and the path of the proxy", async (t) => {
  const { requests, sendRaw } = await nodeProxy(t);
  const lines = [
    `GET ${PREFIX}/a/?b=c HTTP/1.1`,
    "Host: api.example",
    "X-Forwarded-For: 10.0.0.1",
    "Connection: close",
  ];
  await sendRaw(`${lines.join("\r\n")}\r\n\r\n`);
  const headers = Object.fromEntries(requests[0]?.headers ?? []);
  assert.equal(headers.host, "api.example");
  assert.equal(headers["x-forwarded-for"], "10.0.0.1, 127.0.0.1");
  assert.equal(headers["x-forwarded-uri"], `${PREFIX}/a/`);
});

test("proxied: a WebSocket's token stays here, whichever header carries it", async (t) => {
  const { requests, sendRaw } = await nodeProxy(t);
  const lines = [
    `GET ${PREFIX}/ws?a=b HTTP/1.1`,
    "Host: api",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.c2VjcmV0, v1.example.io",
    "Impersonate-User: bob",
    "Impersonate-Extra-Reason: secret",
  ];
  await sendRaw(`${lines.join("\r\n")}\r\n\r\n`);
  assert.equal(requests[0]?.line, "GET /ws?a=b HTTP/1.1");
  const headers = Object.fromEntries(requests[0]?.headers ?? []);
  assert.equal(headers["sec-websocket-protocol"], "v1.example.io");
  assert.equal(headers["impersonate-extra-reason"], undefined);
});

/** An API server whose node `n1` is a backend that records bytes. */
async function nodeProxy(t: TestContext) {
  const backend = await startRawBackend("tls");
  t.after(backend.stop);
  const kubelets = createKubeletConnection({ node: async () => backend.node, tls: backend.tls });
  t.after(kubelets.close);
  const client = { get: () => Promise.reject(new Error("not asked")) };
  const served = await serveOverTls(t, {
    subresources: proxySubresources({ client, kubelets: leadingTo(backend.node, kubelets) }),
  });
  const { spec } = backend.node;
  // Not loopback, which no Node may claim.
  const status = { ...backend.node.status, addresses: [{ type: "InternalIP" as const, address: "192.0.2.1" }] };
  await served.api.client().create(nodeKind, { metadata: { name: "n1" }, spec, status });
  return { ...served, requests: backend.requests };
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}

function shown({ line, body }: RawRequest): readonly [string, string] {
  return [line, body];
}

/** Nothing but one length may say where the request ends, and nothing of the client's connection may have come along. */
function assertFramedOnce(headers: RawRequest["headers"], body: string): void {
  const named = (name: string) => headers.filter(([one]) => one === name).map(([, value]) => value);
  assert.deepEqual(named("transfer-encoding"), []);
  const lengths = named("content-length");
  if (body !== "") assert.deepEqual(lengths, [String(body.length)]);
  else assert.ok(lengths.length <= 1);
  for (const name of ["te", "trailer", "expect", "keep-alive", "x-named", "x-evil"])
    assert.deepEqual(named(name), [], name);
}
