import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { TestContext } from "node:test";
import { createFakeApi } from "@fairlead/client/fake-api.testing";
import { createClient } from "@fairlead/client/rest/rest-client";
import { systemClock } from "@fairlead/lib/clock";
import { type Logger, silentLogger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import type { Upstream } from "./forward/upstream.ts";
import { startDns } from "./start-dns.ts";
import { answersOf, decodeResponse } from "./wire/decode-message.ts";
import { encodeQuery } from "./wire/encode-message.ts";
import { rcodes, recordTypes } from "./wire/message.ts";

export const sliceBase = "/apis/discovery.k8s.io/v1/namespaces";
export const OWN_SLICE = `${sliceBase}/kube-system/endpointslices/kube-dns-node-1`;

/** An API with one Service and a headless one, and a server that follows it on a free port of loopback. */
export async function startTestDns(
  t: TestContext,
  upstreams: readonly Upstream[] = [],
  {
    hasNode = true,
    metricsPort = false,
    metrics,
    log = silentLogger,
  }: { hasNode?: boolean; metricsPort?: number | false; metrics?: Metrics; log?: Logger } = {},
) {
  const api = createFakeApi();
  api.put("/api/v1/namespaces/shop", { metadata: {} });
  if (hasNode) api.put("/api/v1/nodes/node-1", { metadata: {} });
  service("web", {
    clusterIP: "10.96.0.20",
    clusterIPs: ["10.96.0.20"],
    ports: [{ name: "http", protocol: "TCP", port: 80 }],
  });
  service("db", { clusterIP: "None", clusterIPs: ["None"] });
  slice("db-1", "db", ["10.244.0.5", "10.244.0.6"]);

  function service(name: string, spec: object): void {
    api.put(`/api/v1/namespaces/shop/services/${name}`, {
      metadata: { namespace: "shop" },
      spec: { type: "ClusterIP", ...spec },
    });
  }
  function slice(name: string, of: string, addresses: readonly string[]): void {
    api.put(`${sliceBase}/shop/endpointslices/${name}`, {
      metadata: { namespace: "shop", labels: { "kubernetes.io/service-name": of } },
      addressType: "IPv4",
      ports: [],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    });
  }

  const port = await freePort();
  const dns = await startDns({
    client: createClient(api),
    nodeName: "node-1",
    listen: [{ address: "127.0.0.1", port }],
    advertiseAddress: "172.30.0.1",
    upstreams,
    metricsPort,
    metrics,
    log,
    clock: systemClock,
  });
  t.after(() => dns.stop());
  return { api, dns, port, service, slice };
}

/** One that is free for UDP and TCP: others take ports of one of them at any time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const udp = createSocket("udp4");
    udp.bind(0, "127.0.0.1");
    await once(udp, "listening");
    const { port } = udp.address();
    const tcp = createServer().listen(port, "127.0.0.1");
    const isFree = await once(tcp, "listening").then(
      () => true,
      () => false,
    );
    udp.close();
    if (!isFree) continue;
    tcp.close();
    await once(tcp, "close");
    return port;
  }
}

export async function askUdp(port: number, query: Uint8Array): Promise<Uint8Array> {
  const socket = createSocket("udp4");
  socket.send(query, port, "127.0.0.1");
  const [bytes] = await once(socket, "message");
  socket.close();
  return bytes;
}

export async function askTcp(port: number, query: Uint8Array): Promise<Uint8Array> {
  const socket = connect(port, "127.0.0.1");
  socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 0xff]), query]));
  let received = Buffer.alloc(0);
  for await (const data of socket) {
    received = Buffer.concat([received, data]);
    if (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) break;
  }
  return new Uint8Array(received.subarray(2));
}

export async function look(
  port: number,
  name: string,
  type: keyof typeof recordTypes = "A",
  ask = askUdp,
): Promise<string[]> {
  const bytes = await ask(port, encodeQuery(77, { name, type: recordTypes[type], class: 1 }));
  const { id, rcode } = decodeResponse(bytes);
  assert.equal(id, 77);
  const answers = answersOf(bytes).map((r) => ("address" in r ? r.address : "target" in r ? r.target : r.type));
  return answers.length > 0
    ? answers.toSorted()
    : [Object.keys(rcodes).find((n) => rcodes[n as keyof typeof rcodes] === rcode) ?? ""];
}
