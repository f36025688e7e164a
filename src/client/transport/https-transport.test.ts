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
import { Worker } from "node:worker_threads";
import { readLines, readText } from "../rest/read-body.ts";
import { makeTestCertificates } from "./certificates.testing.ts";
import type { HttpsTransportOptions } from "./https-transport.ts";
import { createHttpsTransport } from "./https-transport.ts";

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
  return { transport, sockets, port, server };
}

/** A server in a thread of its own: it can close connections while this thread is busy. Answers with a method's count. */
async function startClosingServer() {
  const closed = new Int32Array(new SharedArrayBuffer(4));
  const { certificate: cert, key } = certificates.server;
  const worker = new Worker(CLOSING_SERVER, { eval: true, workerData: { cert, key, closed } });
  const [port] = await once(worker, "message");
  return {
    port: Number(port),
    closeIdleAndWait() {
      worker.postMessage("close");
      assert.notEqual(Atomics.wait(closed, 0, 0, 10_000), "timed-out");
    },
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}

const CLOSING_SERVER = `
const { parentPort, workerData } = require("node:worker_threads");
const { cert, key, closed } = workerData;
const counts = {};
const sockets = new Set();
const server = require("node:https").createServer({ cert, key }, (request, response) => {
  counts[request.method] = (counts[request.method] ?? 0) + 1;
  // Those that were to be idle are no requests of the test's.
  response.end(request.method + " " + (request.method === "GET" ? Math.max(1, counts.GET - 3) : counts[request.method]));
});
server.on("connection", (socket) => sockets.add(socket.once("close", () => sockets.delete(socket))));
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
parentPort.on("message", async () => {
  const gone = [...sockets].map((socket) => new Promise((done) => socket.once("close", done)));
  server.closeAllConnections();
  await Promise.all(gone);
  Atomics.store(closed, 0, 1);
  Atomics.notify(closed, 0);
});
`;

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

test("connections that begin together resume the session of the first, and later ones the newest", async (t) => {
  const { transport, server } = await start(t, (request, response) => {
    if (request.url === "/watch") response.write("first\n");
  });
  const resumed: boolean[] = [];
  server.on("secureConnection", (socket) => resumed.push(socket.isSessionReused()));
  const ending = new AbortController();
  // The server does not answer the first request: the others do not wait for its answer.
  const silent = transport.send(get("/silent", ending.signal));
  await Promise.all(Array.from({ length: 5 }, () => transport.send(get("/watch", ending.signal))));
  assert.deepEqual(resumed, [false, true, true, true, true, true]);
  ending.abort();
  await assert.rejects(silent);
  await transport.send(get("/watch", AbortSignal.timeout(10_000)));
  assert.equal(resumed.at(-1), true);
});

test("a first request that fails does not hold up the others", { timeout: 60_000 }, async (t) => {
  const tokens = ["a line\n", "good"];
  const bad = await start(t, (_request, response) => response.end("ok"), { token: () => tokens.shift() ?? "good" });
  await assert.rejects(bad.transport.send(get("/")), { code: "ERR_INVALID_CHAR" });
  assert.equal(await readText((await bad.transport.send(get("/"))).body), "ok");

  const closed = await start(t, () => {});
  await closed.transport.close();
  for (let i = 0; i < 2; i++) await assert.rejects(closed.transport.send(get("/")), /transport is closed/);

  const { transport } = await start(t, (_request, response) => response.end("ok"));
  const given = new AbortController();
  const first = transport.send(get("/", given.signal));
  const second = transport.send(get("/"));
  given.abort();
  await assert.rejects(first);
  assert.equal(await readText((await second).body), "ok");
});

for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"] as const) {
  test(`a ${method} goes over a new connection when the server has closed the idle ones unseen`, async (t) => {
    await using server = await startClosingServer();
    const transport = createHttpsTransport({ server: `https://127.0.0.1:${server.port}`, ca: certificates.ca });
    t.after(() => transport.close());
    const request = { method, path: "/", headers: {}, ...(method !== "GET" && { body: new Uint8Array([1]) }) };
    const idle = await Promise.all(Array.from({ length: 3 }, () => transport.send(get("/"))));
    for (const { body } of idle) await readText(body);
    // From here on, this thread sees nothing of the network until the request is on its way.
    server.closeIdleAndWait();
    const { status, body } = await transport.send(request);
    assert.deepEqual([status, await readText(body)], [200, `${method} 1`], "the server has it once");
  });
}

test("a broken certificate fails each request, and says why", async () => {
  const clientKey = "no PEM";
  const transport = createHttpsTransport({ server: "https://127.0.0.1:1", clientCertificate: "no PEM", clientKey });
  for (const path of ["/a", "/b"]) await assert.rejects(transport.send({ method: "GET", path, headers: {} }), /PEM/);
  await transport.close();
});

test("an idle connection is closed before the server would close it", async (t) => {
  const { transport, server } = await start(t, (_, response) => response.end("ok"));
  // Announced in whole seconds. The client closes a second earlier.
  server.keepAliveTimeout = 2_000;
  const connected = once(server, "secureConnection");
  await readText((await transport.send(get("/"))).body);
  const [socket] = (await connected) as [TLSSocket];
  // At its own timeout, the server destroys the socket: there is no end of the client's then.
  const ended = once(socket, "end").then(() => "client");
  assert.equal(await Promise.race([ended, once(socket, "close").then(() => "server")]), "client");
});

test("reading is tried again when a kept connection breaks under the request, writing is not", async (t) => {
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
  // The second waits for the first one's session, which does not come.
  const both = [transport.send(get("/")), transport.send(get("/"))];
  for (const sent of both) await assert.rejects(sent, { name: "ConnectionError" });
  await transport.close();
  await assert.rejects(transport.send(get("/")), /The transport is closed/);
});

test("requests wait until the transport is ready, and no longer than their signal lets them", async (t) => {
  const ready = Promise.withResolvers<void>();
  const asked: string[] = [];
  const { transport } = await start(
    t,
    (request, response) => {
      asked.push(request.url ?? "");
      response.end("{}");
    },
    { ready: ready.promise },
  );
  const given = new AbortController();
  const abandoned = transport.send({ method: "GET", path: "/abandoned", headers: {}, signal: given.signal });
  const patient = transport.send({ method: "GET", path: "/patient", headers: {} });
  given.abort(new Error("gave up"));
  await assert.rejects(abandoned, { message: "gave up" });
  assert.deepEqual(asked, []);
  ready.resolve();
  assert.equal((await patient).status, 200);
  assert.deepEqual(asked, ["/patient"]);
});
