import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { createClient } from "@fairlead/client/rest/rest-client";
import { systemClock } from "@fairlead/lib/clock";
import { settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import { startFakeUpstream } from "./forward/upstream.testing.ts";
import { askTcp, askUdp, freePort, look, OWN_SLICE, startTestDns } from "./start-dns.testing.ts";
import { startDns } from "./start-dns.ts";
import { answersOf, decodeResponse } from "./wire/decode-message.ts";
import { encodeQuery } from "./wire/encode-message.ts";
import type { DnsRecord } from "./wire/message.ts";
import { rcodes, recordTypes } from "./wire/message.ts";

test("the cluster's names are answered over UDP and TCP, again and again", async (t) => {
  const { port } = await startTestDns(t);
  for (const ask of [askUdp, askUdp, askTcp]) {
    assert.deepEqual(await look(port, "web.shop.svc.cluster.local", "A", ask), ["10.96.0.20"]);
    assert.deepEqual(await look(port, "db.shop.svc.cluster.local", "A", ask), ["10.244.0.5", "10.244.0.6"]);
    assert.deepEqual(await look(port, "nobody.shop.svc.cluster.local", "A", ask), ["NXDOMAIN"]);
    assert.deepEqual(await look(port, "20.0.96.10.in-addr.arpa", "PTR", ask), ["web.shop.svc.cluster.local"]);
  }
});

test("clients that take the first address are spread", async (t) => {
  const { port } = await startTestDns(t);
  const first = new Set<string>();
  for (let i = 0; i < 4; i++) {
    const [answer] = answersOf(
      await askUdp(port, encodeQuery(i, { name: "db.shop.svc.cluster.local", type: 1, class: 1 })),
    );
    if (answer?.type === "A") first.add(answer.address);
  }
  assert.equal(first.size, 2);
});

test("what changes in the API is answered", async (t) => {
  const { api, port, service, slice } = await startTestDns(t);
  assert.deepEqual(await look(port, "new.shop.svc.cluster.local"), ["NXDOMAIN"]);
  service("new", { clusterIP: "10.96.0.21", clusterIPs: ["10.96.0.21"] });
  slice("db-1", "db", ["10.244.0.6"]);
  slice("db-2", "db", ["10.244.1.7"]);
  api.remove("/api/v1/namespaces/shop/services/web");
  await settle();
  assert.deepEqual(await look(port, "new.shop.svc.cluster.local"), ["10.96.0.21"]);
  assert.deepEqual(await look(port, "db.shop.svc.cluster.local"), ["10.244.0.6", "10.244.1.7"]);
  assert.deepEqual(await look(port, "web.shop.svc.cluster.local"), ["NXDOMAIN"]);
  slice("db-2", "new", ["10.244.1.7"]);
  await settle();
  assert.deepEqual(await look(port, "db.shop.svc.cluster.local"), ["10.244.0.6"], "a slice may change hands");
});

test("names outside are refused without an upstream, and relayed with one", async (t) => {
  const { port: alone } = await startTestDns(t);
  assert.deepEqual(await look(alone, "example.com"), ["REFUSED"]);
  assert.deepEqual(await look(alone, "9.9.9.9.in-addr.arpa", "PTR"), ["REFUSED"]);
  const addresses = Array.from({ length: 100 }, (_, i) => `192.0.2.${i}`);
  await using upstream = await startFakeUpstream(({ question: { name } }) => ({
    rcode: name === "none.example" ? "NXDOMAIN" : "NOERROR",
    authoritative: false,
    answers: (name === "many.example" ? addresses : name === "none.example" ? [] : ["192.0.2.1"]).map(
      (address): DnsRecord => ({ name, ttlSeconds: 9, type: "A", address }),
    ),
  }));
  const { port, service } = await startTestDns(t, [upstream]);
  assert.deepEqual(await look(port, "www.example"), ["192.0.2.1"]);
  assert.deepEqual(await look(port, "none.example"), ["NXDOMAIN"]);
  assert.deepEqual(await look(port, "many.example"), ["NOERROR"], "cut, and to be asked again over TCP");
  assert.equal((await look(port, "many.example", "A", askTcp)).length, 100);
  service("outside", { type: "ExternalName", externalName: "www.example" });
  service("alias", { type: "ExternalName", externalName: "web.shop.svc.cluster.local" });
  service("circle", { type: "ExternalName", externalName: "circle.shop.svc.cluster.local" });
  await settle();
  assert.deepEqual(await look(port, "outside.shop.svc.cluster.local"), ["192.0.2.1", "www.example"]);
  assert.deepEqual(await look(port, "alias.shop.svc.cluster.local"), ["10.96.0.20", "web.shop.svc.cluster.local"]);
  assert.deepEqual(await look(port, "circle.shop.svc.cluster.local"), ["SERVFAIL"]);
});

test("the cluster's names are authoritative, an alias that leads elsewhere too; the world's names are not", async (t) => {
  await using upstream = await startFakeUpstream(({ question: { name } }) => ({
    rcode: "NOERROR",
    authoritative: false,
    answers: [{ name, ttlSeconds: 9, type: "A", address: "192.0.2.1" }],
  }));
  const { port, service } = await startTestDns(t, [upstream]);
  service("outside", { type: "ExternalName", externalName: "www.example" });
  await settle();
  const isAuthoritative = async (name: string) => {
    const response = await askUdp(port, encodeQuery(1, { name, type: recordTypes.A, class: 1 }));
    return ((response[2] ?? 0) & 0x04) !== 0;
  };
  assert.equal(await isAuthoritative("web.shop.svc.cluster.local"), true);
  assert.equal(await isAuthoritative("outside.shop.svc.cluster.local"), true);
  assert.equal(await isAuthoritative("www.example"), false);
});

test("a client without EDNS gets an answer without it, in its own spelling", async (t) => {
  await using upstream = await startFakeUpstream(({ question: { name } }) => ({
    rcode: "NOERROR",
    authoritative: false,
    answers: [{ name, ttlSeconds: 9, type: "A", address: "192.0.2.1" }],
  }));
  const { port } = await startTestDns(t, [upstream]);
  for (const name of ["WWW.Example", "WEB.shop.svc.cluster.local"]) {
    const query = encodeQuery(1, { name, type: 1, class: 1 }).slice(0, -11);
    query[11] = 0;
    const bytes = await askUdp(port, query);
    assert.deepEqual([...bytes.subarray(12, query.length)], [...query.subarray(12)], name);
    assert.equal(new DataView(bytes.buffer, bytes.byteOffset).getUint16(10), 0, "no additional record");
    assert.equal(answersOf(bytes).length, 1);
  }
});

const oddities: { name: string; bytes: number[]; want: number }[] = [
  { name: "nonsense is a format error", bytes: [0, 77, 1, 0, 0, 9, 0, 0, 0, 0, 0, 0], want: rcodes.FORMERR },
  {
    name: "another operation is not implemented",
    bytes: [0, 77, 0x28, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1],
    want: rcodes.NOTIMP,
  },
];

for (const { name, bytes, want } of oddities) {
  test(`${name}, over UDP and TCP`, async (t) => {
    const { port } = await startTestDns(t);
    for (const ask of [askUdp, askTcp])
      assert.equal(decodeResponse(await ask(port, Uint8Array.from(bytes))).rcode, want);
  });
}

test("requests are counted on a port that the slice names", async (t) => {
  const metricsPort = await freePort();
  const { api, port } = await startTestDns(t, [], { metricsPort });
  await look(port, "web.shop.svc.cluster.local");
  await look(port, "web.shop.svc.cluster.local", "A", askTcp);
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const text = await response.text();
  for (const proto of ["udp", "tcp"]) {
    const labels = `server="dns://127.0.0.1:${port}",zone=".",view="",proto="${proto}",family="1",type="A"`;
    assert.ok(text.includes(`coredns_dns_requests_total{${labels}} 1\n`), text);
  }
  assert.match(text, /^coredns_dns_request_duration_seconds_bucket\{.*le="0.00025"\} \d$/m);
  const { own, until } = ownSliceIn(api);
  await until(async () => (await own()) !== undefined);
  assert.deepEqual((await own()).ports[2], { name: "metrics", protocol: "TCP", port: metricsPort });
});

test("a server that is started again goes on counting", async (t) => {
  const metrics = createMetrics();
  const first = await startTestDns(t, [], { metrics });
  await look(first.port, "web.shop.svc.cluster.local");
  await first.dns.stop();
  const second = await startTestDns(t, [], { metrics });
  await look(second.port, "web.shop.svc.cluster.local");
  const counted = [...metrics.text().matchAll(/^coredns_dns_requests_total\{server="([^"]+)".*\} (\d+)$/gm)];
  assert.deepEqual(
    counted.map(([, server, count]) => [server, count]),
    [first, second].map(({ port }) => [`dns://127.0.0.1:${port}`, "1"]),
  );
});

test("names are answered while another program has the port of the metrics", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const { port: metricsPort } = other.address() as AddressInfo;
  const { port } = await startTestDns(t, [], { metricsPort });
  assert.deepEqual(await look(port, "web.shop.svc.cluster.local"), ["10.96.0.20"]);
});

/** The server's own EndpointSlice, and waiting for what is to become of it. */
function ownSliceIn(api: Awaited<ReturnType<typeof startTestDns>>["api"]) {
  const own = async () => {
    const { status, body } = await api.send({ method: "GET", path: OWN_SLICE, headers: {} });
    let text = "";
    for await (const piece of body) text += new TextDecoder().decode(piece);
    return status === 200 ? JSON.parse(text) : undefined;
  };
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds())) await settle();
  };
  return { own, until };
}

