import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../testing/pods.testing.ts";
import { parseResolvConf, podDns } from "./pod-dns.ts";

const node = parseResolvConf("# by hand\nnameserver 192.0.2.53\nsearch home.example .\noptions edns0 ndots:2\n");

test("search domains are read without the dot at their end", () => {
  assert.deepEqual(parseResolvConf("search a.example\nsearch home.example. . corp.example").searches, [
    "home.example",
    "corp.example",
  ]);
});

test("a resolv.conf is read as the resolver reads it", () => {
  assert.deepEqual(node, { servers: ["192.0.2.53"], searches: ["home.example"], options: ["edns0", "ndots:2"] });
});

const cases: { name: string; spec: Draft<Pod["spec"]>; want: string }[] = [
  {
    name: "ClusterFirst",
    spec: {},
    want: "10.96.0.10 | shop.svc.cluster.local svc.cluster.local cluster.local home.example | ndots:5",
  },
  { name: "Default is the node's", spec: { dnsPolicy: "Default" }, want: "192.0.2.53 | home.example | edns0 ndots:2" },
  { name: "on the node's network too", spec: { hostNetwork: true }, want: "192.0.2.53 | home.example | edns0 ndots:2" },
  {
    name: "but for ClusterFirstWithHostNet",
    spec: { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" },
    want: "10.96.0.10 | shop.svc.cluster.local svc.cluster.local cluster.local home.example | ndots:5",
  },
  {
    name: "None is only what the pod says",
    spec: {
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["192.0.2.1"], searches: ["a.example"], options: [{ name: "rotate" }] },
    },
    want: "192.0.2.1 | a.example | rotate",
  },
  {
    name: "dnsConfig is added, options replaced by name",
    spec: { dnsConfig: { nameservers: ["192.0.2.1"], options: [{ name: "ndots", value: "1" }] } },
    want: "10.96.0.10 192.0.2.1 | shop.svc.cluster.local svc.cluster.local cluster.local home.example | ndots:1",
  },
  {
    name: "an option with an empty value has none",
    spec: { dnsConfig: { options: [{ name: "edns0", value: "" }] } },
    want: "10.96.0.10 | shop.svc.cluster.local svc.cluster.local cluster.local home.example | ndots:5 edns0",
  },
];

for (const { name, spec, want } of cases) {
  test(`podDns: ${name}`, () => {
    const dns = podDns(testPod(spec), { node, clusterDNS: ["10.96.0.10"], clusterDomain: "cluster.local" });
    assert.deepEqual(dns.problems, []);
    assert.equal([dns.servers, dns.searches, dns.options].map((part) => part.join(" ")).join(" | "), want);
  });
}

const CLUSTER = ["shop.svc.cluster.local", "svc.cluster.local", "cluster.local", "home.example"];
const long = (length: number) => "a".repeat(length);
const searchLine = (...searches: string[]) =>
  `DNSConfigForming: Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(" ")}`;

const limits: {
  name: string;
  spec: Draft<Pod["spec"]>;
  clusterDNS?: string[];
  servers?: string[];
  searches?: string[];
  want: string[];
}[] = [
  {
    name: "a fourth name server is left out",
    spec: { dnsConfig: { nameservers: ["192.0.2.1", "192.0.2.2", "192.0.2.3"] } },
    servers: ["10.96.0.10", "192.0.2.1", "192.0.2.2"],
    want: [
      "DNSConfigForming: Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 192.0.2.1 192.0.2.2",
    ],
  },
  {
    name: "a name server that is there twice is no fourth one",
    spec: { dnsConfig: { nameservers: ["192.0.2.1", "10.96.0.10", "192.0.2.2"] } },
    servers: ["10.96.0.10", "192.0.2.1", "192.0.2.2"],
    want: [],
  },
  {
    name: "a 33rd search domain is left out",
    spec: { dnsConfig: { searches: Array.from({ length: 29 }, (_, i) => `d${i}`) } },
    searches: [...CLUSTER, ...Array.from({ length: 28 }, (_, i) => `d${i}`)],
    want: [searchLine(...CLUSTER, ...Array.from({ length: 28 }, (_, i) => `d${i}`))],
  },
  {
    name: "a search domain of more than 253 characters is left out, and others behind it are not",
    spec: { dnsConfig: { searches: [long(254), long(253)] } },
    searches: [...CLUSTER, long(253)],
    want: [searchLine(...CLUSTER, long(253))],
  },
  {
    name: "search domains of more than 2,048 characters together are cut at the end",
    spec: { dnsConfig: { searches: Array.from({ length: 9 }, (_, i) => `${i}${long(249)}`) } },
    searches: [...CLUSTER, ...Array.from({ length: 7 }, (_, i) => `${i}${long(249)}`)],
    want: [searchLine(...CLUSTER, ...Array.from({ length: 7 }, (_, i) => `${i}${long(249)}`))],
  },
  {
    name: "without a DNS server of the cluster the node's are taken",
    spec: {},
    clusterDNS: [],
    servers: ["192.0.2.53"],
    searches: ["home.example"],
    want: [
      'MissingClusterDNS: pod: "web_shop(uid-1)". kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.',
    ],
  },
];

for (const { name, spec, clusterDNS = ["10.96.0.10"], servers = ["10.96.0.10"], searches = CLUSTER, want } of limits) {
  test(`podDns: ${name}`, () => {
    const dns = podDns(testPod(spec), { node, clusterDNS, clusterDomain: "cluster.local" });
    assert.deepEqual([dns.servers, dns.searches], [servers, searches]);
    assert.deepEqual(
      dns.problems.map(({ reason, message }) => `${reason}: ${message}`),
      want,
    );
  });
}
