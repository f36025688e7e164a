/** Ports forwarded through an API server and a kubelet's endpoint, behind which pods are servers of this machine. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, type TestContext, test } from "node:test";
import { serviceKind } from "../../src/api/core/v1/service/service.ts";
import { endpointSliceKind } from "../../src/api/discovery/v1/endpointslice/endpointslice.ts";
import type { Client } from "../../src/client/client.ts";
import { kubeconfigServer } from "../../src/client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../../src/client/rest/rest-client.ts";
import { createHttpsTransport } from "../../src/client/transport/https-transport.ts";
import { openPodConnection } from "../../src/forward/pod-connections.ts";
import { startForward } from "../../src/forward/start-forward.ts";
import { parseForwards } from "../../src/forward/target.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { type ProcessRuntime, startProcessRuntime } from "./process-runtime.testing.ts";
import { type StreamingCluster, startStreamingCluster } from "./streaming-cluster.testing.ts";

const LIMIT = { timeout: 240_000 };
let cluster: StreamingCluster;
let node: ProcessRuntime;
let client: Client;
const started = new AsyncDisposableStack();
before(async () => {
  node = started.use(await startProcessRuntime(["cat"]));
  cluster = started.use(await startStreamingCluster(node));
  const transport = createHttpsTransport(await kubeconfigServer(cluster.kubeconfig));
  started.defer(() => transport.close());
  client = createClient(transport);
});
after(() => started.disposeAsync());

/** A server in the place of a pod's. What is left of it ends with the test. */
async function startPodServer(t: TestContext, onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    onConnection(socket.on("error", () => {}));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port without a listener. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

interface Endpoint {
  readonly pod: string;
  readonly port: number;
  readonly ready?: boolean;
}

let services = 0;

/** A Service whose port `http` (80) is another one in each pod. Answers its name. */
async function makeService(endpoints: readonly Endpoint[], more: object = {}): Promise<string> {
  const name = `service-${++services}`;
  const ports = [{ name: "http", port: 80, protocol: "TCP" as const }];
  await client.create(serviceKind, { metadata: { namespace: "default", name }, spec: { ports, ...more } });
  await setEndpoints(name, endpoints);
  return name;
}

async function setEndpoints(service: string, endpoints: readonly Endpoint[]): Promise<void> {
  const key = { namespace: "default" };
  const labels = { "kubernetes.io/service-name": service };
  const { items } = await client.list(endpointSliceKind, {
    ...key,
    labelSelector: `kubernetes.io/service-name=${service}`,
  });
  for (const { metadata } of items) await client.delete(endpointSliceKind, { ...key, name: metadata.name });
  for (const { pod, port, ready = true } of endpoints) {
    await client.create(endpointSliceKind, {
      metadata: { ...key, generateName: `${service}-`, labels },
      addressType: "IPv4",
      ports: [{ name: "http", port, protocol: "TCP" }],
      endpoints: [
        {
          addresses: ["192.0.2.1"],
          conditions: { ready },
          targetRef: { kind: "Pod", namespace: "default", name: pod },
        },
      ],
    });
  }
}

/** Forwards what the words say; answers the ports of this machine, and the lines about trouble. */
async function forward(t: TestContext, words: string, more: { random?: () => number; apiWaitMs?: number } = {}) {
  const forwards = parseForwards(words.split(" "), "default");
  assert.ok(typeof forwards !== "string", String(forwards));
  const server = await kubeconfigServer(cluster.kubeconfig);
  const lines: string[] = [];
  const troubles: string[] = [];
  const running = await startForward({
    client,
    open: (backend) => openPodConnection(server, backend),
    forwards,
    addresses: ["127.0.0.1"],
    onListening: (line) => lines.push(line),
    onTrouble: (line) => troubles.push(line),
    clock: systemClock,
    random: Math.random,
    ...more,
  });
  t.after(() => running.stop());
  const ports = lines.map((line) => Number(/127\.0\.0\.1:(\d+) ->/.exec(line)?.[1]));
  return { lines, troubles, ports, port: ports[0] ?? 0, running };
}

/** Sends the text, and nothing more, and answers what comes back. */
async function ask(port: number, question: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end(question);
  return await text(socket);
}

/** How a connection over which nothing is sent ends: `end`, or the error's code. */
async function endOf(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  return await new Promise((resolve) => {
    socket.resume().once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once("end", () => resolve("end"));
  });
}

const named = (name: string) => (socket: Socket) => void socket.end(name);

test("each connection goes to a pod that is chosen when it begins, by its own port", LIMIT, async (t) => {
  const web = await startPodServer(t, named("web"));
  const pair = await startPodServer(t, named("pair"));
  const service = await makeService([
    { pod: "web", port: web },
    { pod: "pair", port: pair },
  ]);
  const turns = [0, 0.5, 0.99, 0];
  const { port, lines, troubles } = await forward(t, `svc/${service} :http`, { random: () => turns.shift() ?? 0 });
  assert.match(lines.join("\n"), new RegExp(`^Forwarding from 127\\.0\\.0\\.1:${port} -> ${service}:http$`));
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await ask(port, ""));
  assert.deepEqual(new Set(answers), new Set(["web", "pair"]));
  assert.equal(answers[1], answers[2]);
  assert.deepEqual(troubles, []);
});

test("a client may end its half and still gets the whole answer", LIMIT, async (t) => {
  const web = await startPodServer(t, (socket) => {
    void text(socket).then((question) => socket.end(`${question.length} bytes`.repeat(100_000)));
  });
  const service = await makeService([{ pod: "web", port: web }]);
  const { port } = await forward(t, `svc/${service} :80`);
  assert.equal(await ask(port, "x".repeat(1_000_000)), "1000000 bytes".repeat(100_000));
});

