import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import type { Duplex } from "node:stream";
import type { TestContext } from "node:test";
import { before, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { makeTestCertificates } from "./certificates.testing.ts";
import type { HttpsTransportOptions } from "./https-transport.ts";
import { createHttpsTransport } from "./https-transport.ts";
import { readLines, readText } from "./read-body.ts";

let certificates: Awaited<ReturnType<typeof makeTestCertificates>>;
before(async () => {
  certificates = await makeTestCertificates();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function start(t: TestContext, answer: Answer, options: Partial<HttpsTransportOptions> = {}) {
  const { certificate: cert, key } = certificates.server;
  const server = createServer({ cert, key, ca: certificates.ca, requestCert: true, rejectUnauthorized: false }, answer);
  const sockets: Duplex[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const transport = createHttpsTransport({ server: `https://127.0.0.1:${port}`, ca: certificates.ca, ...options });
  t.after(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
  });
  return { transport, sockets, port };
}

const get = (path: string, signal?: AbortSignal) => ({
  method: "GET" as const,
  path,
  headers: {},
  ...(signal && { signal }),
});

test("a request goes with its body, its identity and the path of the server", async (t) => {
  const { certificate: clientCertificate, key: clientKey } = certificates.client;
  const { transport } = await start(
    t,
    async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject;
      response.setHeader("x-answer", "yes").writeHead(201);
      response.end(`${request.method} ${request.url} ${CN} ${request.headers.authorization} ${body}`);
    },
    { clientCertificate, clientKey, token: async () => "secret" },
  );
  const response = await transport.send({
    method: "POST",
    path: "/api?x=1",
    headers: {},
    body: new TextEncoder().encode("{}"),
  });
  assert.deepEqual([response.status, response.headers["x-answer"]], [201, "yes"]);
  assert.equal(await readText(response.body), "POST /api?x=1 me Bearer secret {}");
});

test("requests share a connection, and watches do not hold it", async (t) => {
  const { transport, sockets } = await start(t, (request, response) => {
    if (request.url === "/watch") response.write("first\n");
    else response.end("ok");
  });
  const ending = new AbortController();
  const watches = await Promise.all(Array.from({ length: 20 }, () => transport.send(get("/watch", ending.signal))));
  const lines = watches.map((watch) => readLines(watch.body, ending.signal));
  for (const line of lines) assert.equal((await line.next()).value, "first");
  for (let i = 0; i < 5; i++) assert.equal(await readText((await transport.send(get("/"))).body), "ok");
  assert.equal(sockets.length, 21);
  const rest = lines.map((line) => line.next());
  ending.abort(new Error("enough"));
  for (const line of rest) await assert.rejects(line, /enough/);
});

test("reading is tried again when a kept connection turns out to be closed, writing is not", async (t) => {
  let served = 0;
  const { transport } = await start(t, (request, response) => {
    served += 1;
    // The second and fourth come over the kept connection, which breaks.
    if (served % 2 === 0) request.socket.destroy();
    else response.end("ok");
  });
  assert.equal(await readText((await transport.send(get("/"))).body), "ok");
  assert.equal(await readText((await transport.send(get("/"))).body), "ok");
  const put = transport.send({ method: "PUT", path: "/", headers: {}, body: new Uint8Array() });
  await assert.rejects(put, { name: "ConnectionError" });
  assert.equal(served, 4);
});

const unreachable: { name: string; options: () => Partial<HttpsTransportOptions>; cause: RegExp }[] = [
  { name: "nobody listens", options: () => ({ server: "https://127.0.0.1:1" }), cause: /ECONNREFUSED/ },
  {
    name: "the server is somebody else's",
    options: () => ({ ca: certificates.client.certificate }),
    cause: /certificate/,
  },
  { name: "the certificate is for another name", options: () => ({ serverName: "other" }), cause: /altnames/ },
];

for (const { name, options, cause } of unreachable) {
  test(`an error says why the server cannot be reached: ${name}`, async (t) => {
    const { transport } = await start(t, (_, response) => response.end(), options());
    await assert.rejects(transport.send(get("/")), (error) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      assert.match(error.message, /Cannot reach the API server at https:\/\/127\.0\.0\.1/);
      assert.match(error.cause.message, cause);
      return true;
    });
  });
}

test("a server that does not finish the handshake is given up", async (t) => {
  const server = createTcpServer(() => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const transport = createHttpsTransport({ server: `https://127.0.0.1:${port}`, connectTimeoutMs: 30 });
  await assert.rejects(transport.send(get("/")), { name: "ConnectionError" });
  await transport.close();
  await assert.rejects(transport.send(get("/")), /The transport is closed/);
});
