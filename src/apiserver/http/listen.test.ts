import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { CertificateAuthority } from "@fairlead/cluster/pki/certificate-authority";
import { createCertificateAuthority } from "@fairlead/cluster/pki/certificate-authority";
import { type Clock, systemClock } from "@fairlead/lib/clock";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { responseAnswer } from "../answers/answer.ts";
import { clientCertificateAuthenticator } from "../authn/client-certificate-authenticator.ts";
import type { SubresourceHandler } from "../subresources/subresource.ts";
import type { TestApiServer } from "../testing/start-test-server.testing.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import { BODY_MAX_BYTES } from "./body.ts";
import { listen } from "./listen.ts";

interface Served {
  readonly api: TestApiServer;
  readonly ca: CertificateAuthority;
  readonly port: number;
  /** What a client needs to be known as `jane`. */
  readonly jane: { readonly cert: string; readonly key: string; readonly ca: string };
  stop(): Promise<void>;
}

interface ServeOptions {
  readonly subresources?: readonly SubresourceHandler[];
  readonly socket?: net.Server;
  /** Of the authenticator. TLS reads the machine's clock. */
  readonly clock?: Clock;
}

async function serve(t: TestContext, options: ServeOptions = {}): Promise<Served> {
  const { subresources = [echo], socket, clock = systemClock } = options;
  const now = new Date();
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const jane = await ca.issue({ commonName: "jane", usage: "client" }, now);
  const authenticators = [clientCertificateAuthenticator(clock)];
  const api = await startTestApiServer({ authenticators, subresources });
  const listening = await listen({
    server: api.server,
    tls: { cert: serving.certificate, key: serving.key, clientCa: ca.certificate },
    ...(socket === undefined ? { address: { host: "127.0.0.1" } } : { sockets: [socket] }),
    log: silentLogger,
  });
  const stop = async () => {
    await api.stop();
    await listening.stop();
  };
  t.after(stop);
  const port = listening.port ?? portOf(socket);
  return { api, ca, port, jane: { cert: jane.certificate, key: jane.key, ca: ca.certificate }, stop };
}

/** Sends back what it is sent, in capitals. */
const echo: SubresourceHandler = {
  groupResource: "pods",
  name: "echo",
  isLong: true,
  handle: async () => responseAnswer({ status: 200, headers: {}, body: (async function* () {})() }),
  async upgrade({ user, name }, socket) {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n${user.name} ${name} `,
    );
    socket.on("data", (data: Buffer) => socket.end(data.toString().toUpperCase()));
  },
};

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function request(options: https.RequestOptions & { readonly body?: Buffer }): Promise<Answer> {
  const sent = https.request({ host: "127.0.0.1", agent: false, ...options });
  sent.on("error", () => {});
  sent.end(options.body);
  const [response] = await once(sent, "response");
  return { status: response.statusCode, body: await text(response) };
}

test("HTTP/1.1 and HTTP/2 are answered on the same port, to who a certificate says", async (t) => {
  const { port, jane } = await serve(t);
  const path = "/api/v1/namespaces/default/pods";
  const first = await request({ port, path, ...jane });
  assert.equal(first.status, 200);
  const session = http2.connect(`https://127.0.0.1:${port}`, jane);
  t.after(() => session.destroy());
  const stream = session.request({ ":path": path });
  const [headers] = await once(stream, "response");
  assert.equal(headers[":status"], 200);
  assert.equal(JSON.parse(await text(stream)).kind, "PodList");
  session.close();
});

test("HTTP/1.1 connections are kept for clients that ask every ten seconds", async (t) => {
  const { port, jane } = await serve(t);
  const agent = new https.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const sent = https.request({ host: "127.0.0.1", port, path: "/api", agent, ...jane }).end();
  const [response] = await once(sent, "response");
  response.resume();
  assert.equal(response.headers["keep-alive"], "timeout=90");
});

test("a certificate of another authority is refused with 401", async (t) => {
  const { port, jane } = await serve(t);
  const now = new Date();
  const foreign = await (await createCertificateAuthority("other", now)).issue(
    { commonName: "eve", usage: "client" },
    now,
  );
  const { status, body } = await request({
    port,
    path: "/api",
    ca: jane.ca,
    cert: foreign.certificate,
    key: foreign.key,
  });
  assert.equal(status, 401);
  assert.equal(JSON.parse(body).reason, "Unauthorized");
});