test("the server lists itself, again when it is taken out, and as not ready when it stops", async (t) => {
  const { api, dns } = await startTestDns(t);
  const { own, until } = ownSliceIn(api);
  await until(async () => (await own()) !== undefined);
  const { metadata, endpoints, ports, addressType } = await own();
  assert.equal(addressType, "IPv4");
  assert.equal(metadata.labels["kubernetes.io/service-name"], "kube-dns");
  assert.equal(metadata.ownerReferences[0].kind, "Node");
  assert.deepEqual(endpoints, [
    {
      addresses: ["172.30.0.1"],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: "node-1",
      hints: { forNodes: [{ name: "node-1" }] },
    },
  ]);
  assert.deepEqual(
    ports.map((p: { name: string; protocol: string }) => `${p.name}/${p.protocol}`),
    ["dns/UDP", "dns-tcp/TCP"],
  );
  api.remove(OWN_SLICE);
  await until(async () => (await own()) !== undefined);
  await settle();
  await dns.stop();
  assert.equal((await own()).endpoints[0].conditions.ready, false);
});

test("the slice of a server that was there before its Node goes with the Node all the same", async (t) => {
  const { api } = await startTestDns(t, [], { hasNode: false });
  const { own, until } = ownSliceIn(api);
  await until(async () => (await own()) !== undefined);
  assert.equal((await own()).metadata.ownerReferences, undefined);
  api.put("/api/v1/nodes/node-1", { metadata: {} });
  await until(async () => (await own()).metadata.ownerReferences?.[0].name === "node-1");
  assert.equal((await own()).metadata.labels["kubernetes.io/service-name"], "kube-dns");
});

