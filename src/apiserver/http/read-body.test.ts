import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { readBody } from "./read-body.ts";

function request(method: string, url = "/api/v1/pods") {
  return Object.assign(new PassThrough(), { method, url, headers: {} });
}

test("the pieces of a body are joined", async () => {
  const post = request("POST");
  const body = readBody(post);
  post.write("ab");
  setImmediate(() => post.end("c"));
  assert.equal(String(await body), "abc");
});

test("a request without a body has none", async () => {
  const deletion = request("DELETE");
  deletion.end();
  assert.equal(await readBody(deletion), undefined);
});

test("the body of a read is left alone, except for a proxy's", async () => {
  assert.equal(readBody(request("GET")), undefined);
  const proxied = request("GET", "/api/v1/namespaces/a/services/b/proxy/");
  proxied.end("x");
  assert.equal(String(await readBody(proxied)), "x");
});

test("a body that grows over the limit is refused, and its rest is not read", async () => {
  const post = request("POST");
  const body = readBody(post);
  post.write(new Uint8Array(3 * 1024 * 1024 + 1));
  await assert.rejects(Promise.resolve(body), { message: /^Request entity too large/ });
  assert.equal(post.isPaused(), true);
  assert.equal(post.destroyed, false);
});

test("a request that was destroyed before it was read rejects", () => {
  const post = request("POST");
  post.destroy();
  assert.throws(() => readBody(post), /^Error: The client left/);
});

for (const version of ["HTTP/1.1", "HTTP/2"]) {
  test(`half a body of a client that leaves over ${version} is no body`, async (t) => {
    const outcome = Promise.withResolvers<unknown>();
    const begun = Promise.withResolvers<void>();
    const serve = async (incoming: http.IncomingMessage | http2.Http2ServerRequest) => {
      incoming.once("data", () => begun.resolve());
      outcome.resolve(await Promise.resolve(readBody(incoming)).catch((error: unknown) => error));
    };
    const server = version === "HTTP/2" ? http2.createServer(serve) : http.createServer(serve);
    t.after(() => server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const leave = version === "HTTP/2" ? halfOverHttp2(port) : halfOverHttp1(port);
    await begun.promise;
    leave();
    assert.ok((await outcome.promise) instanceof Error);
  });
}

function halfOverHttp1(port: number): () => void {
  const sent = http.request({ host: "127.0.0.1", port, method: "POST", headers: { "content-length": "10" } });
  sent.on("error", () => {});
  sent.write("half");
  return () => sent.destroy();
}

function halfOverHttp2(port: number): () => void {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ":method": "POST" });
  stream.on("error", () => {});
  stream.write("half");
  return () => session.destroy();
}
