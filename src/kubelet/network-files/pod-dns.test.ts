import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../testing/pods.testing.ts";
import { parseResolvConf, podDns } from "./pod-dns.ts";

const node = parseResolvConf("# by hand\nnameserver 192.0.2.53\nsearch home.example .\noptions edns0 ndots:2\n");

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
];

for (const { name, spec, want } of cases) {
  test(`podDns: ${name}`, () => {
    const dns = podDns(testPod(spec), { node, clusterDNS: ["10.96.0.10"], clusterDomain: "cluster.local" });
    assert.equal([dns.servers, dns.searches, dns.options].map((part) => part.join(" ")).join(" | "), want);
  });
}
