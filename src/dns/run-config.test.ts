import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { createLogger } from "@fairlead/lib/log";
import { until } from "@fairlead/lib/until.testing";
import { startFakeUpstream } from "./forward/upstream.testing.ts";
import { look, startTestDns } from "./start-dns.testing.ts";
import type { DnsRecord, Reply } from "./wire/message.ts";

const maps = "/api/v1/namespaces/kube-system/configmaps";
const CLUSTER =
  "kubernetes cluster.local in-addr.arpa ip6.arpa {\n pods insecure\n fallthrough in-addr.arpa ip6.arpa\n}";

/** An upstream that has one address for every name. */
const upstreamAt = (address: string) =>
  startFakeUpstream(({ question: { name } }): Reply => {
    const answers: DnsRecord[] = [{ name, ttlSeconds: 0, type: "A", address }];
    return { rcode: "NOERROR", authoritative: false, answers };
  });

/** A server that follows the ConfigMaps of a fake API, what it logs, and the events that it records. */
async function start(t: TestContext, upstreams: readonly { address: string; port: number }[] = []) {
  const lines: string[] = [];
  const log = createLogger((line) => lines.push(line.trimEnd().slice(25)));
  const server = await startTestDns(t, upstreams, { log });
  const put = (name: string, text: string, key = "Corefile") =>
    server.api.put(`${maps}/${name}`, { metadata: { namespace: "kube-system" }, data: { [key]: text } });
  const logged = (text: string) => until(`"${text}" in the log`, () => lines.find((line) => line.includes(text)));
  const inForce = async (from: string, times = 1) => {
    const isIt = (line: string) => line.includes(`Configuration in force from=${from}`);
    await until(`configuration of ${from}`, () => (lines.filter(isIt).length >= times ? true : undefined));
  };
  const events = () => {
    const { requests } = server.api;
    return requests.filter((request) => request.startsWith("POST") && request.includes("/events")).length;
  };
  return { ...server, lines, put, logged, inForce, events };
}

test("without a ConfigMap names of elsewhere go to the node's upstreams", async (t) => {
  await using node = await upstreamAt("192.0.2.1");
  const { port } = await start(t, [node]);
  assert.deepEqual(await look(port, "www.example"), ["192.0.2.1"]);
});

test("a stub zone is in force while the ConfigMap coredns has it, and fairlead-dns comes before it", async (t) => {
  await using node = await upstreamAt("192.0.2.1");
  await using stub = await upstreamAt("192.0.2.2");
  const { api, port, put, inForce } = await start(t, [node]);
  const corefile = (more: string) => `.:53 {\n${CLUSTER}\nforward . /etc/resolv.conf\n}\n${more}`;
  put("coredns", corefile(`corp.example:53 {\n forward . 127.0.0.1:${stub.port}\n}\n`));
  await inForce("kube-system/coredns");
  assert.deepEqual(await look(port, "db.corp.example"), ["192.0.2.2"]);
  assert.deepEqual(await look(port, "www.example"), ["192.0.2.1"]);
  assert.deepEqual(await look(port, "web.shop.svc.cluster.local"), ["10.96.0.20"]);

  put("fairlead-dns", corefile("corp.example {\n hosts {\n  192.0.2.3 db.corp.example\n }\n}\n"));
  await inForce("kube-system/fairlead-dns");
  assert.deepEqual(await look(port, "db.corp.example"), ["192.0.2.3"]);
  assert.deepEqual(await look(port, "x.corp.example"), ["SERVFAIL"]);

  api.remove(`${maps}/fairlead-dns`);
  await inForce("kube-system/coredns", 2);
  api.remove(`${maps}/coredns`);
  await inForce("default");
  assert.deepEqual(await look(port, "db.corp.example"), ["192.0.2.1"]);
});

test("a wrong Corefile is logged and recorded as an event, and the last good one stays in force", async (t) => {
  await using stub = await upstreamAt("192.0.2.2");
  const { port, put, inForce, logged, events } = await start(t);
  put("coredns", `. {\n${CLUSTER}\nforward . 127.0.0.1:${stub.port}\n}`);
  await inForce("kube-system/coredns");
  put("coredns", `. {\n${CLUSTER}\nforward . 127.0.0.1:1\nautopath\n}`);
  assert.match(
    await logged("stays in force"),
    /configMap=kube-system\/coredns problems="Corefile:7: plugin \\"autopath\\"/,
  );
  await until("an event", () => (events() > 0 ? true : undefined));
  assert.deepEqual(await look(port, "www.example"), ["192.0.2.2"]);
  put("coredns", "x", "corefile");
  await logged('has no key \\"Corefile\\"');
});

test("names are rewritten on the way to the cluster and to upstreams", async (t) => {
  await using stub = await upstreamAt("192.0.2.2");
  const { port, put, inForce } = await start(t);
  put(
    "coredns",
    `. {
      rewrite name old.example web.shop.svc.cluster.local
      rewrite name suffix .a.example .b.example answer auto
      ${CLUSTER}
      forward . 127.0.0.1:${stub.port}
    }`,
  );
  await inForce("kube-system/coredns");
  for (let times = 0; times < 2; times++) assert.deepEqual(await look(port, "old.example"), ["10.96.0.20"]);
  assert.deepEqual(await look(port, "www.a.example"), ["192.0.2.2"]);
  assert.deepEqual(stub.asked, ["udp www.b.example"]);
});

test("a name of no server block is refused", async (t) => {
  const { port, put, inForce } = await start(t);
  put("coredns", `cluster.local {\n${CLUSTER}\n}`);
  await inForce("kube-system/coredns");
  assert.deepEqual(await look(port, "www.example"), ["REFUSED"]);
});

test("queries are logged in CoreDNS's format once log is on", async (t) => {
  const { port, lines, put, inForce, logged } = await start(t);
  put("coredns", `. {\nlog . {\n class success\n}\n${CLUSTER}\n}`);
  await inForce("kube-system/coredns");
  for (const name of ["web.shop.svc.cluster.local", "web.shop.svc.cluster.local", "none.shop.svc.cluster.local"]) {
    await look(port, name);
  }
  const line = await logged("web.shop");
  const format =
    /^info {2}127\.0\.0\.1:\d+ - 77 "A IN web\.shop\.svc\.cluster\.local\. udp 55 false 1232" NOERROR qr,aa,rd,ra 71 [\d.e-]+s$/;
  assert.match(line, format);
  assert.equal(lines.filter((one) => format.test(one)).length, 2, "also when the answer was ready");
  assert.equal(lines.filter((one) => one.includes("none.shop")).length, 0);
});

test("an upstream that leads back is found, reported and asked no more", async (t) => {
  const { port, put, inForce, logged, events } = await start(t);
  // A resolver that passes every question on to the server.
  const relay = createSocket("udp4");
  relay.bind(0, "127.0.0.1");
  await once(relay, "listening");
  t.after(() => relay.close());
  relay.on("message", (bytes, { port: from }) => {
    const onward = createSocket("udp4");
    onward.on("message", (response) => {
      relay.send(response, from, "127.0.0.1");
      onward.close();
    });
    onward.send(bytes, port, "127.0.0.1");
  });
  put("coredns", `. {\n${CLUSTER}\nforward . 127.0.0.1:${relay.address().port}\nloop\n}`);
  await inForce("kube-system/coredns");
  assert.match(
    await logged("Forwarding loop detected"),
    new RegExp(`zone=\\. upstream=127.0.0.1:${relay.address().port}`),
  );
  await until("an event", () => (events() > 0 ? true : undefined));
  assert.deepEqual(await look(port, "www.example"), ["SERVFAIL"]);
});
