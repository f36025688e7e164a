import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { SubresourceHandler } from "../subresources/subresource.ts";
import { serveOverTls } from "../testing/serve-over-tls.testing.ts";

const PATH = "/api/v1/namespaces/default/configmaps";
const selector = (bytes: number) => `${PATH}?labelSelector=${"a".repeat(63)}%3D&x=${"y".repeat(bytes)}`;

test("a request line of 1,000,000 bytes is taken", async (t) => {
  const { sendRaw } = await serveOverTls(t);
  const answer = await sendRaw(`GET ${selector(1_000_000)} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 200 /);
});

const tooLarge: readonly (readonly [name: string, request: string])[] = [
  ["a request line", `GET ${selector(1_200_000)} HTTP/1.1\r\nHost: api\r\n\r\n`],
  ["a header", `GET ${PATH} HTTP/1.1\r\nHost: api\r\nX-A: ${"y".repeat(2_000_000)}\r\n\r\n`],
  ["many headers", `GET ${PATH} HTTP/1.1\r\nHost: api\r\n${`X-A: ${"y".repeat(1_000)}\r\n`.repeat(1_200)}\r\n`],
];

for (const [name, request] of tooLarge) {
  test(`too large for a request: ${name} beyond 1 MiB`, async (t) => {
    const { sendRaw } = await serveOverTls(t);
    const answer = await sendRaw(request);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    assert.match(head, /^HTTP\/1\.1 431 /);
    const { kind, code, message } = JSON.parse(body);
    assert.deepEqual([kind, code], ["Status", 431]);
    assert.equal(message, "the request line and headers are too large: limit is 1048576 bytes");
  });
}

test("what is no HTTP is refused with a Status", async (t) => {
  const { sendRaw } = await serveOverTls(t);
  const [head = "", body = ""] = (await sendRaw("hello\r\n\r\n")).split("\r\n\r\n");
  assert.match(head, /^HTTP\/1\.1 400 /);
  const { kind, code, reason } = JSON.parse(body);
  assert.deepEqual([kind, code, reason], ["Status", 400, "BadRequest"]);
});

test("a path of 60,000 bytes is taken over HTTP/2", async (t) => {
  const { port, jane } = await serveOverTls(t);
  const session = http2.connect(`https://127.0.0.1:${port}`, { ...jane, maxSendHeaderBlockLength: 1024 * 1024 });
  t.after(() => session.destroy());
  const stream = session.request({ ":path": selector(60_000), "x-a": "y".repeat(30_000) });
  const [headers] = await once(stream, "response");
  assert.equal(headers[":status"], 200);
  await text(stream);
});

test("a command of 200,000 characters reaches what executes it", async (t) => {
  let seen = 0;
  const exec: SubresourceHandler = {
    groupResource: "pods",
    name: "exec",
    handle: () => Promise.reject(new Error("not asked")),
    async upgrade({ query }, socket) {
      seen = query.getAll("command").join(" ").length;
      socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n");
    },
  };
  const { api, sendRaw } = await serveOverTls(t, { subresources: [exec] });
  const metadata = { name: "p", namespace: "default" };
  await api.client().create(podKind, { metadata, spec: { containers: [{ name: "c", image: "i" }] } });
  const path = `/api/v1/namespaces/default/pods/p/exec?command=echo&command=${"y".repeat(200_000)}`;
  await sendRaw(`POST ${path} HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n`);
  assert.equal(seen, 200_005);
});