test("a server that stops before it has seen its Node leaves no slice behind", async (t) => {
  const { api, dns } = await startTestDns(t, [], { hasNode: false });
  const { own, until } = ownSliceIn(api);
  await until(async () => (await own()) !== undefined);
  await settle();
  await dns.stop();
  assert.equal(await own(), undefined);
});

test("an address that is taken is an error, and leaves nothing running", async (t) => {
  const { api, port } = await startTestDns(t);
  const second = startDns({
    client: createClient(api),
    nodeName: "node-2",
    listen: [{ address: "127.0.0.1", port }],
    advertiseAddress: "172.30.0.2",
    upstreams: [],
    metricsPort: false,
    log: silentLogger,
    clock: systemClock,
  });
  await assert.rejects(second, /EADDRINUSE/);
});

test("an alias whose target the upstream fails to find is no name without addresses", async (t) => {
  await using upstream = await startFakeUpstream(() => ({ rcode: "SERVFAIL", authoritative: false, answers: [] }));
  const { port, service } = await startTestDns(t, [upstream]);
  service("outside", { type: "ExternalName", externalName: "www.example" });
  await settle();
  const query = encodeQuery(1, { name: "outside.shop.svc.cluster.local", type: recordTypes.A, class: 1 });
  assert.equal(decodeResponse(await askUdp(port, query)).rcode, rcodes.SERVFAIL);
});

test("an alias whose labels no message can hold fails its own questions only", async (t) => {
  await using upstream = await startFakeUpstream(() => undefined);
  const { port, service } = await startTestDns(t, [upstream]);
  service("long", { type: "ExternalName", externalName: `${"a".repeat(64)}.example` });
  await settle();
  for (const ask of [askUdp, askTcp]) {
    for (const type of ["CNAME", "A"] as const) {
      assert.deepEqual(await look(port, "long.shop.svc.cluster.local", type, ask), ["SERVFAIL"]);
    }
    assert.deepEqual(await look(port, "web.shop.svc.cluster.local", "A", ask), ["10.96.0.20"]);
  }
});