test("a pod may end its half and still gets the rest", LIMIT, async (t) => {
  const { promise: got, resolve } = Promise.withResolvers<string>();
  const web = await startPodServer(t, (socket) => {
    socket.end("first");
    resolve(text(socket));
  });
  const { port } = await forward(t, `pod/web :${web}`);
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  assert.equal(await text(socket), "first");
  socket.end("then this");
  assert.equal(await got, "then this");
});

test("a pod that refuses is passed over, and the next one gets what the client has sent", LIMIT, async (t) => {
  const web = await startPodServer(t, (socket) => void socket.pipe(socket));
  const service = await makeService([
    { pod: "pair", port: await closedPort() },
    { pod: "gone", port: 80 },
    { pod: "web", port: web },
  ]);
  const { port, troubles } = await forward(t, `svc/${service} :80`, { random: () => 0 });
  assert.equal(await ask(port, "echo"), "echo");
  assert.deepEqual(troubles, []);
});

test("endpoints come and go while the port is forwarded", LIMIT, async (t) => {
  const [web, pair] = [await startPodServer(t, named("web")), await startPodServer(t, named("pair"))];
  const service = await makeService([{ pod: "web", port: web }]);
  const { port, troubles } = await forward(t, `svc/${service} :80`);
  assert.equal(await ask(port, ""), "web");
  await setEndpoints(service, [{ pod: "web", port: web, ready: false }]);
  assert.equal(await endOf(port), "ECONNRESET");
  assert.deepEqual(troubles, [`Cannot forward a connection to service/${service} port 80: no ready endpoint`]);
  await setEndpoints(service, [{ pod: "pair", port: pair }]);
  assert.equal(await ask(port, ""), "pair");
});

test("where every pod refuses, the client is reset at once and the line says which", LIMIT, async (t) => {
  const service = await makeService([{ pod: "web", port: await closedPort() }]);
  const { port, troubles } = await forward(t, `svc/${service} :80`);
  assert.equal(await endOf(port), "ECONNRESET");
  assert.deepEqual(troubles, [
    `Cannot forward a connection to service/${service} port 80: pod web: connection refused`,
  ]);
});

test("with session affinity a client stays with its pod", LIMIT, async (t) => {
  const [web, pair] = [await startPodServer(t, named("web")), await startPodServer(t, named("pair"))];
  const endpoints = [
    { pod: "web", port: web },
    { pod: "pair", port: pair },
  ];
  const service = await makeService(endpoints, { sessionAffinity: "ClientIP" });
  const turns = [0, 0.99, 0.5, 0];
  const { port } = await forward(t, `svc/${service} :80`, { random: () => turns.shift() ?? 0.99 });
  const first = await ask(port, "");
  for (let i = 0; i < 3; i++) assert.equal(await ask(port, ""), first);
});

test("a client that does not read holds up no other", LIMIT, async (t) => {
  const web = await startPodServer(t, (socket) => {
    socket.once(
      "data",
      (question) => void socket.end(question.toString() === "much" ? "x".repeat(8_000_000) : "little"),
    );
  });
  const { port } = await forward(t, `pod/web :${web}`);
  const slow = connect(port, "127.0.0.1").pause();
  slow.write("much");
  await once(slow, "readable");
  assert.equal(await ask(port, "little"), "little");
  assert.equal((await text(slow)).length, 8_000_000);
});

test("a connection that breaks on the way is reset, not ended", LIMIT, async (t) => {
  const { promise: connected, resolve } = Promise.withResolvers<Socket>();
  const web = await startPodServer(t, (socket) => {
    socket.write("half of");
    resolve(socket);
  });
  const { port, troubles } = await forward(t, `pod/web :${web}`);
  const socket = connect(port, "127.0.0.1");
  await once(socket, "data");
  const end = new Promise((done) => socket.once("error", (error: NodeJS.ErrnoException) => done(error.code)));
  (await connected).resetAndDestroy();
  node.breakSessions();
  assert.equal(await end, "ECONNRESET");
  assert.match(troubles.join("\n"), /^Cannot forward a connection to pod\/web port \d+: pod web: /);
});

test("several targets and ports at once", LIMIT, async (t) => {
  const [web, pair] = [await startPodServer(t, named("web")), await startPodServer(t, named("pair"))];
  const service = await makeService([{ pod: "pair", port: pair }]);
  const { ports } = await forward(t, `pod/web :${web} 0:${web} default/svc/${service} :http`);
  assert.equal(new Set(ports).size, 3);
  assert.deepEqual(await Promise.all(ports.map((port) => ask(port, ""))), ["web", "web", "pair"]);
});

test("what is not there is refused before anything listens", LIMIT, async (t) => {
  const service = await makeService([]);
  await assert.rejects(forward(t, "svc/none :80"), { name: "StatusError", message: 'services "none" not found' });
  await assert.rejects(forward(t, "pod/none :80"), { message: 'pods "none" not found' });
  await assert.rejects(forward(t, `svc/${service} :81`), { message: /it has no TCP port 81; it has 80 \(http\)$/ });
  await assert.rejects(forward(t, "pod/web"), { message: /it names no TCP port; name one$/ });
  const taken = await startPodServer(t, named("mine"));
  await assert.rejects(forward(t, `svc/${service} ${taken}:80`), {
    message: new RegExp(`^Cannot listen on port ${taken} of 127\\.0\\.0\\.1: something listens there`),
  });
});

test("when it is stopped, its ports are free and its connections are over", LIMIT, async (t) => {
  const web = await startPodServer(t, (socket) => void socket.write("hello"));
  const { port, running } = await forward(t, `pod/web :${web}`);
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  await once(socket, "data");
  const closed = once(socket, "close");
  await running.stop();
  await closed;
  assert.equal(await endOf(port), "ECONNREFUSED");
});
