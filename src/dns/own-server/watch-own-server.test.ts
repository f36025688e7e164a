import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { createFakeApi } from "@fairlead/client/fake-api.testing";
import { createClient } from "@fairlead/client/rest/rest-client";
import { systemClock } from "@fairlead/lib/clock";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { watchOwnServer } from "./watch-own-server.ts";

const PATH = "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices/kube-dns-node-1";

/** Somebody who listens where a DNS server would, and its slice. */
async function start(port = 0) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    sockets,
    port: (server.address() as AddressInfo).port,
    async kill() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

const sliceOf = (port: number, ready: boolean) => ({
  metadata: { namespace: "kube-system" },
  addressType: "IPv4",
  ports: [{ name: "dns-tcp", protocol: "TCP", port }],
  endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready }, nodeName: "node-1" }],
});

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await settle();
}

test("a server that dies is taken out of its Service, and its connection is held again when it is back", async (t) => {
  const api = createFakeApi();
  const server = await start();
  api.put(PATH, sliceOf(server.port, true));
  const isReady = async () => {
    const { body } = await api.send({ method: "GET", path: PATH, headers: {} });
    let text = "";
    for await (const piece of body) text += new TextDecoder().decode(piece);
    return JSON.parse(text).endpoints[0].conditions.ready as boolean;
  };
  const watch = watchOwnServer({
    client: createClient(api),
    nodeName: "node-1",
    log: silentLogger,
    clock: systemClock,
  });
  t.after(() => watch.stop());

  await until(() => server.sockets.size === 1);
  for (const socket of server.sockets) socket.end();
  await until(() => server.sockets.size === 1);
  assert.equal(await isReady(), true, "a connection that is idle for too long says nothing");

  await server.kill();
  await until(async () => !(await isReady()));

  const back = await start(server.port);
  t.after(() => back.kill());
  api.put(PATH, sliceOf(server.port, true));
  await until(() => back.sockets.size === 1);
  assert.equal(await isReady(), true);
});

test("a server that takes no more connections is not asked for one without a pause", async (t) => {
  const api = createFakeApi();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  api.put(PATH, sliceOf((server.address() as AddressInfo).port, true));
  const clock = createFakeClock();
  const watch = watchOwnServer({ client: createClient(api), nodeName: "node-1", log: silentLogger, clock });
  t.after(() => watch.stop());
  await until(() => connections > 0);
  for (let i = 0; i < 50; i++) await settle();
  assert.equal(connections, 1);
  await clock.advance(100);
  await until(() => connections === 2);
});

test("connections that have ended are not held in memory by what would have ended them", async (t) => {
  const made: AbortSignal[] = [];
  const { any } = AbortSignal;
  t.mock.method(AbortSignal, "any", (signals: AbortSignal[]) => {
    const signal = any.call(AbortSignal, signals);
    made.push(signal);
    return signal;
  });
  const api = createFakeApi();
  const server = await start();
  t.after(() => server.kill());
  api.put(PATH, sliceOf(server.port, true));
  const clock = createFakeClock();
  const watch = watchOwnServer({ client: createClient(api), nodeName: "node-1", log: silentLogger, clock });
  t.after(() => watch.stop());
  await until(() => server.sockets.size === 1);
  made.length = 0; // Those of the watch on the slice, which lasts.
  for (let i = 0; i < 3; i++) {
    await until(() => server.sockets.size === 1);
    const last = made.length;
    for (const socket of server.sockets) socket.end();
    await until(() => server.sockets.size === 0);
    for (; made.length === last; await settle()) await clock.advance(100);
  }
  const listeners = made.slice(0, -1).map((signal) => getEventListeners(signal, "abort").length);
  assert.deepEqual(listeners, [0, 0]);
});