test("an expired certificate is refused with 401", async (t) => {
  const { port, ca, jane } = await serve(t);
  const expired = await ca.issue({ commonName: "jane", usage: "client" }, new Date("2020-01-01"));
  const { status } = await request({ port, path: "/api", ca: jane.ca, cert: expired.certificate, key: expired.key });
  assert.equal(status, 401);
});

test("a certificate that expires while its connection is open is refused with 401, also after a resumed handshake", async (t) => {
  const clock = createFakeClock(Date.now());
  const { port, jane } = await serve(t, { clock });
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ...jane });
  const session = http2.connect(`https://127.0.0.1:${port}`, jane);
  t.after(() => {
    agent.destroy();
    session.destroy();
  });
  const statuses = async () => {
    const stream = session.request({ ":path": "/api" }).resume();
    const [headers] = await once(stream, "response");
    return [(await request({ port, path: "/api", agent })).status, headers[":status"]];
  };
  assert.deepEqual(await statuses(), [200, 200]);
  clock.setNow(Date.parse(new X509Certificate(jane.cert).validTo) + 1_000);
  assert.deepEqual(await statuses(), [401, 401]);
  agent.destroy();
  const resumed = https.request({ host: "127.0.0.1", port, path: "/api", agent }).end();
  const [response] = await once(resumed, "response");
  assert.deepEqual([response.statusCode, response.socket.isSessionReused()], [401, true]);
  response.resume();
});

test("a body over the limit is refused with 413", async (t) => {
  const { port, jane } = await serve(t);
  const answer = await request({
    port,
    method: "POST",
    path: "/api/v1/namespaces/default/configmaps",
    body: Buffer.alloc(BODY_MAX_BYTES + 1),
    ...jane,
  });
  assert.equal(answer.status, 413);
  assert.equal(JSON.parse(answer.body).message, "Request entity too large: limit is 3145728");
});

test("a body of unknown length over the limit is refused with 413 too", async (t) => {
  const { port, jane } = await serve(t);
  const path = "/api/v1/namespaces/default/configmaps";
  const sent = https.request({ host: "127.0.0.1", port, method: "POST", path, agent: false, ...jane });
  sent.on("error", () => {});
  sent.write(Buffer.alloc(BODY_MAX_BYTES));
  sent.write("x");
  const [response] = await once(sent, "response");
  assert.equal(response.statusCode, 413);
  assert.equal(JSON.parse(await text(response)).reason, "RequestEntityTooLarge");
  sent.destroy();
});

test("a method that the API does not know is refused with 405", async (t) => {
  const { port, jane } = await serve(t);
  assert.equal((await request({ port, method: "OPTIONS", path: "/api/v1/pods", ...jane })).status, 405);
});

test("HEAD answers the headers alone", async (t) => {
  const { port, jane } = await serve(t);
  assert.deepEqual(await request({ port, method: "HEAD", path: "/api/v1/pods", ...jane }), { status: 200, body: "" });
});

test("an upgraded connection is handed to the subresource with the user who made it", async (t) => {
  const { api, port, jane } = await serve(t);
  const key = { name: "p", namespace: "default" };
  await api.client().create(podKind, { metadata: key, spec: { containers: [{ name: "c", image: "i" }] } });
  const sent = https.request({
    host: "127.0.0.1",
    port,
    path: "/api/v1/namespaces/default/pods/p/echo",
    headers: { connection: "upgrade", upgrade: "echo" },
    ...jane,
  });
  sent.end();
  const [, socket, head] = await once(sent, "upgrade");
  socket.write("hello");
  assert.equal(head.toString() + (await text(socket)), "jane p HELLO");
});

