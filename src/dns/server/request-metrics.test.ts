import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "@fairlead/lib/metrics";
import { createNames } from "../names.ts";
import { testSettings } from "../settings.testing.ts";
import { encodeQuery } from "../wire/encode-message.ts";
import { recordTypes } from "../wire/message.ts";
import { type Listener, requestMetrics } from "./request-metrics.ts";
import { createResponder } from "./respond.ts";

const listener: Listener = { address: "10.0.0.1", port: 53, proto: "udp" };

/** A responder of the cluster's names and one upstream, whose answers take 3 ms each, as listener `of`. */
function start(of: Listener = listener) {
  const names = createNames("cluster.local");
  names.setNamespace("shop", true);
  const service = { namespace: "shop", headless: false, ports: [], endpoints: [] };
  names.setService("shop/web", { ...service, name: "web", addresses: ["10.96.0.20"], externalName: undefined });
  names.setService("shop/circle", {
    ...service,
    name: "circle",
    addresses: [],
    externalName: "circle.shop.svc.cluster.local",
  });
  let nowMs = 0;
  const metrics = createMetrics();
  const responder = createResponder({
    names,
    zone: { clusterDomain: "cluster.local", serverAddress: "10.96.0.10" },
    settings: testSettings(async ({ name, type }) => {
      if (name === "silent.example") return undefined;
      const response = encodeQuery(0, { name, type, class: 1 });
      response.set([0x81, name === "none.example" ? 3 : 0], 2);
      return response;
    }),
    serialBase: 0,
    clock: {
      monotonicMs() {
        nowMs += 3;
        return nowMs;
      },
    },
  });
  return { metrics, respond: responder({ proto: of.proto, requests: requestMetrics(metrics)(of) }) };
}

function query(name: string, type: number = recordTypes.A): Uint8Array {
  return encodeQuery(1, { name, type, class: 1 });
}

function changed(bytes: Uint8Array, ...changes: readonly { at: number; to: number }[]): Uint8Array {
  const copy = bytes.slice();
  for (const { at, to } of changes) copy[at < 0 ? copy.length + at : at] = to;
  return copy;
}

const WEB = "web.shop.svc.cluster.local";
const rows: {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly zone?: string;
  readonly type?: string;
  readonly rcode: string;
  readonly plugin?: string;
}[] = [
  { name: "a name of the cluster", bytes: query(WEB), rcode: "NOERROR", plugin: "kubernetes" },
  { name: "a type that a name lacks", bytes: query(WEB, 28), type: "AAAA", rcode: "NOERROR", plugin: "kubernetes" },
  { name: "a type without a label", bytes: query(WEB, 99), type: "other", rcode: "NOERROR", plugin: "kubernetes" },
  { name: "no such name", bytes: query("x.shop.svc.cluster.local"), rcode: "NXDOMAIN", plugin: "kubernetes" },
  { name: "a name elsewhere", bytes: query("www.example"), rcode: "NOERROR", plugin: "forward" },
  { name: "no such name elsewhere", bytes: query("none.example"), rcode: "NXDOMAIN", plugin: "forward" },
  { name: "silence of the upstreams", bytes: query("silent.example"), rcode: "SERVFAIL" },
  { name: "a circle of aliases", bytes: query("circle.shop.svc.cluster.local"), rcode: "SERVFAIL" },
  {
    name: "an unknown operation",
    bytes: changed(query(WEB), { at: 2, to: 0x28 }),
    zone: "dropped",
    type: "other",
    rcode: "NOTIMP",
  },
  { name: "a later EDNS", bytes: changed(query(WEB), { at: -5, to: 1 }), zone: "dropped", rcode: "BADVERS" },
  {
    name: "no question",
    bytes: changed(query(WEB), { at: 5, to: 0 }),
    zone: "dropped",
    type: "other",
    rcode: "FORMERR",
  },
];

for (const { name, bytes, zone = ".", type = "A", rcode, plugin = "" } of rows) {
  test(`requests are counted as by CoreDNS: ${name}`, async () => {
    const { metrics, respond } = start();
    const response = await respond(bytes);
    await respond(bytes);
    const text = metrics.text();
    const of = `server="dns://10.0.0.1:53",zone="${zone}",view=""`;
    for (const line of [
      `coredns_dns_requests_total{${of},proto="udp",family="1",type="${type}"} 2`,
      `coredns_dns_responses_total{${of},rcode="${rcode}",plugin="${plugin}"} 2`,
      `coredns_dns_request_duration_seconds_sum{${of}} 0.006`,
      `coredns_dns_request_size_bytes_sum{${of},proto="udp"} ${2 * bytes.length}`,
      `coredns_dns_response_size_bytes_sum{${of},proto="udp"} ${2 * (response?.length ?? 0)}`,
    ])
      assert.ok(text.includes(`${line}\n`), `${line} in\n${text}`);
    assert.ok(!/coredns_dns_do_requests_total\{/.test(text));
  });
}

test("listeners are counted apart, and clients that understand DNSSEC", async () => {
  const { metrics, respond } = start({ address: "fd00::1", port: 53, proto: "tcp" });
  await respond(changed(query(WEB), { at: -4, to: 0x80 }));
  const of = 'server="dns://[fd00::1]:53",zone=".",view=""';
  assert.ok(metrics.text().includes(`requests_total{${of},proto="tcp",family="2",type="A"} 1\n`));
  assert.ok(metrics.text().includes(`coredns_dns_do_requests_total{${of}} 1\n`));
});

test("a response, which gets no answer, is not counted", () => {
  const { metrics, respond } = start();
  assert.equal(respond(changed(query(WEB), { at: 2, to: 0x80 })), undefined);
  assert.ok(!metrics.text().includes("requests_total{"));
});