test("the work of a request is aborted when its client leaves, and not when it has been answered", async (t) => {
  const signals: (AbortSignal | undefined)[] = [];
  const leaving = Promise.withResolvers<void>();
  const begun: SubresourceHandler = {
    ...echo,
    async handle({ request: { signal, headers } }) {
      signals.push(signal);
      if (headers["x-wait"] !== undefined) await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      leaving.resolve();
      return responseAnswer({ status: 200, headers: {}, body: (async function* () {})() });
    },
  };
  const { api, port, jane } = await serve(t, { subresources: [begun] });
  await api.client().create(podKind, {
    metadata: { name: "p", namespace: "default" },
    spec: { containers: [{ name: "c", image: "i" }] },
  });
  const path = "/api/v1/namespaces/default/pods/p/echo";
  const session = http2.connect(`https://127.0.0.1:${port}`, jane);
  t.after(() => session.destroy());
  const stream = session.request({ ":path": path }).resume();
  await once(stream, "close");
  assert.equal((await request({ port, path, ...jane })).status, 200);
  const left = https.request({ host: "127.0.0.1", port, path, headers: { "x-wait": "1" }, agent: false, ...jane });
  left.on("error", () => {});
  left.end();
  while (signals.length < 3) await settle();
  left.destroy();
  await leaving.promise;
  while (signals[2]?.aborted !== true) await settle();
  assert.deepEqual(
    signals.map((signal) => signal?.aborted),
    [false, false, true],
  );
});

test("an upgrade of what is not there is refused before the connection is taken over", async (t) => {
  const { port, jane } = await serve(t);
  const answer = await request({
    port,
    path: "/api/v1/namespaces/default/pods/p/echo",
    headers: { connection: "upgrade", upgrade: "echo" },
    ...jane,
  });
  assert.equal(answer.status, 404);
  assert.equal(JSON.parse(answer.body).message, 'pods "p" not found');
});

test("connections of a socket that listens elsewhere are served too", async (t) => {
  const socket = net.createServer();
  socket.listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port, jane } = await serve(t, { socket });
  assert.equal((await request({ port, path: "/version", ...jane })).status, 200);
});

test("stopping ends watches in an orderly way and leaves nothing open", async (t) => {
  const { port, jane, stop } = await serve(t);
  const watching = request({ port, path: "/api/v1/pods?watch=true", ...jane });
  await request({ port, path: "/version", ...jane });
  await new Promise((resolve) => setImmediate(resolve));
  await stop();
  assert.deepEqual(await watching, { status: 200, body: "" });
});

function portOf(socket: net.Server | undefined): number {
  const address = socket?.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The server keeps 16 MiB of replaced objects for watches that are behind; what else is on the way is in sockets. */
const UPDATES_MAX = 60;
const MEGABYTE = "x".repeat(1_000_000);

/** Changes a large object until the watch has ended. */
async function changeUntil(api: TestApiServer, hasEnded: () => boolean): Promise<number> {
  const client = api.client();
  const metadata = { name: "large", namespace: "default" };
  await client.create(configMapKind, { metadata, data: { text: MEGABYTE } });
  for (let i = 0; i < UPDATES_MAX; i++) {
    await client.patch(configMapKind, metadata, "merge", { data: { i: String(i) } });
    await settle();
    if (hasEnded()) return i;
  }
  return UPDATES_MAX;
}

const WATCH = "/api/v1/namespaces/default/configmaps?watch=1";

test("a watch whose client does not read is cut off", async (t) => {
  const accepting = net.createServer();
  accepting.listen(0, "127.0.0.1");
  await once(accepting, "listening");
  const { api, port, jane } = await serve(t, { socket: accepting });
  let hasEnded = false;
  accepting.on("connection", (connection: net.Socket) => {
    connection.on("close", () => {
      hasEnded = true;
    });
  });
  const sent = https.request({ host: "127.0.0.1", port, path: WATCH, agent: false, ...jane });
  sent.end();
  const [response] = await once(sent, "response");
  response.pause();
  const error = new Promise((resolve) => response.once("error", resolve));
  assert.ok((await changeUntil(api, () => hasEnded)) < UPDATES_MAX, "the watch goes on");
  // Only a client that reads what is still on the way sees the end of the connection.
  response.resume();
  assert.match(String(await error), /aborted/);
});

test("a watch over HTTP/2 whose client does not read is cut off, and only it", async (t) => {
  const { api, port, jane } = await serve(t);
  const session = http2.connect(`https://127.0.0.1:${port}`, jane);
  t.after(() => session.destroy());
  const stuck = session.request({ ":path": WATCH });
  stuck.on("error", () => {});
  const [headers] = await once(stuck, "response");
  assert.equal(headers[":status"], 200);
  stuck.pause();
  const updates = await changeUntil(api, () => stuck.closed);
  assert.ok(updates < UPDATES_MAX, "the watch goes on");
  const other = session.request({ ":path": "/api/v1/namespaces/default/configmaps?limit=1" });
  other.resume();
  const [answered] = await once(other, "response");
  assert.equal(answered[":status"], 200);
});
